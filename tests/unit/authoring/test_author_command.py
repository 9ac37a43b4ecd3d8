"""`podlab author` ends with 0, 1 or 2, and says what to run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from toy_lesson import GOOD
from typer.testing import CliRunner, Result

from checker.cli.authoring import author

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "notebooks"
    (folder / "source").mkdir(parents=True)
    for name in ("conftest.py", "sanitize.cfg", "glossary.yaml"):
        shutil.copy(NOTEBOOKS / name, folder / name)
    (folder / "source" / "01-toy.py").write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("PODLAB_COURSE", str(tmp_path))
    return tmp_path


def podlab_author(*words: str) -> Result:
    return CliRunner().invoke(author, words, catch_exceptions=False)


def test_build_writes_a_notebook_for_each_language(root: Path) -> None:
    assert podlab_author("build").exit_code == 0
    assert (root / "notebooks" / "zh" / "01-toy.ipynb").exists()
    assert (root / "notebooks" / "en" / "01-toy.ipynb").exists()


def test_check_ends_with_1_and_the_command_that_mends(root: Path) -> None:
    result = podlab_author("build", "--check")
    assert result.exit_code == 1
    assert "podlab author build 01-toy" in result.output
    assert not (root / "notebooks" / "zh").exists(), "--check wrote something"


def test_a_notebook_with_marks_of_a_merge_is_named_with_its_cure(root: Path) -> None:
    podlab_author("build")
    (root / "notebooks" / "en" / "01-toy.ipynb").write_text("<<<<<<< HEAD\n", encoding="utf-8")
    for words in (["build", "--check"], ["build"]):
        result = podlab_author(*words)
        assert result.exit_code == 1
        assert "01-toy.ipynb is no notebook" in result.output
        assert "podlab author build 01-toy" in result.output


def test_check_tells_a_solution_that_reached_the_learner(root: Path) -> None:
    podlab_author("build")
    solution = root / "labs" / "01-toy" / "solution" / "web.yaml"
    solution.parent.mkdir(parents=True)
    solution.write_text("metadata:\n- point two points\n", encoding="utf-8")
    path = root / "notebooks" / "en" / "01-toy.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("- point two", "- point two points"), encoding="utf-8")
    assert "holds a line of the solution" in podlab_author("build", "--check").output


def test_solved_writes_elsewhere_and_leaves_the_learners_notebooks(root: Path) -> None:
    folder = root / "solved"
    assert podlab_author("build", "--solved", str(folder), "--only", "en").exit_code == 0
    assert [path.name for path in sorted(folder.rglob("*.*"))] == [
        "conftest.py",
        "01-toy.ipynb",
        "sanitize.cfg",
    ]
    assert not (root / "notebooks" / "en").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["build", "--run", "--check"], 2),
        (["build", "--run", "--draw"], 2),
        (["build", "--only", "de"], 2),
        (["build", "07-none"], 1),
        (["lint", "07-none"], 1),
        (["new-lesson", "jobs"], 1),
    ],
)
def test_a_wrong_call_ends_with_its_code_and_without_a_traceback(
    root: Path, words: list[str], code: int
) -> None:
    result = podlab_author(*words)
    assert (result.exit_code, "Traceback" in result.output) == (code, False)


def test_lint_ends_with_0_on_a_good_lesson(root: Path) -> None:
    assert podlab_author("lint").exit_code == 0


def test_lint_ends_with_1_and_prints_place_rule_and_cure(root: Path) -> None:
    source = root / "notebooks" / "source" / "01-toy.py"
    source.write_text(GOOD.replace("point one", "just wait"), encoding="utf-8")
    result = podlab_author("lint", "01-toy")
    assert result.exit_code == 1
    assert "01-toy.py:1: word: " in result.output


def test_a_new_lesson_is_written_and_then_lint_names_what_is_to_be_filled(root: Path) -> None:
    assert podlab_author("new-lesson", "10-jobs").exit_code == 0
    result = podlab_author("lint", "10-jobs")
    assert result.exit_code == 1
    assert "todo: " in result.output
