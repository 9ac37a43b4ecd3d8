"""Pods whose image was not pulled: why, and whether that may be over by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from checker.observe import Bench, CouldNotLook, Pod, PrivateRegistry, Refusal
from checker.texts import Text

from .credential import helps
from .pulls import RUNS, UNAUTHORIZED, not_pulled, secrets_of, words

NOT_FOUND = re.compile(r"not found|manifest unknown|\b404\b", re.I)
TRIES = 5
"""How often we wait for a Pod that a credential would help by now. Each time it is some 10 s until
its image counts as not pulled, and the kubelet's tries lie 10, 20, 40 s apart."""

WAITS = Text(
    "Pod {pod} 的 Secret 现在是对的；它早先被拒绝过，kubelet 还没有再试（ImagePullBackOff）。",
    "The Secret of Pod {pod} is right by now. The Pod was refused before that, and the kubelet has"
    " not tried again yet (ImagePullBackOff).",
)
LATER = Text(
    "过几分钟再检查；不想等，就删除这个 Pod（kubectl delete pod {pod}）。"
    "没有控制器的话，再应用一次它的文件。然后检查。",
    "Check again in some minutes. Or, at once, delete the Pod (kubectl delete pod {pod}); where it"
    " has no controller, apply its file again; then check.",
)

Unnamed = Callable[[Bench, Pod, Mapping[str, Any]], None]
"""Says why a Pod without any Secret's name has none."""


def up(bench: Bench, registry: PrivateRegistry, wait: Callable[[], Pod], unnamed: Unnamed) -> Pod:
    """The Pod that `wait` waits for. One whose image was not pulled is told why.

    CouldNotLook for one that was refused, and would not be any more, until the kubelet tries again.
    """
    for _ in range(TRIES):
        try:
            return wait()
        except Refusal as no:
            if no.message_id != "image-not-pulled":
                raise
            pod = bench.pod(str(no.params["pod"]))
            if not _is_right_by_now(bench, registry, pod):
                _say_why(bench, pod, unnamed)
                raise
            late = CouldNotLook(WAITS.format(pod=pod.name), LATER.format(pod=pod.name), no.evidence)
    raise late


def _is_right_by_now(bench: Bench, registry: PrivateRegistry, pod: Pod) -> bool:
    """Whether the Pod was refused for its credential, and has one that the registry knows."""
    container = not_pulled(pod)
    if container is None or not UNAUTHORIZED.search(container.message):
        return False
    return any(helps(bench, registry, name) for name in secrets_of(pod))


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
