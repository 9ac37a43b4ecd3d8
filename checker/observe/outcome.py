"""The three ways a check can end. Free of the cluster, so that grading can be tested without one.

A check returns an Outcome (passed), or raises a Refusal (failed: we looked, and it is not so),
or a CouldNotLook (unknown: we could not look). There is no fourth way and no verdict by number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.model import Evidence
from checker.texts import Text

PASSED = "passed"


@dataclass(frozen=True)
class Outcome:
    """Passed: the message to show and what was seen."""

    message_id: str = PASSED
    evidence: tuple[Evidence, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)


class Refusal(Exception):
    """Failed: we looked, and it is not so.

    `message_id` names a message of the task or a common one; `params` fills its placeholders.
    A wait ends early when the same refusal has lasted `settles` seconds; None: it may heal.
    """

    def __init__(
        self,
        message_id: str,
        params: Mapping[str, object] | None = None,
        evidence: tuple[Evidence, ...] = (),
        settles: float | None = None,
    ) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.params: dict[str, object] = dict(params or {})
        self.evidence = evidence
        self.settles = settles


class CouldNotLook(Exception):
    """Unknown: we could not look. `reason` says why, `todo` what the reader can do about it.

    It never costs a point. `evidence` holds what little was seen, and may be empty.
    """

    def __init__(self, reason: Text, todo: Text, evidence: tuple[Evidence, ...] = ()) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.todo = todo
        self.evidence = evidence
