"""A kernel that is restarted in the middle of a lesson: nothing is lost, and cells go on."""

from __future__ import annotations

from collections.abc import Callable

from kubernetes.client import CoreV1Api

from checker.cluster import Connection, Workspace
from tests.kernel.conftest import FIRST_CELL
from tests.kernel.kernels import Kernel
from tests.kernel.test_interrupt import ACTING

MINE = """%%manifest mine.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: mine
data:
  kept: "yes"
"""


def uids(connection: Connection, workspace: Workspace) -> dict[str, str]:
    """Pods and ConfigMaps of a workspace with their uids, but for Kubernetes' own."""
    core = connection.api(CoreV1Api)
    found = [
        *core.list_namespaced_pod(workspace.namespace).items,
        *core.list_namespaced_config_map(workspace.namespace).items,
    ]
    return {
        each.metadata.name: each.metadata.uid
        for each in found
        if each.metadata.name != "kube-root-ca.crt"
    }


def middle_of_a_lesson(kernel: Kernel) -> None:
    kernel.run(FIRST_CELL)
    kernel.run("%shell kubectl create configmap shown --from-literal=a=b")
    kernel.run(MINE)
    kernel.run('predict("q1", "b")')
    assert "hint 1 of 3" in kernel.run("hint(1)").text


def test_after_a_restart_every_cell_goes_on(
    start: Callable[[], Kernel], connection: Connection, demo: Workspace, lab: Workspace
) -> None:
    kernel = start()
    middle_of_a_lesson(kernel)
    before = uids(connection, demo), uids(connection, lab)
    assert "shown" in before[0]
    assert {"mine", "welcome"} <= before[1].keys()
    kernel.restart()
    first = kernel.run("%shell kubectl get configmap shown -o jsonpath='{.data.a}'")
    assert first.text.startswith("Carrying on with 00-start")
    assert first.text.rstrip().endswith("b")
    assert first.printed["stderr"] == ""
    assert (uids(connection, demo), uids(connection, lab)) == before
    assert "hint 2 of 3" in kernel.run("hint(1)").text
    assert "Score 0/50" in kernel.run("check(1)").text
    assert "mine.yaml" in kernel.run("%shell ls $WORK").text
    assert "You said b" in kernel.run('reveal("q1", "b")').text


def test_the_first_cell_again_begins_the_demo_and_leaves_the_lab(
    start: Callable[[], Kernel], connection: Connection, demo: Workspace, lab: Workspace
) -> None:
    kernel = start()
    middle_of_a_lesson(kernel)
    before = uids(connection, lab)
    kernel.restart()
    again = kernel.run(FIRST_CELL)
    assert "your lab is as you left it" in again.text
    assert again.printed == {"stdout": "", "stderr": ""}
    assert uids(connection, demo) == {}
    assert uids(connection, lab) == before


def test_a_restart_in_a_check_blocks_no_other(
    start: Callable[[], Kernel], connection: Connection, lab: Workspace
) -> None:
    kernel = start()
    kernel.run(FIRST_CELL)
    kernel.run(ACTING)
    cell = kernel.start('plainly(checking.check)("00-start", 1, grade=acting)')
    cell.wait_for("the deed is done")
    kernel.restart()
    after = kernel.run("check(1)")
    assert "being checked" not in after.text
    assert "left-behind" not in uids(connection, lab)
