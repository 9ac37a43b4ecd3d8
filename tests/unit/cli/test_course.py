from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from checker.cli.course import PAGE, STARTUP, course_environ, live_pages
from checker.texts import LANGUAGES


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course's welcome pages, with a home in which nothing is trusted yet."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "home"))
    folder = tmp_path / "notebooks"
    for lang in LANGUAGES:
        (folder / lang).mkdir(parents=True)
        cell = nbformat.v4.new_code_cell("welcome()")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / lang / PAGE)
    return folder


def trusted(notebooks: Path, home: Path) -> list[bool]:
    notary = NotebookNotary(data_dir=str(home))
    books = (nbformat.read(notebooks / lang / PAGE, as_version=4) for lang in LANGUAGES)
    return [notary.check_signature(book) for book in books]


def test_the_welcome_pages_are_trusted_and_made_as_their_kernels_start(
    notebooks: Path, tmp_path: Path
) -> None:
    environ: dict[str, str] = {}
    assert trusted(notebooks, tmp_path / "home") == [False, False]
    with live_pages(notebooks, environ):
        assert environ == {"PYTHONSTARTUP": str(STARTUP)}
    assert STARTUP.is_file()
    assert trusted(notebooks, tmp_path / "home") == [True, True]


def test_who_has_a_start_up_file_keeps_it_and_runs_the_pages_cell(
    notebooks: Path, tmp_path: Path
) -> None:
    environ = {"PYTHONSTARTUP": "/home/ann/.pythonrc"}
    with live_pages(notebooks, environ):
        pass
    assert environ == {"PYTHONSTARTUP": "/home/ann/.pythonrc"}
    assert trusted(notebooks, tmp_path / "home") == [False, False]


def test_a_terminal_of_the_course_knows_podlab_and_no_other_program_of_its_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("podlab", "python3"):
        (tmp_path / name).touch(mode=0o755)
    usual = os.path.dirname(shutil.which("python3") or "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3"))
    monkeypatch.setenv("PATH", usual)
    path = course_environ()["PATH"]
    assert shutil.which("podlab", path=path)
    assert shutil.which("python3", path=path) == os.path.join(usual, "python3")
