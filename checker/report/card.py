"""A report as an HTML fragment for a notebook's output.

It brings its own style, by JupyterLab's colours, and can be read without it: an untrusted notebook
takes styles away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.model import LabReport
from checker.report.fill import render
from checker.texts import Lang, Text

Hints = Mapping[str, Sequence[Text]]
"""The hints of a lab's tasks, in their order, by task id."""


def render_card(report: LabReport, lang: Lang, hints: Hints | None = None) -> str:
    """The fragment: the score, and a block for each task, open unless it passed.

    A task that did not pass carries its hints, folded one into the other.
    """
    return render("card.html.j2", lang, report=report, hints=hints or {})
