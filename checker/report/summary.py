"""A class's results in short, as plain lines for a terminal: verdicts counted for each task."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import ClassRun, LabPlan, Scope, Verdict
from checker.report import class_words
from checker.report.clean import clean
from checker.report.tally import Cell, TaskTally, tally
from checker.texts import Lang, Text

SHOWN = 5
"""So many names are told of those who have the same trouble."""


def class_summary(run: ClassRun, lang: Lang) -> str:
    """A line for each task; ends with a line feed."""
    lines = [line for lab in run.head.labs for line in _lab(run, lab, lang)]
    return "\n".join([*lines, ""])


def _lab(run: ClassRun, lab: LabPlan, lang: Lang) -> Iterator[str]:
    yield f"{lab.name}  {lab.title.pick(lang)}"
    tallies = tally(run, lab)
    for each in tallies:
        if each.plan.scope is Scope.judged:
            yield f"  {_counts(each)}  {each.plan.number} {each.plan.id}  " + (
                each.plan.title.pick(lang)
            )
    # Most doubts have to do with the learner's whole lab: each is told once.
    yield from dict.fromkeys(doubt for each in tallies for doubt in _doubts(each, lang))
    for scope in (Scope.acts, Scope.files):
        names = [f"{task.number} {task.id}" for task in lab.tasks if task.scope is scope]
        if names:
            why = class_words.LEFT_OUT[scope].pick(lang)
            colon = Text("：", ": ").pick(lang)
            yield f"  {class_words.SIGN[Cell.left_out]} {why}{colon}{', '.join(names)}"


def _counts(each: TaskTally) -> str:
    """How many learners have which verdict, in columns."""
    shown = [Cell.passed, Cell.failed, Cell.unknown]
    if each.counts[Cell.missing]:
        shown.append(Cell.missing)
    return "  ".join(f"{class_words.SIGN[kind]} {each.counts[kind]:3}" for kind in shown)


def _doubts(each: TaskTally, lang: Lang) -> Iterator[str]:
    """Why something could not be checked, and at whom."""
    for problem in each.problems:
        if problem.verdict is Verdict.unknown:
            names = ", ".join(pupil.id for pupil in problem.pupils[:SHOWN])
            more = " …" if len(problem.pupils) > SHOWN else ""
            message = clean(problem.example.message.pick(lang))
            yield f"  {class_words.SIGN[Cell.unknown]} {names}{more}: {message}"
