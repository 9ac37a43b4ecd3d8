"""Pods whose containers may be killed, or never start: found without the common troubles.

Those would hide what this lab is about. To them a container that was killed for its memory has
"crashed", and one that cannot be started in its memory is "not Ready".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checker.observe import Before, Bench, Container, Pod, Refusal
from checker.texts import Text

from .amounts import MIB, memory_limit, number

SETTLES = 6.0
"""Seconds after which a wrong state that lasts will not heal by itself."""
NO_START = 24 * MIB
"""With a memory limit below this, a container that was never started may have failed for it. What
sets it up takes some MiB (here less than 4 are too few), more in other runtimes."""
TOO_LITTLE = ("OOM-killed", "too low", "no space left")
"""Words of events and states that tell of a limit too small to start in."""
NOT_THERE = ("not-taken-up", "no-match", "pods-refused")
ENDED = ("Succeeded", "Failed")

RUNS = Text("容器 {container} 在运行", "container {container} runs")
NEVER = Text("容器没有重启过", "the container was never restarted")


def present(bench: Bench, selector: str) -> list[Pod]:
    """The Pods with these labels, whatever state they are in; none at all is refused.

    Where a Pod had a trouble and now none has, all may have changed: that is refused, to be looked
    at again.
    """
    try:
        return [bench.look_for(selector)]
    except Refusal as no:
        pods = [pod for pod in bench.pods(selector) if pod.phase not in ENDED]
        healed = no.message_id != "many-match" and all(pod.ready for pod in pods)
        if healed or no.message_id in NOT_THERE:
            raise
        return pods


def started(bench: Bench, selector: str) -> Pod:
    """The one Pod with these labels, when its container has been started at least once."""
    pods = present(bench, selector)
    if len(pods) > 1:
        return bench.look_for(selector)  # says that there are many; in a rollout, one is left
    pod = pods[0]
    must_start(bench, pod)
    container = pod.container()
    if container.state == "waiting" and container.last is None:
        bench.look_for(selector)  # says what it waits for
    return pod


def first_life(bench: Bench, selector: str) -> Pod:
    """The one Pod with these labels, when it is Ready and was never restarted."""
    for pod in present(bench, selector):
        must_not_have_restarted(bench, pod)
    return bench.look_for(selector)


@contextmanager
def one_life(bench: Bench, pod: Pod) -> Iterator[None]:
    """Say of a container that ends while we look into it what this lab says of one that ended."""
    try:
        yield
    except Refusal as no:
        if no.message_id in ("crashed", "restarted-meanwhile"):
            must_not_have_restarted(bench, bench.pod(pod.name))
        raise


def must_start(bench: Bench, pod: Pod) -> None:
    """Refuse a container that its memory limit keeps from being started.

    Runtimes say it apart: here the sandbox fails (the Pod's cgroup has no room for it), or a
    projected volume does, which is as large as the limit; elsewhere the reason is StartError.
    """
    container = pod.container()
    written = memory_limit(pod, container)
    limit = number(written) if written else NO_START
    if limit >= NO_START or _has_begun(container):
        return
    said = bench.hint(pod) or container.message
    if limit < 1024 or any(word in said for word in TOO_LITTLE):
        bench.failed(
            "millibytes" if limit < 1024 else "never-started",
            expected=RUNS.format(container=container.name),
            found=said,
            command=f"kubectl describe pod {pod.name}",
            settles=SETTLES,
            container=container.name,
            limit=written,
            detail=said,
        )


def _has_begun(container: Container) -> bool:
    ended = container.ended or container.last
    return container.state == "running" or (ended is not None and ended.reason != "StartError")


def must_not_have_restarted(bench: Bench, pod: Pod) -> None:
    """Refuse a container that is not in its first life."""
    container = pod.container()
    ended = container.ended or container.last
    if container.restarts or ended:
        bench.failed(
            "restarted",
            expected=NEVER,
            found=f"restartCount {container.restarts}",
            command=f"kubectl describe pod {pod.name}",
            settles=SETTLES / 2,
            container=container.name,
            restarts=container.restarts,
            how=f"{ended.reason}, {ended.code}" if ended else "-",
        )


def as_before(bench: Bench, before: Before) -> Pod:
    """The Pod as it is now; refused when it is another, or its container lives anew."""
    now = bench.pod(before.pod)
    here = now.container(before.container)
    if now.uid != before.uid:
        bench.failed("pod-changed", command="kubectl get pods", pod=before.pod)
    if here.restarts != before.restarts or here.id != before.container_id:
        bench.failed(
            "restarted-meanwhile",
            command=f"kubectl get pod {now.name}",
            pod=now.name,
            container=here.name,
        )
    return now
