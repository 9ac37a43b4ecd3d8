"""What controllers tell of the Pods they make: taken up, rolled out, refused. Data in, Refusal out.

https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
"""

from __future__ import annotations

from typing import Any

from checker.observe.outcome import Refusal
from checker.observe.verdicts import refusal
from checker.texts import Text

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
NONE_SETTLES = 5.0
"""Seconds a controller may take to make its first Pod."""
TAKEN_UP = Text("集群已经处理了 {object}", "the cluster has taken up {object}")


def makes(owner: Any, selector: str) -> bool:
    """Whether a controller's Pods, old or new, may carry the labels of a selector.

    Its own selector tells, for that never changes: where the two contradict, it makes others.
    """
    own = (owner.spec.selector.match_labels if owner.spec.selector else None) or {}
    wanted = [word.partition("=") for word in selector.split(",") if word.count("=") == 1]
    return all(own.get(key, value) == value for key, _, value in wanted)


def must_have_seen(owner: Any, kind: str) -> None:
    """Refusal `not-taken-up` (object) while a controller has not seen its manifest applied last."""
    seen = (owner.status.observed_generation if owner.status else None) or 0
    if seen < (owner.metadata.generation or 0):
        raise _not_taken_up(owner, kind)


def rollout_of(owner: Any, kind: str) -> Refusal | None:
    """`not-taken-up` while a controller has Pods of its former template left to replace, or a
    StatefulSet, which makes them one by one, has not made them all; `pods-refused` where the API
    server does not let it.

    Who applies and checks at once would else be judged by a Pod that is on its way out, or by the
    first alone.
    """
    if owner.status is None or not _is_behind(owner, kind):
        return None
    expected = TAKEN_UP.format(object=f"{kind} {owner.metadata.name}")
    return pods_refused(owner, kind, expected) or _not_taken_up(owner, kind)


def pods_refused(owner: Any, kind: str, expected: Text) -> Refusal | None:
    """`pods-refused` (object, detail), where the API server let a controller make none: quota,
    Pod Security, …
    """
    for condition in getattr(owner.status, "conditions", None) or ():
        if condition.type == "ReplicaFailure" and condition.status == "True":
            name, detail = owner.metadata.name, str(condition.message or condition.reason)
            told: dict[str, Any] = {"object": f"{kind} {name}", "detail": detail}
            command = f"kubectl describe {kind.lower()} {name}"
            return refusal("pods-refused", expected, detail, command, NONE_SETTLES, **told)
    return None


def _is_behind(owner: Any, kind: str) -> bool:
    status = owner.status
    if kind == "Deployment":
        return (status.updated_replicas or 0) < (status.replicas or 0)
    if kind == "StatefulSet":
        old = _replaces_all(owner) and status.current_revision != status.update_revision
        return old or (status.ready_replicas or 0) < (owner.spec.replicas or 0)
    if kind == "DaemonSet":
        wanted = status.desired_number_scheduled or 0
        return _replaces_all(owner) and (status.updated_number_scheduled or 0) < wanted
    return False  # a ReplicaSet keeps the Pods that it has


def _replaces_all(owner: Any) -> bool:
    """Whether a StatefulSet or DaemonSet replaces all its Pods by itself, without a partition."""
    strategy = owner.spec.update_strategy
    rolling = strategy.rolling_update if strategy else None
    by_itself = bool(strategy and strategy.type == "RollingUpdate")
    return by_itself and not getattr(rolling, "partition", None)


def _not_taken_up(owner: Any, kind: str) -> Refusal:
    name = owner.metadata.name
    thing = f"{kind} {name}"
    command = f"kubectl rollout status {kind.lower()} {name}"
    return refusal("not-taken-up", TAKEN_UP.format(object=thing), command=command, object=thing)
