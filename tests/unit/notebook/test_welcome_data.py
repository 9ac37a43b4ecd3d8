"""What the welcome page knows without a cluster: the lessons in order, and how far a learner is."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.catalogue import lab_names, load_lab
from checker.grading import Progress
from checker.model import LabReport, TaskResult, Verdict
from checker.notebook.welcome.lessons import State, heading, lessons, standing
from checker.texts import LANGUAGES, Lang, Text

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def toy(root: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(course / "labs", root / "labs")
    monkeypatch.delenv("PODLAB_LEARNER", raising=False)
    monkeypatch.delenv("PODLAB_CLUSTER", raising=False)


def report(**verdicts: Verdict) -> LabReport:
    results = tuple(
        TaskResult(task, 1, Text("题", task), verdict, "id", Text("话", "words"), (), 20, 1.0, NOW)
        for task, verdict in verdicts.items()
    )
    return LabReport("01-toy", Text("玩具", "toy"), "lab-01-toy", results, NOW, 1.0)


def note(root: Path, text: str) -> Path:
    file = root / "notebooks" / "en" / "01-toy.ipynb"
    file.write_text(text, encoding="utf-8")
    return file


def cells(*sources: str) -> str:
    return json.dumps({"cells": [{"cell_type": "markdown", "source": each} for each in sources]})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_courses_own_lessons_stand_in_the_catalogues_order_with_their_headings(
    lang: Lang,
) -> None:
    found = lessons(lang, ROOT)
    assert [lesson.name for lesson in found] == list(lab_names(ROOT))
    assert len(found) >= 10
    for lesson in found:
        source = (ROOT / "notebooks" / "source" / f"{lesson.name}.py").read_text(encoding="utf-8")
        assert f"\n# # {lesson.title}\n" in source
        assert (ROOT / "notebooks" / lang / lesson.file).is_file()
        assert lesson.lab.minutes == load_lab(lesson.name, ROOT).minutes


def test_a_lesson_without_a_notebook_goes_by_its_labs_name(root: Path) -> None:
    assert [(each.number, each.title) for each in lessons("en")] == [("01", "A toy lab")]
    note(root, cells("some words", "# Toys: a first one\n\nmore"))
    assert [each.title for each in lessons("en")] == ["Toys: a first one"]
    assert [each.title for each in lessons("zh")] == ["玩具实验"]


@pytest.mark.parametrize("text", ["", "[]", '{"cells": [1]}', cells("no heading", "## second")])
def test_a_notebook_that_says_no_heading_gives_none(root: Path, text: str) -> None:
    assert heading(note(root, text)) == ""


def test_a_lesson_is_new_then_started_then_judged_then_new_in_its_score_again(root: Path) -> None:
    (lesson,) = lessons("en")
    assert standing(lesson).state is State.new
    file = root / "work" / "01-toy" / "lab" / "redis.yaml"
    file.parent.mkdir(parents=True)
    assert standing(lesson).state is State.new
    file.write_text("kind: Pod\n")
    assert standing(lesson).state is State.started
    last = report(ping=Verdict.passed, keep=Verdict.failed)
    progress = Progress.of("podlab", "lab-01-toy")
    progress.note(report(ping=Verdict.failed))
    assert (standing(lesson).state, standing(lesson).earned) == (State.judged, 0)
    progress.note(report(apart=Verdict.passed))
    progress.note(last)
    found = standing(lesson)
    assert (found.state, found.earned, found.last) == (State.judged, 70, last)
    progress.forget()
    assert standing(lesson).state is State.started


def test_each_learner_has_a_standing_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    (lesson,) = lessons("en")
    Progress.of("podlab", "lab-01-toy").note(report(ping=Verdict.passed))
    assert standing(lesson).state is State.judged
    monkeypatch.setenv("PODLAB_LEARNER", "ann")
    assert standing(lesson).state is State.new
