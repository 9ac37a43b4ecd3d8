"""Tells a container that is down because a check ended it: that is no fault of the learner's.

Clusters let a container wait for its next life: 10 s, 20, 40, at most 5 minutes. A check that comes
soon after another one finds it waiting; a Pod that is not restarted stays ended. By then the check
that gave the order is over, so a note at the Pod tells which life it was given to.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from checker.cluster import API_ERRORS
from checker.observe import Before, Bench, CouldNotLook, Pod, Refusal
from checker.texts import Text

NAME = "messager"
NOTE = "podlab/ordered"
RESTARTS = 100.0
"""Seconds for the next life of a container that we ended."""
FINISHED = ("Succeeded", "Failed")
DOWN = ("crashed", "pod-ended", "not-restarted")

BACK = Text("容器 messager 再次启动", "container messager to be started again")
WAITS = Text(
    "Pod {pod} 的容器 messager 是检查程序让它结束的，集群还没有再启动它（CrashLoopBackOff）。",
    "The checker ended container messager of Pod {pod}, and the cluster has not started it again"
    " yet (CrashLoopBackOff).",
)
LATER = Text(
    "过几分钟再检查；不想等，就删除这个 Pod（kubectl delete pod {pod}）。"
    "没有控制器的话，再应用一次它的文件。然后检查。",
    "Check again in some minutes. Or, at once, delete the Pod (kubectl delete pod {pod}); where it"
    " has no controller, apply its file again; then check.",
)
ENDED = Text(
    "Pod {pod} 上一次检查时按检查程序写的 /tmp/order 结束了，不会再启动。",
    "In an earlier check Pod {pod} ended as the checker's /tmp/order told it to, and it is not"
    " started again.",
)
ANEW = Text(
    "删除这个 Pod（kubectl delete pod {pod}），再应用一次它的文件，然后检查。",
    "Delete the Pod (kubectl delete pod {pod}), apply its file again, then check.",
)


def note(bench: Bench, before: Before) -> None:
    """Write down at the Pod which life is about to get an order.

    Without the note a later check would say less well what it sees; so nothing depends on it.
    """
    body = {"metadata": {"annotations": {NOTE: before.container_id}}}
    with suppress(*API_ERRORS):
        bench.objects.patch("Pod", before.pod, body)


def ready_pod(bench: Bench, selector: str) -> Pod:
    """As `bench.ready_pod`, but one that we ended ourselves gets the time to come back.

    CouldNotLook when it does not.
    """

    def look() -> Pod:
        try:
            return bench.look_for(selector)
        except Refusal as no:
            if excuse := _excuse(no, bench.pods(selector)):
                raise excuse from no
            raise

    try:
        return bench.ready_pod(selector)
    except Refusal as no:
        pods = bench.pods(selector)
        excuse = _excuse(no, pods)
        if excuse is None:
            raise
        if all(pod.phase in FINISHED for pod in pods):
            raise excuse from no
    return bench.converge(look, bool, RESTARTS, BACK)


def restarted(bench: Bench, before: Before) -> Pod:
    """As `bench.restarted`, for a container that we ended: a long back-off is no fault of it."""
    try:
        return bench.restarted(before, RESTARTS)
    except Refusal as no:
        if excuse := _excuse(no, [bench.pod(before.pod)]):
            raise excuse from no
        raise


def _excuse(no: Refusal, pods: Sequence[Pod]) -> CouldNotLook | None:
    """What to say instead, where the container is down by an order of ours."""
    if no.message_id not in DOWN or no.params.get("container", NAME) != NAME:
        return None
    for pod in (pod for pod in pods if _ended_on_order(pod)):
        why, todo = (ENDED, ANEW) if pod.phase in FINISHED else (WAITS, LATER)
        return CouldNotLook(why.format(pod=pod.name), todo.format(pod=pod.name), no.evidence)
    return None


def _ended_on_order(pod: Pod) -> bool:
    """Whether the last life that ended is the one that the note names."""
    noted = (pod.raw.metadata.annotations or {}).get(NOTE)
    status = pod.raw.status
    states = [*(status.container_statuses or ()), *(status.init_container_statuses or ())]
    for mine in (each for each in states if each.name == NAME):
        ends = [state.terminated for state in (mine.state, mine.last_state) if state]
        last = next((end for end in ends if end), None)
        return bool(noted and last and last.container_id == noted)
    return False
