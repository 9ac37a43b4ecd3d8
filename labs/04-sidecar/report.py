"""The Job: what its Pods say about the helper beside the main container."""

from __future__ import annotations

from typing import Any

from checker.observe import Bench, Pod
from checker.texts import Text

from .site import HELPER, NATIVE, SETTLES, is_native, show_kinds

JOB = "report"
COMPLETE = Text("Job 完成，git-monitor 运行到最后", "the Job completes, git-monitor running along")


def must_have_helper(bench: Bench, pod: Pod) -> None:
    """Refuse a Pod of the Job without the helper: there is nothing to judge."""
    names = [c.name for c in pod.containers]
    if HELPER not in names:
        bench.failed(
            "helper-missing",
            expected=NATIVE,
            found=", ".join(names),
            command=show_kinds(pod),
            settles=0,
            job=JOB,
            containers=", ".join(names),
        )


def say_what_holds(bench: Bench, pod: Pod) -> None:
    """Why the Job goes on and on, where its Pod's containers tell."""
    helper = pod.container(HELPER)
    others = [c for c in pod.containers if c.main and c.name != HELPER]
    seen: dict[str, Any] = {
        "expected": COMPLETE,
        "found": f"{HELPER}: {helper.state}",
        "command": f"kubectl get pod {pod.name}",
        "settles": SETTLES,
        "job": JOB,
    }
    if helper.state != "running" or is_native(pod):
        return
    if not helper.main:
        bench.failed("helper-blocks", waiting=", ".join(c.name for c in others), **seen)
    if all(c.ended and c.ended.code == 0 for c in others):
        bench.failed("helper-holds", ended=", ".join(c.name for c in others), **seen)
