"""What the containers of a Pod may use of memory, as the cluster enforces it."""

from __future__ import annotations

from typing import Any, NoReturn

from kubernetes.utils.quantity import parse_quantity

from checker.observe import Bench, Pod
from checker.texts import Text

from .words import describe

MIB = 1 << 20
MOST = 128 * MIB
LIMIT = "cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"

BOUNDED = Text("每个容器的内存上限不超过 128 MiB", "each container may use 128 MiB at most")


def must_be_bounded(bench: Bench, pod: Pod) -> str:
    """Refuse a Pod with a container that may use more; the limit of the main one, in words.

    The main container is asked for the limit in force. Others, which may have ended or hold no
    program to ask with, are read in the manifest, as the kubelet reads them.
    """
    main = pod.container().name
    for form in pod.forms:
        written = _limit(form) or _limit(pod.raw.spec)
        if form.name != main and not (written and parse_quantity(written) <= MOST):  # type: ignore[no-untyped-call]
            _unbounded(bench, pod, form.name, written or "-")
    ran = bench.exec(pod, ["sh", "-c", LIMIT])
    said = ran.stdout.strip()
    if said.isdigit() and int(said) <= MOST:
        return f"{int(said) // MIB} MiB"
    # Without a limit, cgroup v1 tells a number beyond all memory.
    bounded = said.isdigit() and int(said) < MOST * MIB
    _unbounded(bench, pod, main, f"{int(said) // MIB} MiB" if bounded else "-")


def _limit(form: Any) -> str:
    """The memory limit that a container has, or a whole Pod; empty for none.

    https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
    """
    most = form.resources.limits if form.resources else None
    return str((most or {}).get("memory", ""))


def _unbounded(bench: Bench, pod: Pod, container: str, found: str) -> NoReturn:
    bench.failed(
        "unbounded",
        expected=BOUNDED,
        found=found,
        command=describe(pod),
        pod=pod.name,
        container=container,
    )
