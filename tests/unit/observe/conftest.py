"""A bench on a cluster in memory, and ways to put things there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection
from fakepods import SPACE, make

from checker.cluster import Connection, Workspace
from checker.observe import Bench
from checker.texts import Text


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connected(tmp_path: Path) -> tuple[Connection, FakeApi]:
    return fake_connection(tmp_path)


@pytest.fixture
def api(connected: tuple[Connection, FakeApi]) -> FakeApi:
    connected[1].put(SPACE, {})
    return connected[1]


@pytest.fixture
def said() -> list[Text]:
    return []


@pytest.fixture
def bench(
    connected: tuple[Connection, FakeApi], api: FakeApi, clock: FakeClock, said: list[Text]
) -> Bench:
    return Bench(connected[0], Workspace("01-storage", "lab"), said.append, clock=clock)


@pytest.fixture
def put(api: FakeApi) -> Callable[..., None]:
    """Put a Pod into the cluster, as `make` makes it."""

    def place(**kwargs: Any) -> None:
        pod = make(**kwargs)
        assert pod.metadata
        api.put(f"{SPACE}/pods/{pod.metadata.name}", pod)

    return place


@pytest.fixture
def service(api: FakeApi) -> Callable[..., None]:
    """Put a Service into the cluster."""

    def place(name: str = "redis", port: int = 6379, **spec: Any) -> None:
        form = {
            "selector": {"app": "redis"},
            "ports": [{"port": port}],
            "clusterIP": "10.96.0.9",
        }
        api.put(f"{SPACE}/services/{name}", {"spec": form | spec})

    return place
