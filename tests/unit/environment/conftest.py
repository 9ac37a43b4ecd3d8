"""Programs that are not there: a folder of small scripts in place of the PATH."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.environment import run
from checker.environment.machine import GIB, Machine

Fake = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache and a course state of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PODLAB_CACHE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _programs_may_start() -> Iterator[None]:
    yield
    run._stopping.clear()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but the shell that the fakes are written in."""
    folder = tmp_path / "path"
    folder.mkdir()
    for name in ("sh", "cat", "sleep", "env"):
        real = next(
            Path(place) / name for place in ("/bin", "/usr/bin") if (Path(place) / name).exists()
        )
        (folder / name).symlink_to(real)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def fake(path: Path) -> Fake:
    """Put a program on the PATH: `fake("docker", "echo 1")`. It notes how it was called."""

    def put(name: str, script: str) -> Path:
        calls = path / f"{name}.calls"
        program = path / name
        program.write_text(f'#!{path / "sh"}\necho "$@" >> {calls}\n{script}\n')
        program.chmod(0o755)
        return calls

    return put


@pytest.fixture
def machine() -> Machine:
    """A small machine like the one the course was made on."""
    return Machine(
        system="Linux",
        architecture="amd64",
        cores=2,
        memory_bytes=8 * GIB,
        cgroup_version=2,
        can_raise_limits=True,
        is_root=os.geteuid() == 0,
        open_files=20000,
        processes=4096,
        highest_pid=32768,
    )
