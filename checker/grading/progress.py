"""What a learner has passed and which hints were given, kept between two calls in `.podlab/`.

Losing it costs nothing but seeing a hint again, so a file that cannot be read counts as none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.catalogue import Lab, Task
from checker.model import LabReport, Verdict
from checker.paths import state_dir
from checker.texts import Text


@dataclass(frozen=True)
class Hint:
    """One hint; `number` of `of`, from 1. After the last one the last comes again."""

    task: Task
    number: int
    of: int
    text: Text


@dataclass
class Progress:
    """One workspace's progress. `hints` counts the hints given by task id."""

    file: Path
    passed: set[str] = field(default_factory=set)
    hints: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, cluster: str, namespace: str) -> Progress:
        """Read the progress of a workspace."""
        file = state_dir() / cluster / "progress" / f"{namespace}.json"
        try:
            data: Any = json.loads(file.read_text(encoding="utf-8"))
            return cls(file, set(data["passed"]), {k: int(v) for k, v in data["hints"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(file)

    def note(self, report: LabReport) -> None:
        """Remember the verdicts of a run; unknown ones change nothing."""
        for result in report.results:
            if result.verdict is Verdict.passed:
                self.passed.add(result.task)
            elif result.verdict is Verdict.failed:
                self.passed.discard(result.task)
        self._save()

    def next_hint(self, lab: Lab, name: str | int | None = None) -> Hint:
        """The next hint for a task, or for the first one not passed yet. Raises UnknownTask."""
        task = lab.task(name) if name is not None else self._open_task(lab)
        number = min(self.hints.get(task.id, 0) + 1, len(task.hints))
        self.hints[task.id] = number
        self._save()
        return Hint(task, number, len(task.hints), task.hints[number - 1])

    def forget(self) -> None:
        """Begin anew."""
        self.file.unlink(missing_ok=True)

    def _open_task(self, lab: Lab) -> Task:
        return next((task for task in lab.tasks if task.id not in self.passed), lab.tasks[0])

    def _save(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        data = {"passed": sorted(self.passed), "hints": self.hints}
        self.file.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
