"""What a learner has passed, the last report, and which hints were given; kept in `.podlab/`.

It outlives kernels and the cluster: a learner who makes the cluster anew has not unlearned.
Losing it costs one more `check`, so a file that cannot be read counts as none.
"""

from __future__ import annotations

import json
import os
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
    """One workspace's progress. `hints` counts the hints given by task id, `last` is the report
    of the last check, which may have been of one task only.
    """

    file: Path
    passed: set[str] = field(default_factory=set)
    hints: dict[str, int] = field(default_factory=dict)
    last: LabReport | None = None

    @classmethod
    def of(cls, cluster: str, namespace: str) -> Progress:
        """Read the progress of a workspace."""
        file = state_dir() / "progress" / cluster / f"{namespace}.json"
        try:
            data: Any = json.loads(file.read_text(encoding="utf-8"))
            hints = {k: int(v) for k, v in data["hints"].items()}
            last = LabReport.from_dict(data["last"]) if data["last"] else None
            return cls(file, set(data["passed"]), hints, last)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(file)

    def note(self, report: LabReport) -> None:
        """Remember a run and its verdicts; unknown ones change nothing in what has passed."""
        self.last = report
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

    def earned(self, lab: Lab) -> int:
        """The points of the tasks that passed when they were last judged."""
        return sum(task.points for task in lab.tasks if task.id in self.passed)

    def forget(self) -> None:
        """Begin anew."""
        self.file.unlink(missing_ok=True)

    def _open_task(self, lab: Lab) -> Task:
        return next((task for task in lab.tasks if task.id not in self.passed), lab.tasks[0])

    def _save(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        last = self.last.to_dict() if self.last else None
        data = {"passed": sorted(self.passed), "hints": self.hints, "last": last}
        # Read while it is written, it would be half a file: another page shows it meanwhile.
        draft = self.file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
        draft.replace(self.file)
