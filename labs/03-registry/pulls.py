"""Pods that pull: whether one did, and with which Secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from checker.observe import Bench, Container, Pod
from checker.texts import Text

PULL_FAILED = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")
# How container runtimes say that a registry wants a login, or another one.
UNAUTHORIZED = re.compile(r"\b401\b|unauthorized|authoriz|no basic auth|access denied", re.I)
MAKERS = {"DaemonSet", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"}
"""Controllers that make a Pod from their `spec.template`."""
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
SECRET_FIELDS = ("imagePullSecrets", "secret", "secretRef", "secretKeyRef")
RUNS = Text("Pod {pod} 运行私有镜像", "Pod {pod} runs the private image")


def not_pulled(pod: Pod) -> Container | None:
    """The container whose image could not be pulled, if there is one."""
    failed = (c for c in pod.containers if c.state == "waiting" and c.reason in PULL_FAILED)
    return next(failed, None)


def secrets_of(pod: Pod) -> list[str]:
    """The names of the Pod's imagePullSecrets; the admission put its ServiceAccount's there."""
    spec = pod.raw.spec
    return [str(each.name) for each in (spec.image_pull_secrets if spec else None) or ()]


def named_in_manifest(bench: Bench, pod: Pod) -> tuple[list[str], str]:
    """The Secrets that the Pod's own manifest names, for pulls, in volumes and in variables; and
    the command that shows it.

    The Pod itself does not tell, for the admission puts its ServiceAccount's there. None where
    nothing tells, such as for a Pod of `kubectl create`.
    """
    if pod.owner is None:
        return _applied(pod), f"kubectl apply view-last-applied pod {pod.name}"
    kind, name = pod.owner
    maker = bench.find(kind, name) if kind in MAKERS else None
    spec = maker.spec.template.spec if maker else None
    form = bench.connection.client.sanitize_for_serialization(spec)  # type: ignore[no-untyped-call]
    command = f"kubectl get {kind.lower()} {name} -o jsonpath='{{.spec.template.spec}}'"
    return sorted(set(_secrets_in(form))), command


def _applied(pod: Pod) -> list[str]:
    """The Secrets in the manifest that `kubectl apply` noted at the Pod."""
    notes = (pod.raw.metadata.annotations if pod.raw.metadata else None) or {}
    try:
        return sorted(set(_secrets_in(json.loads(notes.get(APPLIED, "{}"))["spec"])))
    except (ValueError, LookupError, TypeError):  # anybody may write such a note
        return []


def _secrets_in(form: object) -> Iterator[str]:
    """The names of Secrets in the specification of a Pod, wherever one may stand."""
    if isinstance(form, list):
        for each in form:
            yield from _secrets_in(each)
    if not isinstance(form, dict):
        return
    for field, value in form.items():
        if field == "secretName":
            yield str(value)
        elif field in SECRET_FIELDS:
            yield from (str(each["name"]) for each in _dicts(value) if "name" in each)
        yield from _secrets_in(value)


def _dicts(value: object) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]


def account_of(pod: Pod) -> str:
    """The name of the ServiceAccount it runs under."""
    return str(pod.raw.spec.service_account_name if pod.raw.spec else "default")


def secrets_of_account(bench: Bench, name: str) -> list[str]:
    """The names of a ServiceAccount's imagePullSecrets."""
    found = bench.get("ServiceAccount", name).image_pull_secrets
    return [each.name for each in found or ()]


def words(names: Iterable[object]) -> str:
    """Names in a row, `-` for none."""
    return ", ".join(map(str, names)) or "-"
