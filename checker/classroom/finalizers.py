"""Lets go what finalizers hold in a learner's namespace that has been deleted.

A learner may put a finalizer on what is his. Nobody ever comes to take it off, and the namespace
would stay for ever.
"""

from __future__ import annotations

from checker.cluster import API_ERRORS, Connection, Meaning, Objects, Workspace, meaning

MADE_BY_LEARNERS = (
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "LimitRange",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
)
"""What the role of learners lets them create."""


def let_go(connection: Connection, space: Workspace) -> None:
    """Take the finalizers off what has been deleted there. Raises what the client raises."""
    objects = Objects(connection, space.namespace)
    for kind in MADE_BY_LEARNERS:
        for found in objects.list(kind):
            meta = found.metadata
            if meta.deletion_timestamp and meta.finalizers:
                _free(objects, kind, meta.name)


def _free(objects: Objects, kind: str, name: str) -> None:
    try:
        objects.patch(kind, name, {"metadata": {"finalizers": None}})
    except API_ERRORS as error:
        if meaning(error).meaning is not Meaning.absent:
            raise
