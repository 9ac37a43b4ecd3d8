"""A bench on a cluster in memory, in the namespace of the lab that a module names in LESSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection

from checker.cluster import Connection, Workspace
from checker.observe import Bench


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connected(tmp_path: Path) -> tuple[Connection, FakeApi]:
    return fake_connection(tmp_path)


@pytest.fixture
def api(connected: tuple[Connection, FakeApi], request: pytest.FixtureRequest) -> FakeApi:
    connected[1].put(f"/api/v1/namespaces/lab-{request.module.LESSON}", {})
    return connected[1]


@pytest.fixture
def bench(
    connected: tuple[Connection, Any],
    api: FakeApi,
    clock: FakeClock,
    request: pytest.FixtureRequest,
) -> Bench:
    return Bench(connected[0], Workspace(request.module.LESSON, "lab"), clock=clock)
