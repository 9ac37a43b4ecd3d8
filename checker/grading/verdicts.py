"""How a check ended becomes a result: the one place where exceptions turn into verdicts.

| a check …                            | verdict | message                                 |
| ------------------------------------ | ------- | --------------------------------------- |
| returns an Outcome                   | passed  | its own                                 |
| raises Refusal                       | failed  | its own                                 |
| raises CouldNotLook or Trouble       | unknown | `not-observed`, with reason and cure    |
| returns anything else, raises others | unknown | `internal`, with what went wrong        |
| names a message it may not use       | unknown | `internal`                              |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checker.catalogue import Task
from checker.cluster import Busy
from checker.model import Evidence, Verdict
from checker.observe.outcome import CouldNotLook, Outcome, Refusal
from checker.texts import Text
from checker.trouble import Trouble


@dataclass(frozen=True)
class Finding:
    """A verdict with its message, not yet filled in, and its evidence."""

    verdict: Verdict
    message_id: str
    params: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


def settle(judge: Callable[[], object]) -> Finding:
    """Run a check and say how it ended. Raises nothing but what ends the program."""
    try:
        outcome = judge()
    except Refusal as refusal:
        return Finding(Verdict.failed, refusal.message_id, refusal.params, refusal.evidence)
    except CouldNotLook as blind:
        return not_observed(blind.reason, blind.todo, blind.evidence)
    except Busy as busy:
        return Finding(Verdict.unknown, "busy", {"holder": busy.holder})
    except Trouble as trouble:
        return not_observed(trouble.what, trouble.todo)
    except Exception as error:
        return internal(f"{type(error).__name__}: {error}")
    if not isinstance(outcome, Outcome):
        return internal(f"the check returned {outcome!r}")
    return Finding(Verdict.passed, outcome.message_id, outcome.params, outcome.evidence)


def not_observed(reason: Text, todo: Text, evidence: tuple[Evidence, ...] = ()) -> Finding:
    """We could not look: why, and what to do about it."""
    return Finding(Verdict.unknown, "not-observed", {"reason": reason, "todo": todo}, evidence)


def internal(error: str) -> Finding:
    """The check itself is at fault."""
    return Finding(Verdict.unknown, "internal", {"error": error})


def worded(task: Task, finding: Finding) -> tuple[Finding, Text]:
    """The finding with its message filled in.

    A message the task does not have, or one with a hole, is a fault of the check.
    """
    try:
        return finding, task.messages[finding.message_id].format(**finding.params)
    except (KeyError, IndexError, AttributeError, ValueError) as error:
        broken = internal(f"message `{finding.message_id}`: {error!r}")
        return broken, task.messages[broken.message_id].format(**broken.params)
