"""The learner's work folder: a copy before anything changes, then a case's files. No cluster here.

A learner's file is never lost: what would be replaced or removed is first copied to `backups/`
beside the work folder, under the date and time of the copy.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from itertools import count
from pathlib import Path

from checker.catalogue import Case

BACKUPS = "backups"


def has_files(folder: Path) -> bool:
    """Whether anything stands in the work folder."""
    return folder.is_dir() and any(folder.iterdir())


def lay_out(case: Case, folder: Path, now: datetime) -> Path | None:
    """Make `folder` hold the files of `case` and nothing else.

    Returns the backup of what stood there; None if there was nothing that is not in the case.
    """
    backup = None if _adds_nothing(folder, case) else _keep_copy(folder, now)
    folder.mkdir(parents=True, exist_ok=True)
    _empty(folder)
    for name, source in case.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return backup


def _adds_nothing(folder: Path, case: Case) -> bool:
    """Whether each file in `folder` is the case's own, byte for byte."""
    if not folder.is_dir():
        return True
    for file in folder.rglob("*"):
        if file.is_dir() and not file.is_symlink():
            continue
        source = case.files.get(file.relative_to(folder).as_posix())
        if source is None or not file.is_file() or file.read_bytes() != source.read_bytes():
            return False
    return True


def _keep_copy(folder: Path, now: datetime) -> Path:
    stamp = f"{folder.name}-{now:%Y-%m-%dT%H-%M-%S}"
    for number in count(1):
        target = folder.parent / BACKUPS / (stamp if number == 1 else f"{stamp}-{number}")
        if not target.exists():
            break
    shutil.copytree(folder, target, symlinks=True)
    return target


def _empty(folder: Path) -> None:
    """Empty it, but keep it: a terminal or a notebook may be standing in it."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
