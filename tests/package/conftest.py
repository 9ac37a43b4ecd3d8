"""The wheel as a person gets it: built, put into an empty environment, its course laid out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.cluster import connect, remove_learner
from tests.package.programs import LEARNER, ROOT, Installed, uv


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source distribution, and the wheel that was built from it.

    Built in a place of which .gitignore could be read to say that it does not count.
    """
    checkout = tmp_path_factory.mktemp("home") / "work" / "course"
    left_out = shutil.ignore_patterns(".git", ".venv", ".podlab", ".*_cache")
    shutil.copytree(ROOT, checkout, ignore=left_out)
    state = checkout / ".podlab" / "bin"
    state.mkdir(parents=True)
    (state / "kind").symlink_to("/nowhere/kind")
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--out-dir", str(folder), str(checkout))
    return folder


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    return next(dist.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An empty environment with the wheel, and with what it needs in the versions of uv.lock."""
    folder = tmp_path_factory.mktemp("environment")
    versions = folder / "versions.txt"
    versions.write_text(
        uv("export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--quiet")
    )
    uv("venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
    python = str(folder / "venv" / "bin" / "python")
    uv("pip", "install", "--quiet", "--python", python, "-c", str(versions), str(wheel))
    return Installed(folder / "venv")


@pytest.fixture(scope="session")
def course(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, laid out by the installed command."""
    folder = tmp_path_factory.mktemp("home")
    done = installed.podlab("new", "my course", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "my course"


@pytest.fixture(scope="session")
def up(installed: Installed, course: Path) -> Iterator[None]:
    """The cluster that is up, known to the course; what its learner left there goes away."""
    done = installed.podlab("up", cwd=course)
    assert done.returncode == 0, done.stderr
    try:
        yield
    finally:
        remove_learner(connect(), LEARNER)
