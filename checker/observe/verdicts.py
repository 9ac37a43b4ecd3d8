"""`bench.passed` and `bench.failed`: how a check gives its verdict."""

from __future__ import annotations

from typing import NoReturn

from checker.observe.base import Base, seen
from checker.observe.clean import clean
from checker.observe.outcome import PASSED, Outcome, Refusal
from checker.texts import Text


class Verdicts(Base):
    """The two ends a check can choose; the third, "could not look", comes from the verbs."""

    def passed(
        self,
        found: object = "",
        command: str = "",
        expected: Text | None = None,
        message: str = PASSED,
        **params: object,
    ) -> Outcome:
        """What to return from a check when it is so. `found` may be text from the cluster."""
        return Outcome(message, seen(expected, clean(str(found)), command), params)

    def failed(
        self,
        message: str,
        expected: Text | None = None,
        found: object = "",
        command: str = "",
        settles: float | None = None,
        **params: object,
    ) -> NoReturn:
        """End the check: we looked and it is not so. Inside a wait it means "not so yet".

        `params` and `found` fill the message's placeholders; strings among them are cleaned.
        """
        raise refusal(message, expected, found, command, settles, **params)


def refusal(
    message: str,
    expected: Text | None = None,
    found: object = "",
    command: str = "",
    settles: float | None = None,
    **params: object,
) -> Refusal:
    """A Refusal with one piece of evidence, everything from the cluster made harmless."""
    given = {"found": str(found)} | params
    safe = {key: clean(value) if isinstance(value, str) else value for key, value in given.items()}
    return Refusal(message, safe, seen(expected, clean(str(found)), command), settles)
