"""What must be on record: carts after maintenance, the reason of a failed import."""

from __future__ import annotations

from typing import Any

from checker.catalogue import check
from checker.observe import Bench, Ended, Outcome, Pod
from checker.observe.troubles import trouble
from checker.texts import Text

from .fronts import STARTS
from .redis import KEEPS, REDIS, ask, await_next, must_answer, process
from .words import named

TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 (a path)
IMPORTED = 40.0
ARTICLES, WRONG = 48, (2, 4)
"""Articles of a list, and which one is wrong in the first list and in the second; both
stand near the top, where the end of a log does not reach."""
ANOTHER = "kubectl create job --from=cronjob/stock try"
"""The checker's own Job is gone when its verdict is read, so the command starts another."""

KEPT = Text("新的 Redis Pod 里还有原来的购物车", "the cart is there in the new Pod of Redis")
IMPORT_ENDS = Text("导入任务结束", "the import to end")
REASON = Text("Pod 的状态里写着错在哪件商品", "the Pod's status names the article that is wrong")


# Longest wait: a Pod ends before another takes over its volume.
@check("carts")
def carts(bench: Bench) -> Outcome:
    old = bench.pod_of_service(REDIS, STARTS)
    key, thing = f"cart:{bench.token()}", bench.token()
    must_answer(bench)
    before = process(bench)
    ask(bench, "RPUSH", key, thing)
    ask(bench, "EXPIRE", key, KEEPS)
    new = bench.replace(old, service=REDIS)
    # An old one that takes its time to end may be asked in the new one's place for a while.
    await_next(bench, before)
    must_answer(bench)
    if thing not in ask(bench, "LINDEX", key, "0"):
        _say_why_lost(bench, new)
    ask(bench, "DEL", key)
    uids = f"uid {old.uid} -> {new.uid}"
    return bench.passed(expected=KEPT, found=uids, command="kubectl get pods,pvc")


# Longest wait: one Pod of a Job starts and ends, and then another.
@check("stock")
def stock(bench: Bench) -> Outcome:
    articles = [bench.token("a") for _ in range(ARTICLES)]
    first, second = (_refused(bench, articles, wrong) for wrong in WRONG)
    if second.message == first.message:
        bench.failed("names-all", REASON, first.message, ANOTHER)
    return bench.passed(second.message, ANOTHER, REASON)


def _refused(bench: Bench, articles: list[str], wrong: int) -> Ended:
    """How the import of a list ended in which that article is wrong."""
    _deliver(bench, articles, wrong)
    ended = _import(bench)
    if articles[wrong] not in ended.message:
        # A busy kubelet may have mounted the list of before, which it keeps until it hears of this.
        ended = _import(bench)
    seen: dict[str, Any] = {"expected": REASON, "command": ANOTHER}
    if ended.code == 0:
        bench.failed("not-refused", found="exit code 0", **seen)
    if not ended.message:
        bench.failed("no-message", found="-", code=ended.code, **seen)
    if articles[wrong] not in ended.message:
        bench.failed("no-reason", found=ended.message, size=len(ended.message), **seen)
    return ended


def _say_why_lost(bench: Bench, pod: Pod) -> None:
    """The cart is gone: from what Redis and its Pod say, name the cause that explains it."""
    claims = {v.name for v in pod.raw.spec.volumes or () if v.persistent_volume_claim}
    mounts = {
        volume: path
        for c in pod.containers
        for volume, path in c.mounts.items()
        if path != TOKEN_MOUNT
    }
    folder = ask(bench, "CONFIG", "GET", "dir")
    where = next((line for line in folder if line.startswith("/")), "?")
    seen: dict[str, Any] = {
        "expected": KEPT,
        "found": "(nil)",
        "command": f"kubectl describe {named([pod])}",
    }
    kept = [path for volume, path in mounts.items() if volume in claims]
    if not kept:
        bench.failed("died-with-pod", mounts=_in_words(mounts), **seen)
    if not any(f"{where}/".startswith(f"{path.rstrip('/')}/") for path in kept):
        bench.failed("kept-elsewhere", mounts=", ".join(kept), folder=where, **seen)
    bench.failed("not-written", folder=where, **seen)


def _in_words(mounts: dict[str, str]) -> str:
    return ", ".join(f"{volume} ({path})" for volume, path in mounts.items()) or "-"


def _deliver(bench: Bench, articles: list[str], wrong: int) -> None:
    """Put a delivery with one wrong line into the ConfigMap."""
    lines = [f"{article};{number}" for number, article in enumerate(articles, 1)]
    lines[wrong] = f"{articles[wrong]};a dozen"
    there = {"data": {"delivery.csv": "\n".join([*lines, ""])}}
    if refused := bench.change("ConfigMap", "delivery", there):
        command = "kubectl get configmap delivery -o yaml"
        bench.failed("delivery-locked", expected=REASON, found=refused.message, command=command)


def _import(bench: Bench) -> Ended:
    """Run the CronJob once: how its container ended."""
    form = bench.get("CronJob", "stock").spec.job_template.spec
    job = f"stock-{bench.token()}"
    spec = bench.connection.client.sanitize_for_serialization(form)  # type: ignore[no-untyped-call]
    kind = {"apiVersion": "batch/v1", "kind": "Job"}
    bench.apply({**kind, "metadata": {"name": job}, "spec": spec})
    return _end_of(bench, job)


def _end_of(bench: Bench, job: str) -> Ended:
    """How the import's container ended; the one that failed, where there are several."""

    def ends() -> list[Ended]:
        pods = bench.pods({"job-name": job})
        found = [c.ended or c.last for pod in pods for c in pod.containers if c.main]
        ends = sorted((end for end in found if end), key=lambda end: end.code, reverse=True)
        for pod in pods if not ends else ():
            if pod.conditions.get("PodScheduled", ("",))[0] == "False":
                raise trouble(pod)  # a full node is not the learner's fault
        return ends

    command = "kubectl describe cronjob stock"
    return bench.converge(ends, bool, IMPORTED, IMPORT_ENDS, command=command)[0]
