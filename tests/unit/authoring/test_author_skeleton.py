"""A new lesson comes out whole: it lints but for what is to be written, and its lab can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_lesson import GOOD

from checker.authoring.build import notebook
from checker.authoring.course import Course
from checker.authoring.errors import AuthoringError
from checker.authoring.glossary import read_glossary
from checker.authoring.lint import lint_course, lint_given
from checker.authoring.skeleton import write_skeleton
from checker.authoring.source import read_source
from checker.catalogue import cases, read_lab

GLOSSARY = Path(__file__).resolve().parents[3] / "notebooks" / "glossary.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_skeleton(tmp_path, "10-jobs")
    return tmp_path


def test_the_skeleton_breaks_no_rule_but_says_what_is_to_be_filled(root: Path) -> None:
    problems = lint_course(Course(root / "notebooks").sources(), root, read_glossary(GLOSSARY))
    assert {str(p) for p in problems if p.rule != "todo"} == set()
    assert sum(problem.rule == "todo" for problem in problems) > 20


def test_the_minutes_of_lab_and_text_are_held_together(root: Path) -> None:
    lab_yaml = root / "labs" / "10-jobs" / "lab.yaml"
    text = lab_yaml.read_text(encoding="utf-8")
    lab_yaml.write_text(text.replace("minutes: 45", "minutes: 50"), encoding="utf-8")
    problems = lint_course(Course(root / "notebooks").sources(), root, read_glossary(GLOSSARY))
    assert [problem.rule for problem in problems].count("minutes") == 2


def test_the_skeleton_builds_in_both_languages_and_solved(root: Path) -> None:
    (source,) = Course(root / "notebooks").sources()
    assert len(notebook(source, "zh").cells) == len(notebook(source, "en").cells) > 20
    assert len(notebook(source, "en", solved=True).cells) == len(notebook(source, "en").cells)


def test_the_lab_of_the_skeleton_can_be_read_with_all_its_cases(root: Path) -> None:
    lab = read_lab(root / "labs" / "10-jobs")
    kinds = [case.kind for case in cases(lab)]
    assert kinds == ["starter", "solution", "variant", "near-miss"]


def test_nothing_is_left_of_the_placeholders(root: Path) -> None:
    files = [path for path in root.rglob("*") if path.is_file()]
    assert len(files) == 10
    assert not [path for path in files if "$lesson" in path.read_text(encoding="utf-8")]


def test_a_lesson_that_exists_is_never_overwritten(root: Path) -> None:
    source = root / "notebooks" / "source" / "10-jobs.py"
    source.write_text("mine", encoding="utf-8")
    with pytest.raises(AuthoringError, match="exists"):
        write_skeleton(root, "10-jobs")
    assert source.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "name", ["jobs", "1-jobs", "10_jobs", "10-Jobs", "10-", "../10-x", "10-" + "x" * 30]
)
def test_a_name_of_another_form_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AuthoringError, match="NN-topic"):
        write_skeleton(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "text", "tag"),
    [
        ("starter/web.yaml", "kind: Other", "exercise"),
        ("solution/web.yaml", "kind: Other", "solution"),
        ("solution/web.yaml", None, "solution"),
    ],
)
def test_an_exercise_that_is_not_the_labs_own_file_is_told(
    tmp_path: Path, file: str, text: str | None, tag: str
) -> None:
    path = tmp_path / "01-toy.py"
    path.write_text(GOOD, encoding="utf-8")
    own = {
        "starter/web.yaml": "kind: Pod\n",
        "solution/web.yaml": "kind: Pod\nmetadata: {name: solved}\n",
    }
    assert not list(_given(path, own))
    changed = {k: v for k, v in {**own, file: text}.items() if v is not None}
    (problem,) = _given(path, changed)
    assert f"the {tag} is not" in problem


def _given(source: Path, files: dict[str, str]) -> list[str]:
    lab = source.parent / "lab"
    for name in ("starter/web.yaml", "solution/web.yaml"):
        (lab / name).unlink(missing_ok=True)
    for name, text in files.items():
        (lab / name).parent.mkdir(parents=True, exist_ok=True)
        (lab / name).write_text(text, encoding="utf-8")
    return [str(problem) for problem in lint_given(read_source(source), lab)]
