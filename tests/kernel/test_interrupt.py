"""The stop button ends what a cell has started, and the cell says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from kubernetes.client import CoordinationV1Api, CoreV1Api

from checker.cluster import SYSTEM, Connection, SystemClock, Workspace
from checker.environment.wait import wait_until
from checker.observe.probe import POD
from checker.observe.transport import Command, run
from tests.kernel.conftest import FIRST_CELL
from tests.kernel.kernels import Kernel

SOON = 20
ACTING = """
import time
from dataclasses import replace
from checker.catalogue import Check, load_lab
from checker.cluster import Step
from checker.grading import grade
from checker.notebook import checking
from checker.notebook.plain import plainly
from checker.texts import Text

def act(bench):
    bench.later(Step.delete("ConfigMap", "left-behind"))
    bench.objects.create({"apiVersion": "v1", "kind": "ConfigMap",
                          "metadata": {"name": "left-behind"}})
    bench.say(Text.same("the deed is done"))
    while True:
        bench.clock.pause(1.0)

def acting(lab, workspace, tasks, tell):
    changed = {**lab.checks, "answer": Check("answer", act)}
    return grade(replace(lab, checks=changed), workspace, tasks, tell)
"""


def alive(pid: int) -> bool:
    """Whether a process is there; one that is dead and not yet taken away is not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_shell_cell_ends_with_all_that_it_started(start: Callable[[], Kernel]) -> None:
    kernel = start()
    kernel.run(FIRST_CELL)
    cell = kernel.start("%%shell --timeout 300\nsleep 200 & echo pids $! $$\nsleep 300")
    cell.wait_for("pids ")
    pids = [int(word) for word in re.findall(r"\d+", cell.printed["stdout"])]
    assert len(pids) == 2
    assert all(map(alive, pids))
    kernel.interrupt()
    cell.end(SOON)
    assert "You interrupted the cell; the command and all it started have ended." in cell.error
    assert "Traceback" not in cell.text
    assert wait_until(lambda: not any(map(alive, pids)), SOON)


def test_a_check_ends_and_what_it_changed_is_undone(
    start: Callable[[], Kernel], connection: Connection, lab: Workspace
) -> None:
    kernel = start()
    kernel.run(FIRST_CELL)
    kernel.run(ACTING)
    core = connection.api(CoreV1Api)

    def left() -> list[str]:
        found = core.list_namespaced_config_map(lab.namespace).items
        return [each.metadata.name for each in found if each.metadata.name == "left-behind"]

    cell = kernel.start('plainly(checking.check)("00-start", 1, grade=acting)')
    cell.wait_for("the deed is done")
    assert left() == ["left-behind"]
    kernel.interrupt()
    cell.end(SOON)
    assert "You interrupted the check, and it has ended." in cell.error
    assert "Traceback" not in cell.text
    assert cell.shown == [""]
    assert left() == []
    leases = connection.api(CoordinationV1Api).list_namespaced_lease(SYSTEM).items
    assert f"check-{lab.namespace}" not in [each.metadata.name for each in leases]
    assert "being checked" not in kernel.run("check(1)").text


def test_a_recording_ends_with_the_requests_that_it_sends(
    start: Callable[[], Kernel], connection: Connection
) -> None:
    kernel = start()
    kernel.run(FIRST_CELL)
    kernel.run("%shell kubectl apply -f manifests/00-start/hello.yaml")
    kernel.run("%shell kubectl wait pod/hello --for=condition=Ready --timeout=50s")
    address = kernel.run("%shell kubectl get service hello -o jsonpath='{.spec.clusterIP}'")
    loop = address.printed["stdout"].strip()
    cell = kernel.start(
        'with recording(web=load("hello"), pods=values("kubectl get pods -o name")) as seen:\n'
        "    seen.keep(200)"
    )
    cell.wait_for("Recording for 200 more seconds")
    assert sending(connection, loop)
    kernel.interrupt()
    cell.end(SOON)
    assert "its recording has ended, and so have the requests that it sent" in cell.error
    assert "Traceback" not in cell.text
    assert wait_until(lambda: not sending(connection, loop), SOON)
    threads = kernel.run("import threading\nprint([each.name for each in threading.enumerate()])")
    assert "load" not in threads.text


def sending(connection: Connection, address: str) -> bool:
    """Whether the probe Pod has a process that asks this address."""
    command = Command(SYSTEM, POD, POD, ("ps", "-o", "args"))
    return address in run(connection, command, 10.0, SystemClock()).out.decode()


def test_a_lesson_that_was_interrupted_begins_again(
    start: Callable[[], Kernel], connection: Connection, demo: Workspace
) -> None:
    kernel = start()
    kernel.run(FIRST_CELL)
    cell = kernel.start(FIRST_CELL)
    cell.wait_for("Cleaning the demo namespace")
    kernel.interrupt()
    cell.end(SOON)
    assert "You interrupted the cell." in cell.error
    assert "Ready: the cluster answers" in kernel.run(FIRST_CELL).text
