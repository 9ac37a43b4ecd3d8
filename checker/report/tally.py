"""What a run of a class comes to: verdicts counted, messages grouped, changes since another run.

Data to data: pages and files are made from it elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checker.model import ClassRun, LabPlan, Pupil, Scope, TaskPlan, TaskResult, Verdict

Place = tuple[str, str, str]
"""A learner's id, a lab's name, a task's id."""


class Cell(StrEnum):
    """What the table says of one learner and one task."""

    passed = "passed"
    failed = "failed"
    unknown = "unknown"
    left_out = "left-out"
    missing = "missing"


class Change(StrEnum):
    """A task that the earlier run said otherwise of."""

    better = "better"
    worse = "worse"


@dataclass(frozen=True)
class Problem:
    """All learners whose task ended in one message; a doubt, for one reason as well.

    `example` is one of their results.
    """

    verdict: Verdict
    message_id: str
    pupils: tuple[Pupil, ...]
    example: TaskResult


@dataclass(frozen=True)
class TaskTally:
    """One task, over all learners. `problems` begins with the most common message of the failed."""

    plan: TaskPlan
    counts: Mapping[Cell, int]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Score:
    """One learner in one lab, or in all. `undecided` points could not be checked.

    `missing` counts the points of what was not graded yet.
    """

    earned: int = 0
    possible: int = 0
    undecided: int = 0
    missing: int = 0

    @property
    def final(self) -> bool:
        """Whether all that the run judges was decided, and it judges anything."""
        return self.possible > 0 and not self.undecided and not self.missing

    def __add__(self, other: Score) -> Score:
        return Score(
            self.earned + other.earned,
            self.possible + other.possible,
            self.undecided + other.undecided,
            self.missing + other.missing,
        )


def cell(run: ClassRun, pupil: Pupil, lab: LabPlan, task: TaskPlan) -> Cell:
    """What the table says there."""
    if task.scope is not Scope.judged:
        return Cell.left_out
    result = run.result(pupil.id, lab.name, task.id)
    return Cell(result.verdict.value) if result else Cell.missing


def score(run: ClassRun, pupil: Pupil, labs: Iterable[LabPlan]) -> Score:
    """What a learner has in these labs."""
    return sum((_score(run, pupil, lab) for lab in labs), Score())


def tally(run: ClassRun, lab: LabPlan) -> tuple[TaskTally, ...]:
    """Each task of a lab, over all learners."""
    return tuple(_task_tally(run, lab, task) for task in lab.tasks)


def changes(run: ClassRun, before: ClassRun | None) -> Mapping[Place, Change]:
    """What has passed since the run before, and what passes no more. Doubts are no change."""
    if before is None:
        return {}
    found: dict[Place, Change] = {}
    for (pupil, lab), report in run.reports.items():
        for now in report.results:
            then = before.result(pupil, lab, now.task)
            both = (then.verdict if then else None, now.verdict)
            if both == (Verdict.failed, Verdict.passed):
                found[pupil, lab, now.task] = Change.better
            if both == (Verdict.passed, Verdict.failed):
                found[pupil, lab, now.task] = Change.worse
    return found


def _score(run: ClassRun, pupil: Pupil, lab: LabPlan) -> Score:
    report = run.reports.get((pupil.id, lab.name))
    if report is None:
        return Score(possible=lab.possible, missing=lab.possible)
    return Score(report.earned, lab.possible, report.undecided, lab.possible - report.possible)


def _task_tally(run: ClassRun, lab: LabPlan, task: TaskPlan) -> TaskTally:
    counts = dict.fromkeys(Cell, 0)
    groups: dict[tuple[Verdict, str, str], list[tuple[Pupil, TaskResult]]] = {}
    for pupil in run.head.pupils:
        counts[cell(run, pupil, lab, task)] += 1
        result = run.result(pupil.id, lab.name, task.id)
        if result and result.verdict is not Verdict.passed:
            key = (result.verdict, result.message_id, _reason(pupil, result))
            groups.setdefault(key, []).append((pupil, result))
    problems = [
        Problem(verdict, message_id, tuple(pupil for pupil, _ in group), group[0][1])
        for (verdict, message_id, _), group in groups.items()
    ]
    problems.sort(key=lambda each: (each.verdict is Verdict.unknown, -len(each.pupils)))
    return TaskTally(task, counts, tuple(problems))


def _reason(pupil: Pupil, result: TaskResult) -> str:
    """What tells one doubt from another: its words, but for the learner's own name."""
    if result.verdict is not Verdict.unknown:
        return ""
    return result.message.en.replace(pupil.id, "")
