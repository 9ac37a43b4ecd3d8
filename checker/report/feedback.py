"""One learner's results of a class as plain lines, in the learner's own language."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import ClassRun, LabPlan, Pupil
from checker.report import class_words
from checker.report.tally import cell, score
from checker.report.text import render_text


def render_feedback(run: ClassRun, pupil: Pupil) -> str:
    """All labs of one learner, with what was not judged and why; ends with a line feed."""
    total = class_words.score(score(run, pupil, run.head.labs))
    head = f"{pupil.name} ({pupil.id})  {class_words.TOTAL.pick(pupil.lang)} {total}"
    parts = [head, *(_lab(run, pupil, lab) for lab in run.head.labs)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _lab(run: ClassRun, pupil: Pupil, lab: LabPlan) -> str:
    report = run.reports.get((pupil.id, lab.name))
    if report:
        told = render_text(report, pupil.lang).rstrip("\n")
    else:
        told = f"{lab.name}  {lab.title.pick(pupil.lang)}"
    return "\n".join([told, *_without(run, pupil, lab)])


def _without(run: ClassRun, pupil: Pupil, lab: LabPlan) -> Iterator[str]:
    """A line for each task without a verdict."""
    for task in lab.tasks:
        if run.result(pupil.id, lab.name, task.id) is not None:
            continue
        kind = cell(run, pupil, lab, task)
        words = class_words.CELL[kind].pick(pupil.lang)
        title = task.title.pick(pupil.lang)
        yield f"{class_words.SIGN[kind]} {task.number} {task.id}  {title}  {words}"
