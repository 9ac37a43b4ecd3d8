"""The Job: what its Pods say about the helper beside the main container."""

from __future__ import annotations

from typing import Any

from checker.observe import Bench, Pod
from checker.texts import Text

from .site import HELPER, NATIVE, SETTLES, is_native

JOB = "report"
COMPLETE = Text("Job 完成，git-monitor 运行到最后", "the Job completes, git-monitor running along")


def must_have_helper(bench: Bench, job: Any) -> None:
    """Refuse a Job without the helper: there is nothing to judge.

    The template tells, for it cannot be changed, and outlives the Pods made from it.
    """
    spec = job.spec.template.spec
    names = [c.name for c in (*(spec.init_containers or ()), *spec.containers)]
    if HELPER not in names:
        bench.failed(
            "helper-missing",
            expected=NATIVE,
            found=", ".join(names),
            command=f"kubectl describe job {JOB}",
            settles=0,
            job=JOB,
            containers=", ".join(names),
        )


def must_run_along(bench: Bench, job: Any) -> None:
    """Refuse a Job that is complete because its helper came to an end by itself, or that never ran
    a Pod.
    """
    if not job.status.succeeded:
        bench.failed(
            "nothing-ran",
            expected=COMPLETE,
            found=f"succeeded: {job.status.succeeded or 0}",
            command=f"kubectl describe job {JOB}",
            job=JOB,
            completions=job.spec.completions,
        )
    if is_native(job.spec.template.spec):
        return
    ends = [
        c.ended for p in bench.pods(f"job-name={JOB}") for c in p.containers if c.name == HELPER
    ]
    code = next((end.code for end in ends if end), "?")
    bench.failed(
        "not-native",
        expected=NATIVE,
        found=f"{HELPER}: exit code {code}",
        command=f"kubectl describe pods -l job-name={JOB}",
        job=JOB,
        code=code,
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
    if helper.state != "running" or is_native(pod.raw.spec):
        return
    if not helper.main:
        bench.failed("helper-blocks", waiting=", ".join(c.name for c in others), **seen)
    if all(c.ended and c.ended.code == 0 for c in others):
        bench.failed("helper-holds", ended=", ".join(c.name for c in others), **seen)
