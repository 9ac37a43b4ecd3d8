"""Task 4: a rollout whose new version is never ready, under requests, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from checker.catalogue import check
from checker.observe import KUBE_PROXY, Answer, Bench, Outcome, Pod
from checker.texts import Text

from .fleet import (
    NEVER,
    NOTICED,
    RATE,
    STEADY,
    UP,
    WELL,
    Lives,
    Words,
    app_of,
    changed,
    few_failed,
    lives_of,
    none_failed,
    pods_of,
    restarts_of,
    status_of,
)
from .probes import all_probes_of, probes_of

OLD_ALONE = 4.0
"""Seconds for which the old Pods must go on alone after the bad version has started."""
BAD = "bad-"
REVISION = "deployment.kubernetes.io/revision"
"""The Deployment controller writes it on the Deployment and on each of its ReplicaSets."""
ROLLED = Text("Deployment shop 的上线走完", "the rollout of Deployment shop comes to its end")
NEW_POD = Text("新版本的 Pod 出现", "a Pod of the new version appears")
OLD_STAY = Text("旧的 Pod 都在服务，新的没有就绪", "all old Pods serve, the new one is not Ready")
RETURNED = Text("换回原来的版本", "the way back to the former version is complete")


@check("shop")
def shop(bench: Bench) -> Outcome:
    _rolled_out(bench, UP, "rollout-stuck", ROLLED)
    old = bench.ready_pods_of_service("shop", UP)
    bench.converge(lambda: status_of(bench, "shop"), "200".__eq__, KUBE_PROXY, WELL)
    answers = _round(bench, old)
    if few_failed(answers):
        answers = _round(bench, old)
    none_failed(bench, "shop", answers)
    return bench.passed(
        expected=OLD_STAY,
        found=f"0 / {len(answers)}, " + restarts_of(pods_of(bench, "shop")),
        command="kubectl rollout history deployment shop",
    )


def _round(bench: Bench, old: list[Pod]) -> list[Answer]:
    """Roll out a bad version and go back; what came of the requests meanwhile."""
    lives = lives_of(old)
    with bench.load("shop", rate=RATE) as load:
        _roll_out(bench, bench.token(BAD))
        since = bench.clock.now()

        def runs(new: list[Pod]) -> bool:
            if not new:
                passed = round(bench.clock.now() - since)
                command = "kubectl describe deployment shop"
                found = ", ".join(pod.name for pod in old)
                bench.failed("no-rollout", NEW_POD, found, command, NEVER * 2, seconds=passed)
            return all(app_of(pod).state == "running" for pod in new)

        def look() -> list[Pod]:
            return _new_pods(bench, old, lives)

        def show(new: list[Pod]) -> str:
            return ", ".join(f"{pod.name}: {app_of(pod).state} {app_of(pod).reason}" for pod in new)

        bench.converge(look, runs, UP, NEW_POD, show=show, command="kubectl get pods")
        new = bench.hold(look, bool, OLD_ALONE, OLD_STAY, command="kubectl get pods")
        for pod in new:
            _never_ready(bench, pod)
        bench.undo()
        _rolled_out(bench, UP, "way-back-stuck", RETURNED)
    return load.answers


def _roll_out(bench: Bench, version: str) -> None:
    """Set VERSION in the container of the program; the journal knows the way back."""
    spec = bench.get("Deployment", "shop").spec.template.spec
    plain: Callable[[Any], Any] = bench.connection.client.sanitize_for_serialization
    forms = [plain(form) for form in spec.containers]
    for form in forms:
        if form["name"] == _app_name(spec):
            others = [each for each in form.get("env") or () if each["name"] != "VERSION"]
            form["env"] = [*others, {"name": "VERSION", "value": version}]
    refused = bench.change(
        "Deployment", "shop", {"spec": {"template": {"spec": {"containers": forms}}}}
    )
    if refused:
        command = "kubectl describe deployment shop"
        bench.failed("no-rollout", NEW_POD, refused.message, command, seconds=0)


def _app_name(spec: Any) -> str:
    """The container of a Pod template that mounts the given program; else the first."""
    for form in spec.containers:
        if any(mount.mount_path == "/app" for mount in form.volume_mounts or ()):
            return str(form.name)
    return str(spec.containers[0].name)


def _rolled_out(bench: Bench, seconds: float, failing: str, waiting_for: Text) -> None:
    """Wait until every Pod of `shop` is of its present template and available."""

    def done(shop: Any) -> bool:
        status, wanted = shop.status, shop.spec.replicas
        numbers = (status.replicas, status.updated_replicas, status.available_replicas)
        taken_up = (status.observed_generation or 0) >= shop.metadata.generation
        if taken_up and all((number or 0) == wanted for number in numbers):
            return True
        told = f"replicas {status.replicas}, ready {status.ready_replicas or 0}"
        words: Words = {"replicas": wanted, "ready": status.ready_replicas or 0}
        settles = None
        if failing == "rollout-stuck":
            waiting = [pod for pod in _newest(bench, shop) if not pod.ready]
            words["detail"] = " ".join(filter(None, map(bench.hint, waiting[:1])))
            settles = STEADY if any(_long_since(bench, pod) for pod in waiting) else None
        command = "kubectl rollout status deployment shop --timeout=1s"
        return bool(bench.failed(failing, waiting_for, told, command, settles, **words))

    bench.converge(lambda: bench.get("Deployment", "shop"), done, seconds, waiting_for)


def _newest(bench: Bench, shop: Any) -> list[Pod]:
    """The Pods of its present template. Stuck ones of a former template are on their way out."""
    if (shop.status.observed_generation or 0) < shop.metadata.generation:
        return []
    revision = (shop.metadata.annotations or {}).get(REVISION)
    sets = {
        ("ReplicaSet", each.metadata.name)
        for each in bench.list("ReplicaSet")
        if (each.metadata.annotations or {}).get(REVISION) == revision
    }
    return [pod for pod in pods_of(bench, "shop") if pod.owner in sets]


def _long_since(bench: Bench, pod: Pod) -> bool:
    """Whether its program has run for so long that it should be ready: a warning came that late.

    Both times are the kubelet's; our clock may be another.
    """
    began, late = app_of(pod).started_at, timedelta(seconds=NOTICED)
    warnings = [
        event.last_timestamp
        for event in bench.list("Event")
        if event.involved_object.uid == pod.uid and event.type == "Warning"
    ]
    return began is not None and any(at and at - began > late for at in warnings)


def _new_pods(bench: Bench, old: list[Pod], lives: Lives) -> list[Pod]:
    """The Pods of the bad version. One that is Ready, or an old one gone, ends the check."""
    now = pods_of(bench, "shop")
    new = [pod for pod in now if pod.uid not in {each.uid for each in old}]
    for pod in new:
        if pod.ready:
            _taken_for_ready(bench, pod, f"{pod.name}: Ready")
    gone = changed(lives, now)
    if gone:
        bench.failed(
            "old-taken-away",
            expected=OLD_STAY,
            found=", ".join(pod.name for pod in now),
            command="kubectl get deployment shop -o jsonpath='{.spec.strategy}'",
            settles=0,
            pod=gone[0][0],
        )
    return new


def _never_ready(bench: Bench, pod: Pod) -> None:
    """A probe that it waits for must fail now; a long delay before the first one helps nobody."""
    gates = [*probes_of(pod, "startup"), *probes_of(pod, "readiness")]
    asked = [probe.ask(bench) for probe in gates]
    if all(succeeds for succeeds, _ in asked):
        _taken_for_ready(bench, pod, ", ".join(said for _, said in asked) or "-")


def _taken_for_ready(bench: Bench, pod: Pod, found: str) -> None:
    bench.failed(
        "bad-taken-for-ready",
        expected=OLD_STAY,
        found=found,
        command="kubectl describe deployment shop",
        settles=0,
        pod=pod.name,
        probes=all_probes_of(pod),
    )
