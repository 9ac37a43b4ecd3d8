"""The kinds the course speaks of, and how the client library reads and writes them.

One table. A kind that is not in it is an author's mistake, and is told as such.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kubernetes import client

from checker.cluster.connection import Connection

FIELD_MANAGER = "podlab"


@dataclass(frozen=True)
class Kind:
    """A kind of object: the library's class of API, its word for it, and if it has a namespace."""

    name: str
    api_name: str
    word: str
    namespaced: bool = True

    @property
    def api(self) -> type[Any]:
        """The class of API. Only asked for when it is used: one takes up to a second to load."""
        found: type[Any] = getattr(client, self.api_name)
        return found


_CORE, _APPS, _BATCH = "CoreV1Api", "AppsV1Api", "BatchV1Api"
KINDS = {
    kind.name: kind
    for kind in (
        Kind("ClusterRole", "RbacAuthorizationV1Api", "cluster_role", namespaced=False),
        Kind("ConfigMap", _CORE, "config_map"),
        Kind("CronJob", _BATCH, "cron_job"),
        Kind("DaemonSet", _APPS, "daemon_set"),
        Kind("Deployment", _APPS, "deployment"),
        Kind("EndpointSlice", "DiscoveryV1Api", "endpoint_slice"),
        Kind("Event", _CORE, "event"),
        Kind("Job", _BATCH, "job"),
        Kind("LimitRange", _CORE, "limit_range"),
        Kind("Namespace", _CORE, "namespace", namespaced=False),
        Kind("NetworkPolicy", "NetworkingV1Api", "network_policy"),
        Kind("Node", _CORE, "node", namespaced=False),
        Kind("PersistentVolume", _CORE, "persistent_volume", namespaced=False),
        Kind("PersistentVolumeClaim", _CORE, "persistent_volume_claim"),
        Kind("Pod", _CORE, "pod"),
        Kind("PodDisruptionBudget", "PolicyV1Api", "pod_disruption_budget"),
        Kind("ReplicaSet", _APPS, "replica_set"),
        Kind("ReplicationController", _CORE, "replication_controller"),
        Kind("ResourceQuota", _CORE, "resource_quota"),
        Kind("Role", "RbacAuthorizationV1Api", "role"),
        Kind("RoleBinding", "RbacAuthorizationV1Api", "role_binding"),
        Kind("Secret", _CORE, "secret"),
        Kind("Service", _CORE, "service"),
        Kind("ServiceAccount", _CORE, "service_account"),
        Kind("StatefulSet", _APPS, "stateful_set"),
        Kind("StorageClass", "StorageV1Api", "storage_class", namespaced=False),
        Kind(
            "ValidatingAdmissionPolicy",
            "AdmissionregistrationV1Api",
            "validating_admission_policy",
            namespaced=False,
        ),
        Kind(
            "ValidatingAdmissionPolicyBinding",
            "AdmissionregistrationV1Api",
            "validating_admission_policy_binding",
            namespaced=False,
        ),
    )
}


class Objects:
    """Objects of one namespace (and those that have none), by kind and name.

    Every method raises what the client raises (`API_ERRORS`); `meaning` reads it.
    """

    def __init__(self, connection: Connection, namespace: str) -> None:
        self.connection = connection
        self.namespace = namespace

    def read(self, kind: str, name: str) -> Any:
        """The object, as the library's model."""
        return self._call("read", kind, name)

    def list(self, kind: str, selector: str = "") -> list[Any]:
        """All objects of a kind that a label selector finds; all there are for an empty one."""
        return list(self._call("list", kind, label_selector=selector).items)

    def everywhere(self, kind: str, selector: str = "") -> tuple[Any, ...]:
        """All objects of a kind in all namespaces that a label selector finds."""
        what = kind_of(kind)
        end = "_for_all_namespaces" if what.namespaced else ""
        find = getattr(self.connection.api(what.api), f"list_{what.word}{end}")
        return tuple(find(label_selector=selector).items)

    def create(self, manifest: dict[str, Any]) -> Any:
        """Make an object that is not there yet; one that is there is a conflict."""
        what = kind_of(manifest["kind"])
        middle = "_namespaced_" if what.namespaced else "_"
        make = getattr(self.connection.api(what.api), f"create{middle}{what.word}")
        return make(*((self.namespace,) if what.namespaced else ()), manifest)

    def apply(self, manifest: dict[str, Any], dry_run: bool = False) -> Any:
        """Server-side apply, as `kubectl apply --server-side --force-conflicts` does."""
        return self._call(
            "patch",
            manifest["kind"],
            manifest["metadata"]["name"],
            body=manifest,
            force=True,
            field_manager=FIELD_MANAGER,
            dry_run="All" if dry_run else None,
            _content_type="application/apply-patch+yaml",
        )

    def patch(self, kind: str, name: str, body: dict[str, Any]) -> Any:
        """A JSON merge patch: a field that is None goes away."""
        return self._call(
            "patch", kind, name, body=body, _content_type="application/merge-patch+json"
        )

    def delete(self, kind: str, name: str, uid: str = "", grace: int | None = None) -> None:
        """Delete; with `uid` only that very object, with `grace` in so many seconds."""
        options = client.V1DeleteOptions(
            grace_period_seconds=grace,
            preconditions=client.V1Preconditions(uid=uid) if uid else None,
            propagation_policy="Background",
        )
        self._call("delete", kind, name, body=options)

    def _call(self, verb: str, kind: str, *args: str, **kwargs: Any) -> Any:
        what = kind_of(kind)
        middle = "_namespaced_" if what.namespaced else "_"
        method: Callable[..., Any] = getattr(
            self.connection.api(what.api), f"{verb}{middle}{what.word}"
        )
        where = (self.namespace,) if what.namespaced else ()
        return method(*args, *where, **kwargs)


def kind_of(name: str) -> Kind:
    """The row of the table. Raises ValueError for a kind the course does not know."""
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"unknown kind {name}; known: {', '.join(KINDS)}") from None
