"""Which course a command works on, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import paths
from checker.paths import MARKS, course_root, find_course, images_dir, is_course
from checker.trouble import USAGE, Trouble

CHECKOUT = Path(__file__).resolve().parents[2]


def make_course(folder: Path) -> Path:
    for mark in MARKS:
        place = folder / mark
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch() if place.suffix else place.mkdir()
    return folder


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with no course above it, as the current one."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PODLAB_COURSE", raising=False)
    return folder


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package as a wheel puts it: with the course inside, and not in a checkout."""
    package = tmp_path / "site-packages" / "checker"
    monkeypatch.setattr(paths, "PACKAGE", package)
    return make_course(package / "course")


def test_the_named_course_comes_before_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_course(tmp_path / "here"))
    named = tmp_path / "named"
    named.mkdir()
    assert course_root({"PODLAB_COURSE": str(named)}) == named


def test_a_name_that_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=f"{tmp_path}/typo, which is no folder"):
        course_root({"PODLAB_COURSE": f"{tmp_path}/typo"})


@pytest.mark.parametrize("below", [".", "notebooks", "work/ann/01-storage/lab"])
def test_the_course_is_known_anywhere_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    course = make_course(tmp_path / "course")
    (course / below).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(course / below)
    assert course_root() == course


def test_of_two_courses_the_nearest_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = make_course(make_course(tmp_path / "outer") / "inner")
    monkeypatch.chdir(inner / "labs")
    assert course_root() == inner


@pytest.mark.parametrize("missing", MARKS)
def test_a_folder_without_one_of_the_marks_is_no_course(tmp_path: Path, missing: str) -> None:
    folder = make_course(tmp_path / "course")
    assert is_course(folder)
    (folder / missing).rename(tmp_path / "away")
    assert not is_course(folder)


def test_elsewhere_it_is_the_checkout_of_this_package() -> None:
    assert course_root() == CHECKOUT
    assert images_dir() == CHECKOUT / "images"


def test_a_wheel_has_no_course_until_one_is_laid_out(installed: Path) -> None:
    assert find_course() is None
    with pytest.raises(Trouble, match="no course here") as trouble:
        course_root()
    assert trouble.value.code == USAGE
    assert "podlab new" in trouble.value.todo.en
    assert "podlab new" in trouble.value.todo.zh


def test_recipes_are_those_of_the_package_until_there_is_a_course(
    tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert images_dir() == installed / "images"
    monkeypatch.chdir(make_course(tmp_path / "mine"))
    assert images_dir() == tmp_path / "mine" / "images"


def test_a_current_folder_that_was_removed_is_passed_over(nowhere: Path) -> None:
    nowhere.rmdir()
    assert course_root() == CHECKOUT
