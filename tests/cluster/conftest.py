"""The cluster that the gates run on. It is up before these tests start, see tests/gates.py."""

from __future__ import annotations

import os

import pytest

from checker.cluster import Connection, connect
from checker.environment import engine as engines
from checker.environment.engine import Engine
from checker.environment.kind import KindCluster
from checker.environment.machine import look
from checker.paths import cluster_name


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of this machine."""
    found = engines.find(look(), os.environ)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def cluster(engine: Engine) -> KindCluster:
    """The cluster that PODLAB_CLUSTER names. A missing one is an error, never a skip."""
    found = KindCluster(cluster_name(), engine)
    assert found.answers(), "start it first: podlab up"
    return found


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lab", action="append", help="only this lab; may be given more than once")
    parser.addoption(
        "--all-tasks",
        action="store_true",
        help="judge near misses by all tasks, not only by theirs and what it needs",
    )


@pytest.fixture(scope="session")
def connection(cluster: KindCluster) -> Connection:
    """The course's own way to that cluster."""
    return connect()
