"""The kinds that a learner writes, and the apiVersion each belongs to."""

from __future__ import annotations

import difflib

import yaml

from checker.notebook.yamlcheck.place import YamlTrouble, at_node
from checker.texts import Text

VERSIONS = {
    "v1": (
        "ConfigMap",
        "Endpoints",
        "Event",
        "LimitRange",
        "List",
        "Namespace",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Pod",
        "ReplicationController",
        "ResourceQuota",
        "Secret",
        "Service",
        "ServiceAccount",
    ),
    "apps/v1": ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
    "autoscaling/v1": ("HorizontalPodAutoscaler",),
    "autoscaling/v2": ("HorizontalPodAutoscaler",),
    "batch/v1": ("CronJob", "Job"),
    "discovery.k8s.io/v1": ("EndpointSlice",),
    "events.k8s.io/v1": ("Event",),
    "networking.k8s.io/v1": ("Ingress", "IngressClass", "NetworkPolicy"),
    "policy/v1": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io/v1": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
    "scheduling.k8s.io/v1": ("PriorityClass",),
    "storage.k8s.io/v1": ("StorageClass",),
}
OF_KUBERNETES = ("", "apps", "autoscaling", "batch", "extensions", "policy")
"""Groups of Kubernetes itself, beside those in .k8s.io; others may use the same names of kinds."""


def wrong_kind(kind: yaml.Node, version: yaml.Node, text: str) -> YamlTrouble | None:
    """What is wrong with these two values, as far as one can tell without asking the cluster."""
    if not isinstance(kind, yaml.ScalarNode) or not isinstance(version, yaml.ScalarNode):
        return None
    group = version.value.rpartition("/")[0]
    if group not in OF_KUBERNETES and not group.endswith(".k8s.io"):
        return None
    homes = [home for home, kinds in VERSIONS.items() if kind.value in kinds]
    if homes:
        return None if version.value in homes else _wrong_version(kind.value, homes, version, text)
    return _misspelt(kind, text)


def _wrong_version(kind: str, homes: list[str], version: yaml.ScalarNode, text: str) -> YamlTrouble:
    right = homes[-1]
    return at_node(
        version,
        text,
        Text(f"`{version.value}` 里没有 {kind}。", f"There is no {kind} in `{version.value}`."),
        Text(
            f"{kind} 属于 `{right}`：写成 `apiVersion: {right}`。",
            f"A {kind} belongs to `{right}`: write `apiVersion: {right}`.",
        ),
    )


def _misspelt(kind: yaml.ScalarNode, text: str) -> YamlTrouble | None:
    known = {name.lower(): name for kinds in VERSIONS.values() for name in kinds}
    near = difflib.get_close_matches(kind.value.lower(), known, n=1, cutoff=0.8)
    if not near:  # it may be a kind that this table does not know
        return None
    right = known[near[0]]
    return at_node(
        kind,
        text,
        Text(f"没有 `{kind.value}` 这种对象。", f"There is no kind `{kind.value}`."),
        Text(
            f"想写的是 `{right}` 吗？大小写也要一样。",
            f"Do you mean `{right}`? Capital letters count.",
        ),
    )
