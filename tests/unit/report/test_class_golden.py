"""A class's results compared with golden files, to be read as a diff in review.

To write them anew: PODLAB_UPDATE_GOLDEN=1 .venv/bin/pytest tests/unit/report/test_class_golden.py
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from toyclass import class_run, earlier

from checker.model import ClassRun, Scope
from checker.report import (
    class_summary,
    render_canvas,
    render_class_junit,
    render_class_page,
    render_feedback,
    render_moodle,
    render_nbgrader,
    render_results,
)
from checker.texts import Lang

GOLDEN = Path(__file__).with_name("golden")
UPDATE = "PODLAB_UPDATE_GOLDEN"
J, A, F = Scope.judged, Scope.acts, Scope.files
RUN = class_run(5, 2, (J, J, A, J, F), without=[("ann-3", "02-toy")], behaviour=False)
FILE = "results/2030-01-02T03-04-05.jsonl"

FORMS: dict[str, Callable[[ClassRun, Lang], str]] = {
    "class.html": lambda run, lang: render_class_page(run, lang, FILE, earlier(run)),
    "class.csv": lambda run, lang: render_results(run, lang, earlier(run)),
    "class.txt": class_summary,
    "class.xml": render_class_junit,
    "feedback.txt": lambda run, lang: render_feedback(run, run.head.pupils[lang == "zh"]),
    "nbgrader.csv": lambda run, lang: render_nbgrader(run),
    "moodle.csv": lambda run, lang: render_moodle(run),
    "canvas.csv": lambda run, lang: render_canvas(run),
}


@pytest.fixture(autouse=True)
def at_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page tells times where it is made."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FORMS)
def test_results_of_a_class_equal_their_golden_file(name: str, lang: Lang) -> None:
    made = FORMS[name](RUN, lang)
    file = GOLDEN / lang / name
    if os.environ.get(UPDATE):
        file.write_text(made, encoding="utf-8", newline="")
        pytest.skip(f"{file.name} written")
    assert file.is_file(), f"no golden file {file}; see the head of this module"
    assert made == file.read_bytes().decode("utf-8")
