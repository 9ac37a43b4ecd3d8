"""Brings a workspace about on the cluster, and back to its beginning. Nothing of a lab is applied.

Only namespaces with the course's own labels are ever touched.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, cast

import yaml
from kubernetes import client

from checker.cluster.clock import Clock, SystemClock
from checker.cluster.connection import Connection
from checker.cluster.errors import ClusterError
from checker.cluster.kinds import Objects
from checker.cluster.lease import SYSTEM
from checker.cluster.meaning import API_ERRORS, Meaning, meaning
from checker.cluster.waiting import Glance, Waited, wait
from checker.cluster.workspace import Part, Workspace
from checker.paths import work_dir
from checker.texts import Text

GONE_SECONDS = 180.0
"""For a namespace to go: its Pods have a second to end, its volumes are taken away after them."""
STUCK_SECONDS = 30.0
"""For its Pods to end; a kubelet that has begun a long grace period hears of no shorter one."""
ACCOUNT_SECONDS = 60.0
"""For ServiceAccount `default` to be made; a Pod that comes before it is refused."""
QUICK = 0.2

POD_SECURITY = {
    "pod-security.kubernetes.io/enforce": "baseline",
    "pod-security.kubernetes.io/audit": "restricted",
}
# Numbers and storage only: a quota of CPU or memory would force requests upon every Pod.
QUOTA = {
    "pods": "30",
    "count/pods": "100",  # those that have ended too, which `pods` leaves out
    "services": "15",
    "services.loadbalancers": "0",
    "services.nodeports": "5",
    "configmaps": "40",
    "secrets": "40",
    "persistentvolumeclaims": "10",
    "requests.storage": "5Gi",
    "count/deployments.apps": "20",
    "count/statefulsets.apps": "10",
    "count/replicasets.apps": "60",
    "count/daemonsets.apps": "10",
    "count/replicationcontrollers": "10",
    "count/jobs.batch": "20",
    "count/cronjobs.batch": "10",
    "count/poddisruptionbudgets.policy": "10",
    "count/serviceaccounts": "20",
    "count/roles.rbac.authorization.k8s.io": "20",
    "count/rolebindings.rbac.authorization.k8s.io": "20",
    "count/networkpolicies.networking.k8s.io": "10",
    "count/limitranges": "10",
    "count/resourcequotas": "10",
}
PATHS = {"cluster": ("certificate-authority",), "user": ("client-certificate", "client-key")}


def ensure(connection: Connection, workspace: Workspace, clock: Clock | None = None) -> bool:
    """Make what is missing: namespace, labels, quota, folder, kubeconfig. Changes nothing else.

    Returns when Pods can be created: True if the namespace is new, so that nothing is in it.
    Raises ClusterError.
    """
    clock = clock or SystemClock()
    present = _namespace(connection, workspace)
    if present is not None and present.metadata and present.metadata.deletion_timestamp:
        until_gone(connection, workspace, clock)
        present = None
    _make(connection, workspace)
    _wait_for_account(connection, workspace, clock)
    workspace.folder.mkdir(parents=True, exist_ok=True)
    write_kubeconfig(connection, workspace)
    return present is None


def must_be_there(connection: Connection, workspace: Workspace) -> None:
    """Raises ClusterError unless the namespace is there and the course's own; makes nothing."""
    found = _namespace(connection, workspace)
    if found is None:
        name = workspace.namespace
        raise ClusterError(
            Text(f"集群上没有命名空间 {name}。", f"The cluster has no namespace {name}."),
            Text("每位学员的每个实验各有一个。", "Each learner has one for each lab."),
            Text(
                "用 podlab class create 建好它，再评分一次；别人的结果会保留。",
                "Make it with podlab class create and grade again; the others' results stay.",
            ),
        )


def system_uid(connection: Connection) -> str:
    """The UID of the course's own namespace: a cluster that was made anew has another one.

    Raises ClusterError where the cluster does not answer or has no such namespace.
    """
    try:
        return str(Objects(connection, SYSTEM).read("Namespace", SYSTEM).metadata.uid)
    except API_ERRORS as error:
        if meaning(error).meaning is not Meaning.absent:
            raise _unable(error, SYSTEM) from error
        raise ClusterError(
            Text(
                f"集群 {connection.context} 上没有命名空间 {SYSTEM}。",
                f"The cluster {connection.context} has no namespace {SYSTEM}.",
            ),
            Text("检查程序要在那里登记。", "The checker keeps its leases there."),
            Text(
                "运行 podlab class create（自己的集群用 podlab up）。",
                "Run podlab class create, or podlab up for the course's own cluster.",
            ),
        ) from error


def reset(connection: Connection, workspace: Workspace, clock: Clock | None = None) -> None:
    """Take the namespace away with all that is in it, and make it anew. Files are not touched.

    Raises ClusterError.
    """
    clock = clock or SystemClock()
    remove(connection, workspace, clock)
    ensure(connection, workspace, clock)


def remove(
    connection: Connection,
    workspace: Workspace,
    clock: Clock | None = None,
    *,
    wait_until_gone: bool = True,
) -> None:
    """Take the namespace away and wait until it is gone. One that is not there is no error."""
    clock = clock or SystemClock()
    if _namespace(connection, workspace) is None:
        return
    core = connection.api(client.CoreV1Api)
    try:
        core.delete_namespace(workspace.namespace)
        # The namespace first, so that no controller makes new Pods; then do not wait for the
        # full grace period of each Pod: nobody needs their last words.
        core.delete_collection_namespaced_pod(workspace.namespace, grace_period_seconds=1)
    except API_ERRORS as error:
        if meaning(error).meaning not in (Meaning.absent, Meaning.conflict):
            raise _unable(error, workspace.namespace) from error
    if wait_until_gone:
        until_gone(connection, workspace, clock)


def remove_learner(connection: Connection, learner: str) -> None:
    """Take away all workspaces of a learner, with their files. Does not wait for their end.

    For learners that only a test run has. Raises ClusterError.
    """
    core = connection.api(client.CoreV1Api)
    try:
        spaces = core.list_namespace(label_selector=f"podlab/learner={learner}").items
    except API_ERRORS as error:
        raise _unable(error, learner) from error
    for space in spaces:
        labels = (space.metadata.labels if space.metadata else None) or {}
        part = cast(Part, labels["podlab/part"])
        workspace = Workspace(labels["podlab/lesson"], part, learner)
        remove(connection, workspace, wait_until_gone=False)
    shutil.rmtree(work_dir() / learner, ignore_errors=True)


def write_kubeconfig(connection: Connection, workspace: Workspace) -> Path:
    """Write the workspace's kubeconfig, readable by its owner only, and return its path."""
    data = yaml.safe_load(connection.kubeconfig.read_text(encoding="utf-8"))
    row = next(c for c in data["contexts"] if c["name"] == connection.context)
    row["context"]["namespace"] = workspace.namespace
    kept: dict[str, Any] = {"apiVersion": "v1", "kind": "Config", "preferences": {}}
    for kind, names in PATHS.items():
        kept[f"{kind}s"] = [e for e in data[f"{kind}s"] if e["name"] == row["context"][kind]]
        for entry in kept[f"{kind}s"]:
            for name in set(names) & set(entry[kind]):
                entry[kind][name] = str(connection.kubeconfig.parent.resolve() / entry[kind][name])
    kept |= {"contexts": [row], "current-context": connection.context}
    path = workspace.kubeconfig(connection.cluster)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(yaml.safe_dump(kept), encoding="utf-8")
    draft.replace(path)
    return path


def namespace_form(workspace: Workspace) -> dict[str, Any]:
    """The workspace's namespace, as it is applied."""
    meta = {"name": workspace.namespace, "labels": workspace.labels | POD_SECURITY}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": meta}


def quota_form(workspace: Workspace) -> dict[str, Any]:
    """How much there may be in the workspace, as it is applied."""
    meta = {"name": "podlab", "labels": {"podlab/part": workspace.part}}
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": meta,
        "spec": {"hard": QUOTA},
    }


def _namespace(connection: Connection, workspace: Workspace) -> client.V1Namespace | None:
    """The namespace, None for none. Raises ClusterError for one that is not the course's."""
    try:
        found = connection.api(client.CoreV1Api).read_namespace(workspace.namespace)
    except API_ERRORS as error:
        if meaning(error).meaning is Meaning.absent:
            return None
        raise _unable(error, workspace.namespace) from error
    labels = (found.metadata.labels if found.metadata else None) or {}
    if workspace.labels.items() <= labels.items():
        return found
    name = workspace.namespace
    raise ClusterError(
        Text(f"命名空间 {name} 已经存在，但不是课程建的。", f"The namespace {name} is not ours."),
        Text("课程只动自己的命名空间。", "The course touches its own namespaces only."),
        Text(
            "给它改名或删除它，或者换一个 PODLAB_LEARNER。",
            "Rename or delete it, or choose another PODLAB_LEARNER.",
        ),
    )


def _make(connection: Connection, workspace: Workspace) -> None:
    objects = Objects(connection, workspace.namespace)
    try:
        objects.apply(namespace_form(workspace))
        objects.apply(quota_form(workspace))
    except API_ERRORS as error:
        raise _unable(error, workspace.namespace) from error


def until_gone(
    connection: Connection, workspace: Workspace, clock: Clock, seconds: float = GONE_SECONDS
) -> None:
    """Wait until a namespace that was deleted is gone. Raises ClusterError when it stays.

    Pods that are still there after STUCK_SECONDS are let go, whatever their containers do.
    """
    core = connection.api(client.CoreV1Api)

    def look() -> Glance[client.V1Namespace]:
        try:
            return Glance(so=False, value=core.read_namespace(workspace.namespace))
        except API_ERRORS as error:
            gone = meaning(error).meaning is Meaning.absent
            return Glance(so=True if gone else None, cause=error)

    ended = wait(look, min(seconds, STUCK_SECONDS), clock, every=QUICK)
    if ended.so is False and seconds > STUCK_SECONDS:
        _let_go(connection, workspace)
        ended = wait(look, seconds - STUCK_SECONDS, clock, every=QUICK)
    if ended.so:
        return
    status = ended.last.value.status if ended.last and ended.last.value else None
    left = "; ".join(c.message or c.type for c in (status and status.conditions) or ()) or "-"
    name = workspace.namespace
    what = Text(f"命名空间 {name} 还在：{left}。", f"The namespace {name} is still there: {left}.")
    raise _too_slow(ended, what, seconds, workspace)


def _let_go(connection: Connection, workspace: Workspace) -> None:
    """Take the Pods out of a namespace that is going, without waiting for their containers.

    The cluster looks at such a namespace again when it changes, or else after half of the longest
    grace period that it saw in it; so change it.
    """
    core = connection.api(client.CoreV1Api)
    seen = {"metadata": {"annotations": {"podlab/let-go": "pods"}}}
    try:
        core.delete_collection_namespaced_pod(workspace.namespace, grace_period_seconds=0)
        core.patch_namespace(workspace.namespace, seen)
    except API_ERRORS as error:
        if meaning(error).meaning is not Meaning.absent:
            raise _unable(error, workspace.namespace) from error


def _wait_for_account(connection: Connection, workspace: Workspace, clock: Clock) -> None:
    core = connection.api(client.CoreV1Api)

    def look() -> Glance[None]:
        try:
            core.read_namespaced_service_account("default", workspace.namespace)
        except API_ERRORS as error:
            absent = meaning(error).meaning is Meaning.absent
            return Glance(so=False if absent else None, cause=error)
        return Glance(so=True)

    ended = wait(look, ACCOUNT_SECONDS, clock, every=QUICK)
    if not ended.so:
        what = Text(
            f"{workspace.namespace} 里还没有 ServiceAccount default。",
            f"{workspace.namespace} has no ServiceAccount default yet.",
        )
        raise _too_slow(ended, what, ACCOUNT_SECONDS, workspace)


def _too_slow(ended: Waited[Any], what: Text, seconds: float, workspace: Workspace) -> ClusterError:
    if ended.so is None and ended.blind and ended.blind.cause:
        return _unable(ended.blind.cause, workspace.namespace)
    return ClusterError(
        what,
        Text(f"{seconds:.0f} 秒之内应当好了。", f"This should take less than {seconds:.0f} s."),
        Text("用 podlab doctor 查看集群。", "Look at the cluster with podlab doctor."),
    )


def _unable(error: Exception, name: str) -> ClusterError:
    answer = meaning(error)
    expected = Text(f"命名空间 {name} 应当就绪。", f"The namespace {name} should be ready.")
    words = answer.message[:300] if answer.code else ""  # else they are those of a Python library
    why = Text(answer.why.zh + words, f"{answer.why.en} {words}".rstrip())
    return ClusterError(why, expected, answer.todo)
