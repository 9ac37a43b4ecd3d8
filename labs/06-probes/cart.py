"""Task 5: the database is taken away and given back."""

from __future__ import annotations

from collections.abc import Callable

from checker.catalogue import check
from checker.observe import Bench, Outcome, Pod
from checker.texts import Text

from .fleet import (
    NEVER,
    NOTICED,
    STEADY,
    UP,
    WELL,
    changed,
    lives_of,
    named,
    restarts_of,
    show_endpoints,
    show_events,
    status_of,
    two_or_more,
)
from .probes import all_probes_of, probes_of

DATABASE = 20.0
"""Seconds the task allows the Pods to notice that their database is away, or back."""
ENDS = 15.0
"""Seconds more until the restart shows: a probe's own time-out, the stop, a busy kubelet."""
WATCHERS = 15.0
"""Seconds the database stays away where a container beside the program may mind it after a while:
no probe tells of that."""
AWAY = Text("数据库停下", "the database is away")
UNREADY = Text("没有数据库的 Pod 都未就绪", "all Pods without their database are not Ready")
NOT_RESTARTED = Text("没有容器重启", "no container is restarted")
READY_AGAIN = Text("数据库回来，Pod 都就绪", "the database is back and all Pods are Ready")
INDEPENDENT = Text("存活探针不取决于数据库", "no liveness probe depends on the database")


@check("cart")
def cart(bench: Bench) -> Outcome:
    bench.ready_pods_of_service("db", UP)
    pods = two_or_more(bench, "cart")
    _all_say(bench, pods, "200", WELL)
    lives = lives_of(pods)
    bench.change("Deployment", "db", {"spec": {"replicas": 0}})

    def present() -> list[Pod]:
        now = [bench.pod(pod.name) for pod in pods]
        if anew := changed(lives, now):
            name, _ = anew[0]
            bench.failed(
                "fleet-restarted",
                expected=NOT_RESTARTED,
                found=restarts_of(now),
                command=show_events(next(pod for pod in now if pod.name == name)),
                settles=0,
                containers=named(anew),
            )
        return now

    _all_say(bench, pods, "503", AWAY)
    _all_unready(bench, present)
    _none_will_restart(bench, pods, present)
    lasts = WATCHERS if any(len(pod.containers) > 1 for pod in pods) else STEADY
    bench.hold(present, lambda now: not any(p.ready for p in now), lasts, UNREADY, show=restarts_of)
    bench.undo()
    bench.ready_pods_of_service("db", UP)
    _all_ready_again(bench, present)
    _all_say(bench, pods, "200", READY_AGAIN)
    return bench.passed(
        expected=NOT_RESTARTED, found=restarts_of(present()), command="kubectl get pods"
    )


def _all_say(bench: Bench, pods: list[Pod], status: str, waiting_for: Text) -> None:
    """Wait until each Pod, asked itself, gives this status."""
    bench.converge(
        lambda: [status_of(bench, pod) for pod in pods],
        lambda said: all(each == status for each in said),
        DATABASE,
        waiting_for,
        show=lambda said: ", ".join(said),
        command="kubectl get pods",
    )


def _all_unready(bench: Bench, present: Callable[[], list[Pod]]) -> None:
    since = bench.clock.now()

    def unready(now: list[Pod]) -> bool:
        ready = [pod.name for pod in now if pod.ready]
        if not ready:
            return True
        asks = any(probes_of(pod, kind) for pod in now for kind in ("readiness", "liveness"))
        return bool(
            bench.failed(
                "still-ready",
                expected=UNREADY,
                found=", ".join(ready),
                command=show_endpoints("cart"),
                settles=None if asks else NEVER,
                seconds=round(bench.clock.now() - since),
                pods=", ".join(ready),
                probes=all_probes_of(now[0]),
            )
        )

    bench.converge(present, unready, DATABASE, UNREADY)


def _none_will_restart(bench: Bench, pods: list[Pod], present: Callable[[], list[Pod]]) -> None:
    """No liveness probe may fail now. One that does is given its time to restart the fleet."""
    for probe in (each for pod in pods for each in probes_of(pod, "liveness")):
        succeeds, said = probe.ask(bench)
        if succeeds:
            continue
        if probe.slowest + STEADY < NOTICED:
            bench.hold(present, bool, probe.slowest + ENDS, NOT_RESTARTED, show=restarts_of)
        bench.failed(
            "liveness-needs-db",
            expected=INDEPENDENT,
            found=said,
            command=f"kubectl describe pod {probe.pod.name}",
            probe=probe.words,
            said=said,
        )


def _all_ready_again(bench: Bench, present: Callable[[], list[Pod]]) -> None:
    since = bench.clock.now()

    def ready(now: list[Pod]) -> bool:
        waiting = [pod.name for pod in now if not pod.ready]
        if not waiting:
            return True
        return bool(
            bench.failed(
                "not-back",
                expected=READY_AGAIN,
                found=", ".join(waiting),
                command=show_endpoints("cart"),
                seconds=round(bench.clock.now() - since),
                pods=", ".join(waiting),
                probes=all_probes_of(now[0]),
            )
        )

    bench.converge(present, ready, DATABASE, READY_AGAIN)
