"""Judges lab 01 by what Redis still knows when its container, and then its Pod, has come to an end.

All questions to Redis go through the learner's Service, as a client's would. No spelling is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from checker.catalogue import check
from checker.observe import Bench, Outcome, Pod, Refusal, until_restart
from checker.texts import Text

from .redis import PONG, STEADY, Redis
from .scratch import FITS, FULL, REFUSES, container_at, fill, keep_full, must_be_in_memory
from .volumes import claims, in_words, mounts, show_mounts, show_volumes, volumes

ENDS_WITHIN = 20.0
"""Seconds from SHUTDOWN to the end of the container in the Pod's status."""
RESTARTS = 100.0
"""Seconds for the next life of a container: other clusters let it wait for 10, 20, 40 s."""
PROBED = 60.0
"""Seconds, at most, for a liveness probe that minds a full volume to have its restart."""
STARTS = 45.0
"""Seconds for a Pod whose volume is still to be made."""

ENDS = Text("Redis 的容器结束", "the container of Redis to end")
KEPT = Text("重启之后读到写入的值", "the value that was written is read after the restart")
GONE = Text("新的 Pod 里没有旧的键", "the new Pod does not know the old key")
OUTLIVED = Text("新的 Pod 里读到写入的值", "the value that was written is read from the new Pod")
BOUND = Text("PersistentVolumeClaim 的状态是 Bound", "the PersistentVolumeClaim is Bound")
GOES_ON = Text("Pod 照常运行，没有重启", "the Pod goes on without a restart")


@check("ping")
def ping(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis")
    bench.ready_pods_of_service(redis.service)
    redis.awake()
    redis.stays_awake()
    return bench.passed(expected=PONG, found="PONG", command=redis.shown_by)


@check("restart")
def restart(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis")
    pod = bench.pod_of_service(redis.service)
    process = redis.awake()
    running = redis.containers_in(pod)
    before = {name: bench.before(pod, name) for name in running}
    key, value = redis.write_after_snapshot()
    answer = redis.send("SHUTDOWN", "NOSAVE")
    if answer.text.startswith("-"):
        redis.refused(answer.text.split("\r\n")[0])

    def ended() -> str | None:
        now = {c.name: c for c in bench.pod(pod.name).containers}
        lives = ((name, was.container_id, now[name]) for name, was in before.items())
        return next((n for n, id_, c in lives if c.id != id_ or c.state != "running"), None)

    name = _the_one_that_ended(redis, ended, running, process)
    after = bench.restarted(before[name], RESTARTS)
    redis.awake(other_than=process)
    if redis.read(key) != value:
        _say_why_lost(redis, after, name)
    redis.forget(key)
    restarts = f"restartCount {before[name].restarts} -> {after.container(name).restarts}"
    return bench.passed(
        expected=KEPT, found=f"{restarts}, uid {after.uid}", command=f"kubectl get pod {pod.name}"
    )


@check("replace")
def replace(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis")
    old = bench.pod_of_service(redis.service)
    process = redis.awake()
    key, value = redis.write()
    new = bench.replace(old, service=redis.service)
    redis.awake(other_than=process)
    if redis.read(key) == value:
        redis.forget(key)
        bench.failed(
            "key-outlived-pod",
            expected=GONE,
            found=value,
            command=show_volumes(new),
            volumes=volumes(new),
        )
    return bench.passed(
        expected=GONE, found=f"uid {old.uid} -> {new.uid}, (nil)", command="kubectl get pods"
    )


@check("durable")
def durable(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis-durable")
    old = _pod_with_volumes(bench, redis.service)
    process = redis.awake()
    before = claims(bench, old)
    key, value = redis.write()
    new = bench.replace(old, service=redis.service)
    redis.awake(other_than=process)
    after = claims(bench, new)
    seen: dict[str, Any] = {"expected": OUTLIVED, "command": show_volumes(new)}
    if redis.read(key) != value and not after:
        bench.failed("key-died-with-pod", found="(nil)", volumes=volumes(new), **seen)
    if redis.read(key) != value:
        bench.failed(
            "claim-not-used",
            found="(nil)",
            claim=", ".join(after),
            mounts=", ".join(mounts(new)),
            dir=redis.setting("dir"),
            **(seen | {"command": show_mounts(new)}),
        )
    if not after:
        bench.failed("no-claim", volumes=volumes(new), **seen)
    if before != after:
        told = {"before": in_words(before), "after": in_words(after)}
        bench.failed("claim-changed", found=told["after"], **told, **seen)
    redis.forget(key)
    return bench.passed(
        expected=OUTLIVED,
        found=f"uid {old.uid} -> {new.uid}, {in_words(after)}",
        command="kubectl get pods,pvc",
    )


@check("scratch")
def scratch(bench: Bench) -> Outcome:
    pod = bench.ready_pod("app=scratch")
    name = container_at(bench, pod, "/scratch")
    must_be_in_memory(bench, pod, name)
    size, said = fill(bench, pod, name)
    seen: dict[str, Any] = {
        "expected": REFUSES,
        "found": said,
        "command": f"kubectl exec {pod.name} -c {name} -- df -h /scratch",
    }
    if size > FULL:
        bench.failed("no-limit", written=size, **seen)
    if "no space left" not in said.lower():
        bench.failed("cannot-write", answer=said, **seen)
    if size < FITS:
        bench.failed("too-small", written=size, **seen)
    lives = {c.name: c.id for c in pod.containers}
    probed = min(PROBED, until_restart(pod, name))
    if probed:
        keep_full(bench, pod, name)
    bench.hold(
        lambda: bench.pod(pod.name),
        lambda now: now.uid == pod.uid and {c.name: c.id for c in now.containers} == lives,
        STEADY + probed,
        GOES_ON,
        failing="full-restarts",
        show=lambda now: f"uid {now.uid}, restarts {now.restarts}",
        command=f"kubectl describe pod {pod.name}",
    )
    return bench.passed(**seen)


def _the_one_that_ended(
    redis: Redis, ended: Callable[[], str | None], running: Sequence[str], process: str
) -> str:
    """The container that ended, of those in which Redis may run."""
    seen: dict[str, Any] = {
        "show": lambda _: f"{', '.join(running)}: running, not restarted",
        "command": "kubectl get pods",
    }
    try:
        return redis.bench.converge(lambda: ended() or "", bool, ENDS_WITHIN, ENDS, **seen)
    except Refusal as no:
        if no.message_id == "deadline" and redis.process() != process:
            told = {"container": ", ".join(running), "command": seen["command"]}
            redis.bench.failed("restarted-inside", ENDS, "running, not restarted", **told)
        raise


def _say_why_lost(redis: Redis, pod: Pod, container: str) -> None:
    """The key is gone: from what Redis and the Pod say, name the cause that explains it."""
    folder, places = redis.setting("dir"), mounts(pod, container)
    seen: dict[str, Any] = {"expected": KEPT, "found": "(nil)", "command": show_mounts(pod)}
    if not places:
        redis.bench.failed("no-volume", dir=folder, container=container, **seen)
    if not any(f"{folder}/".startswith(f"{path.rstrip('/')}/") for path in places):
        redis.bench.failed("volume-elsewhere", dir=folder, mounts=", ".join(places), **seen)
    if redis.setting("appendonly") == "no":
        asked = f"kubectl exec {pod.name} -c {container} -- redis-cli CONFIG GET appendonly"
        redis.bench.failed("only-snapshots", **(seen | {"command": asked}))
    redis.bench.failed("key-lost", dir=folder, **seen)


def _pod_with_volumes(bench: Bench, service: str) -> Pod:
    """The Pod behind the Service; one that waits for its claim is told so in these words."""
    try:
        return bench.pod_of_service(service, STARTS)
    except Refusal:
        for pod in bench.pods_of_service(service):
            for volume in pod.raw.spec.volumes or ():
                claim = volume.persistent_volume_claim
                found = bench.find("PersistentVolumeClaim", claim.claim_name) if claim else None
                if found and found.status.phase != "Bound":
                    bench.failed(
                        "claim-pending",
                        expected=BOUND,
                        found=found.status.phase,
                        command=f"kubectl describe pvc {claim.claim_name}",
                        pod=pod.name,
                        claim=claim.claim_name,
                        phase=found.status.phase,
                    )
        raise
