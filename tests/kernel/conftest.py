"""A learner of each test's own on the course's cluster, and kernels for the lesson 00-start."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from checker.cluster import Connection, Workspace, connect, remove, remove_learner
from checker.notebook import startup
from checker.paths import course_root, state_dir, work_dir
from tests.kernel.kernels import Kernel, kernel

LESSON = "00-start"
NUMBERS = count(1)  # a name for each test: none waits for the end of the namespaces before
FIRST_CELL = f'%load_ext checker.notebook\nlesson("{LESSON}")'
NOTEBOOKS = course_root() / "notebooks"


@pytest.fixture(scope="session")
def connection() -> Connection:
    """The course's own way to the cluster."""
    return connect()


@pytest.fixture(autouse=True)
def learner(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The learner's name, here and in the kernels. Afterwards all of it is gone or going."""
    name = f"kernel-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}-{next(NUMBERS)}"
    monkeypatch.setenv("PODLAB_LEARNER", name)
    monkeypatch.delenv("PODLAB_EXPECT", raising=False)
    for part in ("demo", "lab"):  # of a run that was cut off
        remove(connection, Workspace(LESSON, part, name))
    forget(name)
    yield name
    remove_learner(connection, name)
    forget(name)


def forget(learner: str) -> None:
    """Take away what is kept of a learner on this machine."""
    for folder in (work_dir() / learner, state_dir() / "predictions" / learner):
        shutil.rmtree(folder, ignore_errors=True)
    for file in state_dir().rglob(f"*-{LESSON}-{learner}.*"):
        file.unlink()


@pytest.fixture
def demo(learner: str) -> Workspace:
    """What the lesson's own cells run in."""
    return Workspace(LESSON, "demo", learner)


@pytest.fixture
def lab(learner: str) -> Workspace:
    """What is graded."""
    return Workspace(LESSON, "lab", learner)


@pytest.fixture
def start() -> Iterator[Callable[[], Kernel]]:
    """Starts a kernel as `podlab lab` does for the lesson's English notebook."""
    with ExitStack() as running:

        def started() -> Kernel:
            environ = {
                **os.environ,
                "JPY_SESSION_NAME": str(NOTEBOOKS / "en" / f"{LESSON}.ipynb"),
                "PYTHONSTARTUP": str(Path(startup.__file__)),
                "PYTHONWARNINGS": "always",
            }
            return running.enter_context(kernel(str(NOTEBOOKS / "en"), environ))

        yield started
