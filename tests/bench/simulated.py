"""Learners who have handed in lab 05's task `qos`: real objects of a real API server.

A node holds about 110 Pods, and each learner brings three. So the Pods name a scheduler that nobody
runs, and what a kubelet would report of them is written here. All else is as in a class: the
namespaces, the solution's Deployments, what the API server and the controllers make of them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

import yaml
from kubernetes.client import CoreV1Api

from checker.catalogue import load_lab, solution
from checker.cluster import Connection, Glance, Objects, SystemClock, Workspace, wait
from checker.cluster.lifecycle import namespace_form, until_gone
from checker.cluster.waiting import Waited

LAB, TASK = "05-resources", "qos"
NAME = "bench-class"
NOBODY = "podlab-bench"
"""The scheduler that is not there; also the label of the Deployments."""
SECONDS = 600.0
AT_ONCE = 8


class Simulated:
    """`with Simulated(connection) as crowd: crowd.grow(20)`. In the end all of them are gone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._manifests = _solution()
        self.size = 0

    def __enter__(self) -> Simulated:
        self._remove()  # what a bench left that was killed
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def grow(self, size: int) -> None:
        """Bring learners up to `size`; returns when the cluster has come to rest."""
        new = range(self.size, size)
        self.size = size
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._hand_in, new))
        _must(wait(self._rest, SECONDS, SystemClock(), every=1.0))

    def ids(self) -> list[str]:
        """The ids of all learners there are."""
        return [f"{NAME}-{number}" for number in range(self.size)]

    def _hand_in(self, number: int) -> None:
        workspace = Workspace(LAB, "lab", f"{NAME}-{number}")
        objects = Objects(self._connection, workspace.namespace)
        objects.create(namespace_form(workspace))
        for manifest in handed_in(number, self._manifests):
            objects.create(manifest)

    def _rest(self) -> Glance[int]:
        """Play the kubelet for the Pods that came; all is at rest when each Deployment is up."""
        core = self._connection.api(CoreV1Api)
        mine = core.list_pod_for_all_namespaces(field_selector=f"spec.schedulerName={NOBODY}").items
        for pod in (pod for pod in mine if pod.status.phase == "Pending"):
            meta = pod.metadata
            core.patch_namespaced_pod_status(meta.name, meta.namespace, {"status": running(pod)})
        owners = Objects(self._connection, "").everywhere("Deployment", NOBODY)
        up = [owner for owner in owners if owner.status.available_replicas]
        wanted = sum(len(handed_in(n, self._manifests)) for n in range(self.size))
        return Glance(so=len(up) == wanted, value=len(up))

    def _remove(self) -> None:
        core = self._connection.api(CoreV1Api)
        spaces = core.list_namespace(label_selector=f"podlab/lesson={LAB},podlab/learner").items
        learners = [space.metadata.labels["podlab/learner"] for space in spaces]
        mine = [Workspace(LAB, "lab", who) for who in learners if who.startswith(f"{NAME}-")]
        for workspace in mine:
            core.delete_namespace(workspace.namespace)
        for workspace in mine:
            until_gone(self._connection, workspace, SystemClock())


def handed_in(number: int, solved: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of ten learners one has nothing, two have one Pod of the wrong class, seven are right."""
    if number % 10 == 9:
        return []
    manifests = [copy.deepcopy(dict(each)) for each in solved]
    if number % 5 == 3:
        container = manifests[0]["spec"]["template"]["spec"]["containers"][0]
        del container["resources"]["limits"]
    return manifests


def running(pod: Any) -> dict[str, Any]:
    """The status of a Pod whose containers run and are ready."""
    since = pod.metadata.creation_timestamp.isoformat().replace("+00:00", "Z")
    containers = [
        {
            "name": each.name,
            "image": each.image,
            "imageID": f"{each.image}@sha256:{'0' * 64}",
            "containerID": f"containerd://{pod.metadata.uid}",
            "ready": True,
            "started": True,
            "restartCount": 0,
            "state": {"running": {"startedAt": since}},
        }
        for each in pod.spec.containers
    ]
    kinds = ("PodScheduled", "Initialized", "ContainersReady", "Ready")
    conditions = [{"type": kind, "status": "True", "lastTransitionTime": since} for kind in kinds]
    return {"phase": "Running", "conditions": conditions, "containerStatuses": containers}


def _solution() -> list[dict[str, Any]]:
    text = solution(load_lab(LAB)).folder.joinpath("qos.yaml").read_text(encoding="utf-8")
    manifests = list(yaml.safe_load_all(text))
    for manifest in manifests:
        manifest["metadata"]["labels"] = {NOBODY: "true"}
        manifest["spec"]["template"]["spec"]["schedulerName"] = NOBODY
    return manifests


def _must(ended: Waited[int]) -> None:
    if not ended.so:
        blind = ended.blind.cause if ended.blind else None
        found = ended.last.value if ended.last else None
        raise SystemExit(f"the cluster does not come to rest: {found} Deployments are up, {blind}")
