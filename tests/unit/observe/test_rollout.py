from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock
from fakepods import SPACE, condition, seen

from checker.observe import Bench, Refusal, Rolling

Put = Callable[..., None]
APPS = SPACE.replace("/api/v1", "/apis/apps/v1")
DEPLOYMENT = f"{APPS}/deployments/redis"
OLD, NEW = f"{SPACE}/pods/redis-0", f"{SPACE}/pods/redis-1"


def deployment(replicas: int = 1, generation: int = 2, seen_generation: int = 2) -> dict[str, Any]:
    labels = {"app": "redis"}
    return {
        "metadata": {"name": "redis", "generation": generation},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": []}},
        },
        "status": {"observedGeneration": seen_generation},
    }


@pytest.fixture
def kept(api: FakeApi, put: Put) -> None:
    """A Pod that a ReplicaSet keeps, which a Deployment keeps."""
    put()
    owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "redis", "uid": "d"}
    meta = {"name": "redis", "ownerReferences": [owner | {"controller": True}]}
    spec = {"selector": {"matchLabels": {"app": "redis"}}}
    api.put(f"{APPS}/replicasets/redis", {"metadata": meta, "spec": spec})
    api.put(DEPLOYMENT, deployment())


def test_deployment_is_restarted_through_its_template(
    bench: Bench, api: FakeApi, kept: None
) -> None:
    rolling = bench.roll(seen())
    assert (str(rolling), rolling.old) == ("Deployment redis", frozenset({"uid-1"}))
    notes = api.store[DEPLOYMENT]["spec"]["template"]["metadata"]["annotations"]
    assert list(notes) == ["kubectl.kubernetes.io/restartedAt"]
    assert bench.journal.pending() == (), "undoing it would be another rollout"


@pytest.mark.parametrize("owner", ["", "Job"])
def test_pod_that_nobody_rolls_is_refused(bench: Bench, put: Put, owner: str) -> None:
    put(owner=owner)
    with pytest.raises(Refusal, match="no-controller"):
        bench.roll(seen(owner=owner))


def test_rollout_ends_when_the_new_pod_is_ready_and_the_old_one_gone(
    bench: Bench, api: FakeApi, put: Put, clock: FakeClock, kept: None
) -> None:
    rolling = bench.roll(seen())
    clock.at(2, lambda: put(name="redis-1", uid="uid-2", ready=False))
    clock.at(9, lambda: put(name="redis-1", uid="uid-2"))
    clock.at(20, lambda: api.store.pop(OLD))
    assert [pod.uid for pod in bench.rolled_out(rolling)] == ["uid-2"]
    assert clock.now() >= 20, "an old Pod that is on its way out still answers"


def test_rollout_that_the_controller_has_not_seen_is_not_over(
    bench: Bench, api: FakeApi, clock: FakeClock, kept: None, put: Put
) -> None:
    rolling = Rolling("Deployment", "redis", "app=redis", frozenset({"uid-0"}))
    api.put(DEPLOYMENT, deployment(generation=3))
    clock.at(7, lambda: api.put(DEPLOYMENT, deployment(generation=3, seen_generation=3)))
    bench.rolled_out(rolling)
    assert clock.now() >= 7


def test_rollout_that_never_ends_says_what_is_left(bench: Bench, kept: None) -> None:
    rolling = bench.roll(seen())
    with pytest.raises(Refusal) as caught:
        bench.rolled_out(rolling, seconds=20)
    assert caught.value.message_id == "not-rolled-out"
    assert caught.value.params["found"] == "0 new, 1 old"


def test_new_pod_that_does_not_come_up_is_named(bench: Bench, put: Put, kept: None) -> None:
    rolling = bench.roll(seen())
    full = condition("PodScheduled", False, "Unschedulable", "0/1 nodes are available")
    put(name="redis-1", uid="uid-2", phase="Pending", ready=False, more=(full,))
    with pytest.raises(Refusal, match="not-scheduled"):
        bench.rolled_out(rolling, seconds=20)


def test_daemon_set_is_done_when_each_node_has_its_pod(
    bench: Bench, api: FakeApi, put: Put
) -> None:
    body = deployment()
    body["status"] = {
        "observedGeneration": 2,
        "desiredNumberScheduled": 1,
        "currentNumberScheduled": 1,
        "numberMisscheduled": 0,
        "numberReady": 1,
    }
    api.put(f"{APPS}/daemonsets/redis", body)
    put()
    rolling = Rolling("DaemonSet", "redis", "app=redis", frozenset())
    assert [pod.uid for pod in bench.rolled_out(rolling)] == ["uid-1"]
