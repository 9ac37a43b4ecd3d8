"""The results of a class as one HTML page: no script, nothing from elsewhere, good for print."""

from __future__ import annotations

import shlex
from datetime import datetime
from urllib.parse import quote

from checker.model import ClassRun, LabPlan, Pupil, TaskPlan
from checker.report import class_words
from checker.report.fill import render
from checker.report.tally import Cell, Change, Score, cell, changes, score, tally
from checker.texts import Lang

PAGE = "report.{lang}.html"


def render_class_page(run: ClassRun, lang: Lang, file: str, before: ClassRun | None = None) -> str:
    """The page in one language; it links to the other, which is to lie beside it.

    `file` is where the run is kept, `before` an earlier run, to tell what has changed since.
    """
    changed = changes(run, before)

    def cell_of(pupil: Pupil, lab: LabPlan, task: TaskPlan) -> tuple[Cell, Change | None]:
        return cell(run, pupil, lab, task), changed.get((pupil.id, lab.name, task.id))

    def score_of(pupil: Pupil, *labs: LabPlan) -> Score:
        return score(run, pupil, labs)

    other: Lang = "en" if lang == "zh" else "zh"
    return render(
        "class.html.j2",
        lang,
        run=run,
        file=shlex.quote(file),
        before=before,
        better=list(changed.values()).count(Change.better),
        worse=list(changed.values()).count(Change.worse),
        tallies={lab.name: tally(run, lab) for lab in run.head.labs},
        cell_of=cell_of,
        score_of=score_of,
        Cell=Cell,
        say_class=class_words,
        when=_when,
        anchor=quote,
        other=other,
        other_page=PAGE.format(lang=other),
    )


def _when(moment: datetime) -> str:
    """Date and time of day where the page is made, with the zone."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %z}"
