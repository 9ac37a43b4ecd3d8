"""Pods that pull: whether one did, with which Secrets, and why it did not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from checker.observe import Bench, Container, Pod, Refusal
from checker.texts import Text

PULL_FAILED = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")
# How container runtimes say that a registry wants a login, or another one.
UNAUTHORIZED = re.compile(r"\b401\b|unauthorized|authoriz|no basic auth|access denied", re.I)
NOT_FOUND = re.compile(r"not found|manifest unknown|\b404\b", re.I)
MAKERS = {"DaemonSet", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"}
"""Controllers that make a Pod from their `spec.template`."""
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
RUNS = Text("Pod {pod} 运行私有镜像", "Pod {pod} runs the private image")

Unnamed = Callable[[Bench, Pod, Mapping[str, Any]], None]
"""Says why a Pod without any Secret's name has none."""


def up(bench: Bench, wait: Callable[[], Pod], unnamed: Unnamed) -> Pod:
    """The Pod that `wait` waits for. One whose image was not pulled is told why."""
    try:
        return wait()
    except Refusal as no:
        if no.message_id == "image-not-pulled":
            _say_why(bench, bench.pod(str(no.params["pod"])), unnamed)
        raise


def _say_why(bench: Bench, pod: Pod, unnamed: Unnamed) -> None:
    """From what the kubelet says, name the cause that explains it; else say nothing."""
    container = not_pulled(pod)
    if container is None:
        return
    seen: dict[str, Any] = {
        "expected": RUNS.format(pod=pod.name),
        "found": f"{container.reason}: {container.message}",
        "command": f"kubectl describe pod {pod.name}",
    }
    if container.reason == "InvalidImageName":
        bench.failed("bad-name", image=container.image, **seen)
    if UNAUTHORIZED.search(container.message):
        names = secrets_of(pod)
        if not names:
            unnamed(bench, pod, seen)
        missing = [name for name in names if bench.find("Secret", name) is None]
        if missing:
            bench.failed("secret-not-found", pod=pod.name, secrets=words(missing), **seen)
        bench.failed("pull-refused", pod=pod.name, secrets=words(names), **seen)
    if NOT_FOUND.search(container.message):
        bench.failed("no-such-image", image=container.image, **seen)


def not_pulled(pod: Pod) -> Container | None:
    """The container whose image could not be pulled, if there is one."""
    failed = (c for c in pod.containers if c.state == "waiting" and c.reason in PULL_FAILED)
    return next(failed, None)


def secrets_of(pod: Pod) -> list[str]:
    """The names of the Pod's imagePullSecrets; the admission put its ServiceAccount's there."""
    spec = pod.raw.spec
    return [str(each.name) for each in (spec.image_pull_secrets if spec else None) or ()]


def named_in_manifest(bench: Bench, pod: Pod) -> tuple[list[str], str]:
    """The Secrets that the Pod's own manifest names, and the command that shows it.

    The Pod itself does not tell, for the admission puts its ServiceAccount's there. None where
    nothing tells, such as for a Pod of `kubectl create`.
    """
    if pod.owner is None:
        return _applied(pod), f"kubectl apply view-last-applied pod {pod.name}"
    kind, name = pod.owner
    maker = bench.find(kind, name) if kind in MAKERS else None
    named = (maker.spec.template.spec.image_pull_secrets if maker else None) or ()
    path = "{.spec.template.spec.imagePullSecrets}"
    command = f"kubectl get {kind.lower()} {name} -o jsonpath='{path}'"
    return [str(each.name) for each in named], command


def _applied(pod: Pod) -> list[str]:
    """The Secrets in the manifest that `kubectl apply` noted at the Pod."""
    notes = (pod.raw.metadata.annotations if pod.raw.metadata else None) or {}
    try:
        spec = json.loads(notes.get(APPLIED, "{}"))["spec"]
        return [str(each["name"]) for each in spec.get("imagePullSecrets") or ()]
    except (ValueError, LookupError, TypeError, AttributeError):  # anybody may write such a note
        return []


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
