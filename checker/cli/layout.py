"""Lays a course out in a folder: whole, or not at all.

It is made aside and moved into its place at the end, so that an error or Ctrl-C leaves nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from checker.version import FILE, own_version

PARTS = ("notebooks", "manifests", "labs", "images")
OWN_FILES = Path(__file__).with_name("course_files")
PARTIAL = ".podlab-new.partial"  # never left, unless by a run that was killed
_LEFT_BY_PROGRAMS = {"__pycache__", ".ipynb_checkpoints"}


def course_files(source: Path) -> dict[str, Path]:
    """What a course is made of: names in its folder, and the files that go there."""
    parts = {name: file for part in PARTS for name, file in _files_in(source, source / part)}
    return parts | dict(_files_in(OWN_FILES, OWN_FILES))


def entries(folder: Path) -> list[str]:
    """What stands in the folder, apart from what a killed run of ours left."""
    return sorted(entry.name for entry in folder.iterdir() if entry.name != PARTIAL)


def lay_out(source: Path, folder: Path) -> None:
    """Make `folder` a course; it is missing, or empty. Raises OSError, and leaves nothing then."""
    files = course_files(source)
    was_there = folder.is_dir()
    # An empty folder is kept, not replaced: a shell may stand in it, or a disk be mounted on it.
    aside = folder / PARTIAL if was_there else folder.with_name(f".{folder.name}{PARTIAL}")
    shutil.rmtree(aside, ignore_errors=True)
    names = sorted({Path(name).parts[0] for name in (*files, FILE)})
    try:
        _make(aside, files)
        if was_there:
            for name in names:
                (aside / name).rename(folder / name)
            aside.rmdir()
        else:
            aside.rename(folder)
    except BaseException:
        for left in (aside, *(folder / name for name in names if was_there)):
            _remove(left)
        raise


def _files_in(root: Path, folder: Path) -> list[tuple[str, Path]]:
    return [
        (file.relative_to(root).as_posix(), file)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not _LEFT_BY_PROGRAMS & {*file.relative_to(root).parts}
    ]


def _make(folder: Path, files: Mapping[str, Path]) -> None:
    for name, file in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        if file.stat().st_mode & 0o100:  # all else of the mode is the umask's
            target.chmod(target.stat().st_mode | 0o111)
    (folder / FILE).write_text(own_version() + "\n", encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
