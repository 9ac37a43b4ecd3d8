"""Things that take long are made once and kept under a name that says what went into them.

A thing appears in the cache whole or not at all: it is made in a folder beside its place and moved
there at the end. A folder that a killed run left is removed by the next one that needs its place.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from checker.paths import cache_dir

PARTIAL = ".partial"


def key_of(*parts: Path | str) -> str:
    """A short hash of words and of files or whole folders: names, contents, the execute bit."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(b"word\0" + part.encode() + b"\0")
            continue
        files = sorted(f for f in part.rglob("*") if f.is_file()) if part.is_dir() else [part]
        for file in files:
            executable = b"x" if file.stat().st_mode & 0o100 else b"-"
            name = str(file.relative_to(part)) if part.is_dir() else file.name
            digest.update(b"file\0" + name.encode() + b"\0" + executable + file.read_bytes())
    return digest.hexdigest()[:12]


def kept(kind: str, name: str, key: str) -> Path:
    """Where the thing stands once it is made."""
    return cache_dir() / kind / f"{name}-{key}"


def make_once(kind: str, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder of the thing, made by `make(folder)` unless it is there already.

    A second process that needs the same thing waits for the first.
    """
    place = kept(kind, name, key)
    if place.is_dir():
        return place
    with locked(f"{kind}-{name}"):
        if place.is_dir():
            return place
        partial = place.with_name(place.name + PARTIAL)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            make(partial)
            partial.rename(place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return place


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock among processes; it is let go when the process ends, however it ends."""
    folder = cache_dir() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
