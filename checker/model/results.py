"""What judging a lab gives: evidence, a result per task, a report. Data only: no input, no output.

`to_dict` gives what JSON can hold, `from_dict` takes it back; a report read back equals the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from checker.model.verdict import Verdict
from checker.texts import Text


def _text_to_dict(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _text_from_dict(data: Mapping[str, str]) -> Text:
    return Text(zh=data["zh"], en=data["en"])


@dataclass(frozen=True)
class Evidence:
    """What was expected, what was found, and the command that shows it to the learner.

    `found` may be text from the cluster: it is untrusted, as long as it came, and never translated.
    """

    expected: Text
    found: str
    command: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "expected": _text_to_dict(self.expected),
            "found": self.found,
            "command": self.command,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Evidence:
        """Take back what `to_dict` gave."""
        return cls(_text_from_dict(data["expected"]), data["found"], data["command"])


@dataclass(frozen=True)
class TaskResult:
    """One task's verdict. `number` is the task's place in its lab, from 1.

    `seconds` is how long the check took, `started_at` has a time zone.
    """

    task: str
    number: int
    title: Text
    verdict: Verdict
    message_id: str
    message: Text
    evidence: tuple[Evidence, ...]
    points: int
    seconds: float
    started_at: datetime

    @property
    def earned(self) -> int:
        """The task's points if it passed, else none."""
        return self.points if self.verdict is Verdict.passed else 0

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `earned` is written for readers, and worked out again on reading."""
        return {
            "task": self.task,
            "number": self.number,
            "title": _text_to_dict(self.title),
            "verdict": self.verdict.value,
            "message_id": self.message_id,
            "message": _text_to_dict(self.message),
            "evidence": [each.to_dict() for each in self.evidence],
            "points": self.points,
            "earned": self.earned,
            "seconds": self.seconds,
            "started_at": self.started_at.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TaskResult:
        """Take back what `to_dict` gave."""
        return cls(
            task=data["task"],
            number=data["number"],
            title=_text_from_dict(data["title"]),
            verdict=Verdict(data["verdict"]),
            message_id=data["message_id"],
            message=_text_from_dict(data["message"]),
            evidence=tuple(Evidence.from_dict(each) for each in data["evidence"]),
            points=data["points"],
            seconds=data["seconds"],
            started_at=datetime.fromisoformat(data["started_at"]),
        )


@dataclass(frozen=True)
class LabReport:
    """All results of one run over one workspace, in the order of the lab's tasks."""

    lab: str
    title: Text
    workspace: str
    results: tuple[TaskResult, ...]
    started_at: datetime
    seconds: float

    @property
    def verdict(self) -> Verdict:
        """One verdict for the run; a run that judged nothing is unknown."""
        return Verdict.of_all(result.verdict for result in self.results)

    @property
    def earned(self) -> int:
        """Points of the tasks that passed."""
        return sum(result.earned for result in self.results)

    @property
    def possible(self) -> int:
        """Points of all tasks that were run."""
        return sum(result.points for result in self.results)

    @property
    def undecided(self) -> int:
        """Points of the tasks that could not be checked: neither earned nor lost."""
        return sum(r.points for r in self.results if r.verdict is Verdict.unknown)

    def over(self, earlier: LabReport) -> LabReport:
        """This report; a task that it could not check keeps the verdict it had in `earlier`."""
        decided = {r.task: r for r in earlier.results if r.verdict is not Verdict.unknown}
        results = (
            decided.get(r.task, r) if r.verdict is Verdict.unknown else r for r in self.results
        )
        return replace(self, results=tuple(results))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; the sums are for readers, and worked out again on reading."""
        return {
            "lab": self.lab,
            "title": _text_to_dict(self.title),
            "workspace": self.workspace,
            "verdict": self.verdict.value,
            "earned": self.earned,
            "possible": self.possible,
            "undecided": self.undecided,
            "started_at": self.started_at.isoformat(),
            "seconds": self.seconds,
            "results": [result.to_dict() for result in self.results],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LabReport:
        """Take back what `to_dict` gave."""
        return cls(
            lab=data["lab"],
            title=_text_from_dict(data["title"]),
            workspace=data["workspace"],
            results=tuple(TaskResult.from_dict(each) for each in data["results"]),
            started_at=datetime.fromisoformat(data["started_at"]),
            seconds=data["seconds"],
        )
