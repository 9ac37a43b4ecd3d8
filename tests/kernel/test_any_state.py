"""A lesson begins from whatever stands in its demo namespace, and never touches the lab."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from kubernetes.client import CoreV1Api

from checker.cluster import Connection, Workspace, ensure, remove
from tests.kernel.conftest import FIRST_CELL
from tests.kernel.kernels import Kernel
from tests.kernel.test_restart import uids

LEFTOVERS = Path(__file__).with_name("leftovers.yaml")
Act = Callable[[Connection, Workspace], None]


def clutter(connection: Connection, demo: Workspace) -> None:
    """A Pod deaf to its end, one that never starts, a claim in use, a Job, the names in use."""
    ensure(connection, demo)
    apply(connection, demo)
    kubectl(connection, demo, "wait", "pod/stubborn", "--for=condition=Ready", "--timeout=100s")


def ending(connection: Connection, demo: Workspace) -> None:
    """The namespace is going, and its Pod takes its time."""
    clutter(connection, demo)
    connection.api(CoreV1Api).delete_namespace(demo.namespace)


def half_made(connection: Connection, demo: Workspace) -> None:
    """The namespace without quota and Pod Security, as an end in the middle leaves it."""
    body = {"metadata": {"name": demo.namespace, "labels": demo.labels}}
    connection.api(CoreV1Api).create_namespace(body)


def gone(connection: Connection, demo: Workspace) -> None:
    """The namespace was there and was taken away by hand; its kubeconfig is left."""
    ensure(connection, demo)
    remove(connection, demo)


def full(connection: Connection, demo: Workspace) -> None:
    """No Service more is allowed."""
    ensure(connection, demo)
    core = connection.api(CoreV1Api)
    for number in range(15):
        port = {"port": 80}
        body = {"metadata": {"name": f"s{number}"}, "spec": {"ports": [port]}}
        core.create_namespaced_service(demo.namespace, body)


def apply(connection: Connection, demo: Workspace) -> None:
    kubectl(connection, demo, "apply", "-f", str(LEFTOVERS))


def kubectl(connection: Connection, demo: Workspace, *words: str) -> None:
    kubeconfig = str(demo.kubeconfig(connection.cluster))
    argv = ["kubectl", "--kubeconfig", kubeconfig, *words]
    subprocess.run(argv, check=True, capture_output=True)


@pytest.mark.parametrize("state", [clutter, ending, half_made, gone, full])
def test_a_lesson_begins_from_any_state(
    state: Act, start: Callable[[], Kernel], connection: Connection, demo: Workspace, lab: Workspace
) -> None:
    ensure(connection, lab)
    mine = lab.folder / "mine.yaml"
    mine.write_text("# mine\n")
    config = {"metadata": {"name": "mine"}}
    connection.api(CoreV1Api).create_namespaced_config_map(lab.namespace, config)
    before = uids(connection, lab)
    assert before
    state(connection, demo)
    kernel = start()
    begun = kernel.run(FIRST_CELL)
    assert "the demo of 00-start starts clean, your lab is as you left it" in begun.text
    assert begun.printed == {"stdout": "", "stderr": ""}
    assert uids(connection, demo) == {}
    assert uids(connection, lab) == before
    assert mine.read_text() == "# mine\n"
    kernel.run("%shell kubectl apply -f manifests/00-start/hello.yaml")
    kernel.run("%shell kubectl wait pod/hello --for=condition=Ready --timeout=50s")
