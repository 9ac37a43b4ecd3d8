"""A cluster in memory for the tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection

from checker.cluster import Connection, Workspace


@pytest.fixture(autouse=True)
def course_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course stands in a folder of the test, so that `work/` and `.podlab/` do too."""
    monkeypatch.setenv("PODLAB_COURSE", str(tmp_path))
    return tmp_path


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connected(tmp_path: Path) -> tuple[Connection, FakeApi]:
    return fake_connection(tmp_path)


@pytest.fixture
def connection(connected: tuple[Connection, FakeApi]) -> Connection:
    return connected[0]


@pytest.fixture
def api(connected: tuple[Connection, FakeApi]) -> FakeApi:
    return connected[1]


@pytest.fixture
def workspace() -> Workspace:
    return Workspace("01-storage", "lab")
