"""What a run of a class judges: the labs that were chosen, and which of their tasks."""

from __future__ import annotations

from collections.abc import Sequence

from checker.catalogue import Lab, Task
from checker.model import LabPlan, Scope, TaskPlan


def plan(labs: Sequence[Lab], *, behaviour: bool, files: bool) -> tuple[LabPlan, ...]:
    """The labs as a run sees them: with acting checks or without, with learners' files or without.

    A task that builds on one that is left out is left out for the same reason.
    """
    return tuple(_lab_plan(lab, behaviour, files) for lab in labs)


def _lab_plan(lab: Lab, behaviour: bool, files: bool) -> LabPlan:
    scopes: dict[str, Scope] = {}
    for task in lab.tasks:
        needed = (scopes[need] for need in task.needs)
        own = _scope(task, behaviour, files)
        barred = (scope for scope in (own, *needed) if scope is not Scope.judged)
        scopes[task.id] = next(barred, Scope.judged)
    tasks = (
        TaskPlan(task.id, task.number, task.title, task.points, scopes[task.id])
        for task in lab.tasks
    )
    return LabPlan(lab.name, lab.title, tuple(tasks))


def _scope(task: Task, behaviour: bool, files: bool) -> Scope:
    if not (behaviour or task.looks_only):
        return Scope.acts
    if task.reads_files and not files:
        return Scope.files
    return Scope.judged
