"""Grades a class: all that a run still lacks, side by side with a limit, each kept as it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from checker.catalogue import Lab
from checker.classroom.crowd import for_each
from checker.cluster import Workspace
from checker.grading import Outside
from checker.model import LabReport, Pair, RunHead

Keep = Callable[[Pair, LabReport], None]


def grade_class(
    head: RunHead,
    labs: Mapping[str, Lab],
    pairs: Sequence[Pair],
    outside: Outside,
    at_once: int,
    keep: Keep,
) -> None:
    """Grade these learners in these labs. `keep` is called in the caller's thread.

    Ctrl-C ends all checks: what they changed is undone, and none of them is kept.
    """
    tasks = {lab.name: [task.id for task in lab.judged] for lab in head.labs}

    def grade(pair: Pair) -> LabReport:
        pupil, name = pair
        workspace = Workspace(name, "lab", pupil)
        files = Path(head.files, pupil, name) if head.files else None
        return outside.grade(labs[name], workspace, tasks[name], files)

    for_each(pairs, grade, keep, outside.stop, at_once)
