"""`podlab new`: the course laid out whole, or a sentence and nothing left."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from checker.cli import layout
from checker.cli import new as command
from checker.cli.layout import OWN_FILES, PARTIAL, course_files, lay_out
from checker.paths import is_course
from checker.trouble import NOT_SO, USAGE, Trouble
from checker.version import FILE, own_version

New = Callable[..., Result]
SOURCE = {
    "notebooks/en/00-start.ipynb": "{}",
    "manifests/00-start/hello.yaml": "kind: Pod",
    "labs/00-start/lab.yaml": "lesson: 00-start",
    "labs/00-start/solution/hello.yaml": "kind: Pod",
    "images/versions.toml": "",
    "images/redis/entrypoint.sh": "#!/bin/sh",
}
LEFT = ("labs/00-start/__pycache__/checks.pyc", "notebooks/en/.ipynb_checkpoints/00-start.ipynb")
BESIDE = ("work/00-start/lab/mine.yaml", ".podlab/podlab/kubeconfig", "tests/test_x.py")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A checkout with what programs and a learner left in it."""
    root = tmp_path / "checkout"
    for name, text in {**SOURCE, **dict.fromkeys((*LEFT, *BESIDE), "x")}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "images/redis/entrypoint.sh").chmod(0o555)
    return root


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the current one."""
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def new(source: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> New:
    monkeypatch.setattr(command, "packaged_course", lambda: source)
    monkeypatch.setenv("PODLAB_LANG", "en")
    app = typer.Typer()
    app.command()(command.new)
    return lambda *words: CliRunner().invoke(app, list(words))


def files(folder: Path) -> set[str]:
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}


def test_the_course_is_laid_out_and_nothing_else(new: New, place: Path) -> None:
    done = new("my course")
    assert done.exit_code == 0, done.output
    own = {file.name for file in OWN_FILES.iterdir()}
    assert {"README.md", "README.zh.md"} <= own
    assert files(place / "my course") == {*SOURCE, *own, FILE}
    assert os.listdir(place) == ["my course"]
    assert is_course(place / "my course")
    assert f"1 lessons, version {own_version()}" in done.output
    assert f"Next: cd '{place}/my course' && podlab lab" in done.output


def test_programs_can_be_run_and_all_can_be_edited(new: New, place: Path) -> None:
    new("course")
    program = place / "course/images/redis/entrypoint.sh"
    lab = place / "course/labs/00-start/lab.yaml"
    assert program.stat().st_mode & 0o700 == 0o700
    assert lab.stat().st_mode & 0o700 == 0o600


def test_an_empty_folder_stays_the_same_folder(new: New, place: Path) -> None:
    before = place.stat().st_ino
    done = new(".")
    assert done.exit_code == 0
    assert done.output.endswith("Next: podlab lab\n")
    assert place.stat().st_ino == before
    assert is_course(Path.cwd())


def test_a_course_that_is_there_is_told_and_left_as_it_is(new: New, place: Path) -> None:
    new("course")
    mine = place / "course/notebooks/en/00-start.ipynb"
    mine.write_text("mine")
    done = new("course")
    assert done.exit_code == 0
    assert "already" in done.output
    assert mine.read_text() == "mine"


def test_an_older_course_is_told_with_both_versions(new: New, place: Path) -> None:
    new("course")
    (place / "course" / FILE).write_text("0.0.1\n")
    done = new("course")
    assert done.exit_code == NOT_SO
    assert "0.0.1" in done.output
    assert own_version() in done.output


def test_a_folder_that_is_not_empty_is_refused(new: New, place: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (place / name).touch()
    error = new(".").exception
    assert isinstance(error, Trouble)
    assert error.code == USAGE
    assert "is not empty: a, b, c, …" in error.what.en
    assert files(place) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("name", "words"), [("file", "is a file"), ("no/where", "There is no folder")]
)
def test_a_place_where_no_folder_can_be_made_is_refused(
    new: New, place: Path, name: str, words: str
) -> None:
    (place / "file").touch()
    error = new(name).exception
    assert isinstance(error, Trouble)
    assert words in error.what.en
    assert os.listdir(place) == ["file"]


@pytest.mark.parametrize("name", ["course", "."])
@pytest.mark.parametrize("after", [0, 3])
@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES)), "Permission denied"),
        (KeyboardInterrupt(), "nothing was left"),
    ],
)
def test_what_breaks_off_leaves_nothing_and_can_be_done_again(
    new: New,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    broken: BaseException,
    words: str,
    after: int,
    name: str,
) -> None:
    copy, copied = shutil.copyfile, []

    def copyfile(file: Path, target: Path) -> None:
        if len(copied) == after:
            raise broken
        copied.append(copy(file, target))

    with monkeypatch.context() as patched:
        patched.setattr(layout.shutil, "copyfile", copyfile)
        error = new(name).exception
    assert isinstance(error, Trouble)
    assert words in error.render("en")
    assert len(copied) == after
    assert os.listdir(place) == []
    assert new(name).exit_code == 0


def test_ctrl_c_while_an_empty_folder_is_filled_leaves_it_empty(
    source: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, moved = Path.rename, []

    def move(self: Path, target: Path) -> Path:
        moved.append(rename(self, target))
        if len(moved) == 2:
            raise KeyboardInterrupt
        return target

    monkeypatch.setattr(Path, "rename", move)
    with pytest.raises(KeyboardInterrupt):
        lay_out(source, place)
    assert os.listdir(place) == []


@pytest.mark.parametrize(("name", "left"), [("course", ".course" + PARTIAL), (".", PARTIAL)])
def test_what_a_killed_run_left_is_cleared_away(
    new: New, place: Path, name: str, left: str
) -> None:
    (place / left / "labs").mkdir(parents=True)
    (place / left / "labs" / "half").touch()
    assert new(name).exit_code == 0
    assert PARTIAL not in " ".join(str(path) for path in place.rglob("*"))
    assert not (place / name / "labs" / "half").exists()


def test_a_course_can_be_laid_out_inside_the_checkout_itself(source: Path) -> None:
    lay_out(source, source / "labs" / "mine")
    assert files(source / "labs" / "mine") >= set(SOURCE)


def test_both_readmes_name_the_same_commands() -> None:
    blocks = [
        (OWN_FILES / name).read_text(encoding="utf-8").split("```")[1::2]
        for name in ("README.md", "README.zh.md")
    ]
    assert blocks[0]
    assert blocks[0] == blocks[1]


def test_a_course_has_no_file_twice(source: Path) -> None:
    assert set(course_files(source)) == {*SOURCE, *(file.name for file in OWN_FILES.iterdir())}
