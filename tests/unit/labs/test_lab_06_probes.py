"""What lab 06 judges by: the newest Pods, the cluster's clock, and no single lost answer."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock

from checker.catalogue import load_lab
from checker.observe import Bench, Pod, Reached, Refusal
from checker.observe.pod import view

LESSON = "06-probes"
load_lab(LESSON)
broken, busy, fleet, probes, shop, slow = (
    sys.modules[f"checker_labs.06_probes.{name}"]
    for name in ("broken", "busy", "fleet", "probes", "shop", "slow")
)
SPACE = "/api/v1/namespaces/lab-06-probes"
APPS = "/apis/apps/v1/namespaces/lab-06-probes"
BEGAN = datetime(2025, 12, 31, 12, tzinfo=UTC)
"""When the Pods start, by a clock of the cluster that is twelve hours behind ours."""
HEALTH = {
    "httpGet": {"path": "/healthz", "port": 8080},
    "periodSeconds": 2,
    "failureThreshold": 3,
    "successThreshold": 1,
}


@pytest.fixture
def asked(bench: Bench, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`asked(503, None, 0, 200)`: what requests get in turn, the last one for ever.

    None is a timeout, 0 a refused connection.
    """

    def answers(*statuses: int | None) -> list[float]:
        left, when = list(statuses), []

        def http(*words: object, **more: object) -> SimpleNamespace:
            when.append(clock.now())
            status = left.pop(0) if len(left) > 1 else left[0]
            reached = {None: Reached.timeout, 0: Reached.refused}.get(status, Reached.open)
            return SimpleNamespace(status=status or None, reached=reached)

        monkeypatch.setattr(bench, "http", http)
        return when

    return answers


def pod(name: str, restarts: int = 0, owner: str = "shop-1", **probe: Any) -> dict[str, Any]:
    ready = probe.pop("ready", False)
    container = {"name": "app", "image": "busybox:1.37", **probe}
    status = {
        "name": "app",
        "image": "",
        "imageID": "",
        "ready": ready,
        "restartCount": restarts,
        "containerID": f"containerd://{restarts}",
        "state": {"running": {"startedAt": BEGAN.isoformat()}},
    }
    owners = [
        {"kind": "ReplicaSet", "name": owner, "controller": True, "apiVersion": "", "uid": ""}
    ]
    return {
        "metadata": {
            "name": name,
            "uid": f"uid-{name}",
            "labels": {"app": "it"},
            "ownerReferences": owners,
            "creationTimestamp": BEGAN.isoformat(),
        },
        "spec": {"containers": [container]},
        "status": {
            "phase": "Running",
            "podIP": "10.0.0.7",
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [status],
        },
    }


def put(api: FakeApi, *pods: dict[str, Any]) -> None:
    for each in pods:
        api.put(f"{SPACE}/pods/{each['metadata']['name']}", each)


def seen(bench: Bench, name: str) -> Pod:
    return bench.pod(name)


# The rollout.


def rollout(api: FakeApi, updated: int, available: int, replicas: int = 2) -> None:
    """Deployment `shop` at its second revision, and a Service that selects all its Pods."""
    revision = "deployment.kubernetes.io/revision"
    status = {
        "observedGeneration": 2,
        "replicas": replicas,
        "updatedReplicas": updated,
        "availableReplicas": available,
        "readyReplicas": available,
    }
    template = {"spec": {"containers": []}}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "it"}}, "template": template}
    meta: dict[str, Any] = {"generation": 2, "annotations": {revision: "2"}}
    api.put(f"{APPS}/deployments/shop", {"metadata": meta, "spec": spec, "status": status})
    for number in ("1", "2"):
        meta = {"annotations": {revision: number}}
        form = {"metadata": meta, "spec": spec, "status": {"replicas": 1}}
        api.put(f"{APPS}/replicasets/shop-{number}", form)
    api.put(f"{SPACE}/services/shop", {"spec": {"selector": {"app": "it"}, "ports": []}})


def warned(api: FakeApi, name: str, seconds: float, words: str) -> None:
    at = (BEGAN + timedelta(seconds=seconds)).isoformat()
    form = {
        "involvedObject": {"uid": f"uid-{name}"},
        "type": "Warning",
        "reason": "Unhealthy",
        "message": words,
        "lastTimestamp": at,
    }
    api.put(f"{SPACE}/events/{name}", {"metadata": {}, **form})


def test_old_pods_that_are_stuck_do_not_end_the_wait_for_the_new_ones(
    api: FakeApi, bench: Bench, clock: FakeClock
) -> None:
    rollout(api, updated=1, available=0, replicas=3)
    put(api, pod("old-a"), pod("old-b"), pod("new-a", owner="shop-2"))
    warned(api, "old-a", 600, "the old one")
    clock.at(12, lambda: rollout(api, updated=2, available=2))
    shop._rolled_out(bench, 45.0, "rollout-stuck", shop.ROLLED)
    assert clock.now() >= 12


def test_new_pods_that_are_stuck_end_the_wait_soon_and_are_quoted(
    api: FakeApi, bench: Bench, clock: FakeClock
) -> None:
    rollout(api, updated=1, available=0, replicas=3)
    put(api, pod("old-a"), pod("new-a", owner="shop-2"))
    warned(api, "old-a", 600, "the old one")
    warned(api, "new-a", 20, "the new one")
    with pytest.raises(Refusal, match="rollout-stuck") as caught:
        shop._rolled_out(bench, 45.0, "rollout-stuck", shop.ROLLED)
    assert caught.value.params["detail"] == "Unhealthy: the new one"
    assert clock.now() < 10, "the cluster's clock tells how long it is stuck, and not ours"


def test_new_pod_that_has_just_begun_is_given_its_time(
    api: FakeApi, bench: Bench, clock: FakeClock
) -> None:
    rollout(api, updated=1, available=0, replicas=3)
    put(api, pod("old-a"), pod("new-a", owner="shop-2"))
    warned(api, "new-a", 2, "not yet")
    with pytest.raises(Refusal, match="rollout-stuck"):
        shop._rolled_out(bench, 45.0, "rollout-stuck", shop.ROLLED)
    assert clock.now() >= 45


def test_pod_that_waits_for_its_startup_probe_is_not_taken_for_ready(
    api: FakeApi, bench: Bench, asked: Callable[..., Any]
) -> None:
    put(api, pod("new-a", startupProbe={**HEALTH, "periodSeconds": 1, "failureThreshold": 30}))
    asked(503)
    shop._never_ready(bench, seen(bench, "new-a"))
    asked(200)
    with pytest.raises(Refusal, match="bad-taken-for-ready"):
        shop._never_ready(bench, seen(bench, "new-a"))


# Lost requests.


def answers(total: int, lost: int) -> list[SimpleNamespace]:
    failed = SimpleNamespace(ok=False, error="no answer", body="")
    return [failed] * lost + [SimpleNamespace(ok=True, error="", body="web-a")] * (total - lost)


@pytest.mark.parametrize(
    ("lost", "rounds", "refused"),
    [([0], 1, False), ([1, 0], 2, False), ([1, 1], 2, True), ([9], 1, True)],
)
def test_lost_request_counts_when_a_second_round_loses_again(
    api: FakeApi,
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    lost: list[int],
    rounds: int,
    refused: bool,
) -> None:
    rollout(api, updated=2, available=2)
    put(api, pod("old-a", ready=True))
    done: list[int] = []

    @contextlib.contextmanager
    def load(*words: object, **more: object) -> Iterator[SimpleNamespace]:
        done.append(lost[len(done)])
        yield SimpleNamespace(answers=answers(80, done[-1]))

    monkeypatch.setattr(bench, "load", load)
    monkeypatch.setattr(shop, "_new_pods", lambda *words: [view(bench.get("Pod", "old-a"))])
    for name in ("_rolled_out", "_roll_out", "_never_ready"):
        monkeypatch.setattr(shop, name, lambda *words: None)
    monkeypatch.setattr(shop, "status_of", lambda *words: "200")
    expected = pytest.raises(Refusal, match="failed-requests") if refused else None
    with expected or contextlib.nullcontext():
        shop.shop(bench)
    assert len(done) == rounds


class Passing:
    """A load whose latest answer is always newer than the one before, and from the busy Pod."""

    number = 0

    @property
    def answers(self) -> list[SimpleNamespace]:
        self.number += 1
        return [SimpleNamespace(at=self.number, ok=True, body="web-a 1")]


def test_one_pod_of_each_controller_is_tried(api: FakeApi, bench: Bench) -> None:
    put(api, pod("a"), pod("b", owner="shop-2"), pod("c"), pod("d", owner="shop-2"))
    assert [each.name for each in fleet.one_of_each(bench.pods())] == ["a", "b"]


@pytest.mark.parametrize(
    ("lost", "refused"), [([0], False), ([1, 0], False), ([1, 1], True), ([9], True)]
)
def test_request_lost_beside_a_busy_pod_counts_when_others_are_lost_as_well(
    api: FakeApi, bench: Bench, monkeypatch: pytest.MonkeyPatch, lost: list[int], refused: bool
) -> None:
    put(api, pod("web-a", ready=True), pod("web-b", ready=True))
    api.put(f"{SPACE}/services/web", {"spec": {"selector": {"app": "it"}, "ports": []}})
    left = iter(lost)
    monkeypatch.setattr(bench, "load", lambda *words, **more: contextlib.nullcontext(Passing()))
    monkeypatch.setattr(bench, "exec", lambda *words, **more: None)
    monkeypatch.setattr(busy, "_gets_none", lambda *words: answers(40, next(left)))
    for name in ("touch", "_leaves"):
        monkeypatch.setattr(busy, name, lambda *words: None)
    expected = pytest.raises(Refusal, match="failed-requests") if refused else None
    with expected or contextlib.nullcontext():
        busy.busy(bench)
    assert next(left, None) is None


# Time to be noticed in.


def breaks(
    api: FakeApi, bench: Bench, clock: FakeClock, seconds: float, period: int = 5, failures: int = 3
) -> None:
    """A broken Pod whose container is restarted after so many seconds."""
    liveness = {**HEALTH, "periodSeconds": period, "failureThreshold": failures}
    put(api, pod("web-a", livenessProbe=liveness))
    clock.at(seconds, lambda: put(api, pod("web-a", 1, livenessProbe=liveness)))
    broken.restarted_in_time(bench, "containerd://0", seen(bench, "web-a"), "app")


def test_three_failures_five_seconds_apart_and_the_stop_are_in_time(
    api: FakeApi, bench: Bench, clock: FakeClock, asked: Callable[..., Any]
) -> None:
    asked(500)
    breaks(api, bench, clock, 15 + 2.9)


def test_three_failures_ten_seconds_apart_are_too_slow_at_their_quickest(
    api: FakeApi, bench: Bench, clock: FakeClock, asked: Callable[..., Any]
) -> None:
    asked(500)
    with pytest.raises(Refusal, match="too-patient"):
        breaks(api, bench, clock, 20 + 0.4, period=10)


def test_two_failures_ten_seconds_apart_are_in_time_by_luck_alone(
    api: FakeApi, bench: Bench, clock: FakeClock, asked: Callable[..., Any]
) -> None:
    asked(500)
    with pytest.raises(Refusal, match="too-patient"):
        breaks(api, bench, clock, 10 + 1, period=10, failures=2)


@pytest.mark.parametrize(("page", "message"), [(500, "not-noticed"), (200, "too-slow")])
def test_probe_that_succeeds_sees_no_fault_only_while_the_program_is_broken(
    api: FakeApi,
    bench: Bench,
    clock: FakeClock,
    asked: Callable[..., Any],
    page: int,
    message: str,
) -> None:
    """The checker's own probe may reach the next life of a container that was restarted late."""
    asked(200, page)
    with pytest.raises(Refusal, match=message):
        breaks(api, bench, clock, 60)


# A probe that the checker makes itself.


def probe_of(bench: Bench, api: FakeApi) -> Any:
    put(api, pod("web-a", livenessProbe=HEALTH))
    return probes.probes_of(seen(bench, "web-a"), "liveness")[0]


@pytest.mark.parametrize(
    ("statuses", "succeeds", "times"),
    [
        ([200], True, 1),
        ([503, 200], False, 1),
        ([None, 200], True, 2),
        ([None, None, 200], True, 3),
        ([None], False, 3),
    ],
)
def test_probe_without_an_answer_is_made_again_before_it_is_believed(
    api: FakeApi,
    bench: Bench,
    asked: Callable[..., Any],
    statuses: list[int | None],
    succeeds: bool,
    times: int,
) -> None:
    when = asked(*statuses)
    assert probe_of(bench, api).ask(bench)[0] is succeeds
    assert len(when) == times
    assert all(later - sooner >= 1 for sooner, later in itertools.pairwise(when))


@pytest.mark.parametrize(
    ("statuses", "early"),
    [([None, 200], False), ([None, None, None, 200], True), ([0, 200], True)],
)
def test_one_request_without_an_answer_does_not_make_it_ready_too_early(
    api: FakeApi,
    bench: Bench,
    asked: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    statuses: list[int | None],
    early: bool,
) -> None:
    api.put(f"{SPACE}/services/slow", {"spec": {"selector": {"app": "it"}, "ports": []}})
    monkeypatch.setattr(slow, "touch", lambda *words: put(api, pod("slow-a", 1)))
    monkeypatch.setattr(slow, "_start_seconds", lambda now: 12)
    put(api, pod("slow-a", ready=False))
    clock: Any = bench.clock
    clock.at(0.4, lambda: put(api, pod("slow-a", ready=True)))
    asked(None, *statuses)
    expected = pytest.raises(Refusal, match="ready-too-early") if early else None
    with expected or contextlib.nullcontext():
        slow.slow(bench)


def test_containers_that_were_restarted_as_well_are_named(
    api: FakeApi,
    bench: Bench,
    clock: FakeClock,
    asked: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(api, pod("web-a", ready=True), pod("web-b", ready=True))
    api.put(f"{SPACE}/services/web", {"spec": {"selector": {"app": "it"}, "ports": []}})
    asked(200)
    monkeypatch.setattr(broken, "touch", lambda *words: put(api, pod("web-a", 1, ready=True)))
    clock.at(2, lambda: put(api, pod("web-b", 1, ready=True)))
    with pytest.raises(Refusal, match="others-restarted") as caught:
        broken.alive(bench)
    assert caught.value.params["others"] == "web-b (app)"
