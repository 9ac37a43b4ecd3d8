from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock
from fakepods import NOON, SPACE, ended, seen

from checker.observe import Bench, CouldNotLook, Refusal

Put = Callable[..., None]
STATEFUL = {"replicas": 1, "readyReplicas": 1}
DAEMON = {
    "currentNumberScheduled": 1,
    "desiredNumberScheduled": 1,
    "numberMisscheduled": 0,
    "numberReady": 1,
}


def test_pods_that_are_being_deleted_are_left_out(bench: Bench, put: Put, api: FakeApi) -> None:
    put(name="old")
    put(name="new")
    api.store[f"{SPACE}/pods/old"]["metadata"]["deletionTimestamp"] = NOON.isoformat()
    assert [pod.name for pod in bench.pods("app=redis")] == ["new"]


def test_no_pods_at_all_is_an_empty_list_and_no_failure(bench: Bench) -> None:
    assert bench.pods("app=redis") == []


def test_ready_pod_is_waited_for(bench: Bench, put: Put, clock: FakeClock) -> None:
    put(ready=False)
    clock.at(4, lambda: put(ready=True))
    assert bench.ready_pod("app=redis").ready
    assert clock.now() >= 4


def test_no_pod_matches_is_the_learners_failure_and_shows_what_there_is(
    bench: Bench, put: Put, clock: FakeClock
) -> None:
    put(labels={"app": "rediss"})
    with pytest.raises(Refusal) as caught:
        bench.ready_pod("app=redis", seconds=60)
    assert caught.value.message_id == "no-match"
    assert caught.value.params["selector"] == "app=redis"
    assert caught.value.evidence[0].found == "redis-0 (app=rediss)"
    assert clock.now() < 10, "no controller takes a minute to make its first Pod"


def test_more_than_one_pod_is_told_with_their_names(bench: Bench, put: Put) -> None:
    put(name="a")
    put(name="b")
    with pytest.raises(Refusal) as caught:
        bench.ready_pod("app=redis")
    assert caught.value.message_id == "many-match"
    assert (caught.value.params["count"], caught.value.params["pods"]) == (2, "a, b")


def test_rollout_that_ends_in_one_pod_is_fine(
    bench: Bench, put: Put, clock: FakeClock, api: FakeApi
) -> None:
    put(name="a")
    put(name="b")
    clock.at(5, lambda: api.store.pop(f"{SPACE}/pods/a"))
    assert bench.ready_pod("app=redis").name == "b"


def test_pod_that_does_not_come_up_is_told_by_its_trouble(bench: Bench, put: Put) -> None:
    put(ready=False, state=ended(3))
    with pytest.raises(Refusal, match="crashed"):
        bench.ready_pod("app=redis")


def test_evicted_pod_that_was_left_behind_is_not_counted(bench: Bench, put: Put) -> None:
    put(name="old", phase="Failed", reason="Evicted", ready=False, state=ended(137))
    put(name="new")
    assert bench.ready_pod("app=redis").name == "new"


def test_evicted_pod_alone_is_told(bench: Bench, put: Put) -> None:
    put(phase="Failed", reason="Evicted", ready=False, state=ended(137))
    with pytest.raises(Refusal, match="evicted"):
        bench.ready_pod("app=redis")


def test_pod_behind_a_service_is_found_by_the_services_selector(
    bench: Bench, put: Put, service: Put
) -> None:
    put()
    service()
    assert bench.pod_of_service("redis").name == "redis-0"


def test_service_that_is_not_there_is_told_at_once(bench: Bench, clock: FakeClock) -> None:
    with pytest.raises(Refusal, match="no-object"):
        bench.pod_of_service("redis")
    assert clock.now() == 0


def test_service_that_selects_no_pod_is_told_with_its_selector(
    bench: Bench, put: Put, service: Put
) -> None:
    put(labels={"app": "other"})
    service()
    with pytest.raises(Refusal) as caught:
        bench.pod_of_service("redis")
    assert caught.value.message_id == "no-pods"
    assert (caught.value.params["service"], caught.value.params["selector"]) == (
        "redis",
        "app=redis",
    )


def test_service_without_a_selector_does_not_select_every_pod(
    bench: Bench, put: Put, service: Put
) -> None:
    put()
    service(selector={})
    with pytest.raises(Refusal, match="no-pods"):
        bench.pod_of_service("redis")


def test_many_pods_behind_a_service_are_told(bench: Bench, put: Put, service: Put) -> None:
    put(name="a")
    put(name="b")
    service()
    with pytest.raises(Refusal, match="many-pods"):
        bench.pod_of_service("redis")
    assert [pod.name for pod in bench.ready_pods_of_service("redis")] == ["a", "b"]


def deployment(
    api: FakeApi,
    generation: int,
    observed: int,
    selector: dict[str, Any] | None = None,
    replicas: int = 1,
    updated: int = 1,
) -> None:
    api.put(
        "/apis/apps/v1/namespaces/lab-01-storage/deployments/redis",
        {
            "metadata": {"name": "redis", "generation": generation},
            "spec": {"selector": selector or {}, "template": {}},
            "status": {
                "observedGeneration": observed,
                "replicas": replicas,
                "updatedReplicas": updated,
            },
        },
    )


def test_pod_of_the_manifest_before_is_not_handed_out(
    bench: Bench, put: Put, service: Put, clock: FakeClock, api: FakeApi
) -> None:
    def take_up() -> None:
        deployment(api, 2, 2)
        api.store.pop(f"{SPACE}/pods/redis-0")
        put(name="redis-1", uid="uid-2")

    put()
    service()
    deployment(api, 2, 1)
    clock.at(3, take_up)
    assert bench.pod_of_service("redis").name == "redis-1"


def test_pods_of_a_rollout_that_is_not_over_are_not_handed_out(
    bench: Bench, put: Put, service: Put, clock: FakeClock, api: FakeApi
) -> None:
    def over() -> None:
        deployment(api, 2, 2, updated=1)
        api.store.pop(f"{SPACE}/pods/redis-0")

    put()
    put(name="redis-1", uid="uid-2")
    service()
    deployment(api, 2, 2, replicas=2, updated=1)
    clock.at(3, over)
    assert [pod.name for pod in bench.ready_pods_of_service("redis")] == ["redis-1"]


@pytest.mark.parametrize("by", ["labels", "service"])
def test_old_pod_is_not_taken_for_the_one_that_is_about_to_be_made(
    bench: Bench, put: Put, service: Put, clock: FakeClock, api: FakeApi, by: str
) -> None:
    """The Deployment has been taken up, and its ReplicaSet has made no Pod yet."""

    def over() -> None:
        deployment(api, 2, 2)
        api.store.pop(f"{SPACE}/pods/redis-0")
        put(name="redis-1", uid="uid-2")

    put()
    service()
    deployment(api, 2, 2, updated=0)
    clock.at(3, over)
    found = bench.ready_pod("app=redis") if by == "labels" else bench.pod_of_service("redis")
    assert found.name == "redis-1"


def test_rollout_that_ends_while_we_look_does_not_vouch_for_its_old_pod(
    bench: Bench, put: Put, api: FakeApi
) -> None:
    """On a busy machine the new Pod may come up between two of our requests."""
    put()
    deployment(api, 2, 2, updated=0)
    listed = False

    def meanwhile(method: str, path: str) -> None:
        nonlocal listed
        if listed and "/deployments" in path:
            deployment(api, 2, 2)
            api.store.pop(f"{SPACE}/pods/redis-0", None)
            put(name="redis-1", uid="uid-2")
        listed = listed or "/pods" in path

    api.trouble = meanwhile
    assert bench.ready_pod("app=redis").name == "redis-1"


@pytest.mark.parametrize(
    ("kind", "spec", "before", "after"),
    [
        (
            "statefulset",
            {"replicas": 1},
            STATEFUL | {"currentRevision": "a", "updateRevision": "b"},
            STATEFUL | {"currentRevision": "b", "updateRevision": "b"},
        ),
        (
            "daemonset",
            {},
            DAEMON,
            DAEMON | {"updatedNumberScheduled": 1},
        ),
    ],
)
def test_old_pod_is_not_handed_out_of_other_controllers_either(
    bench: Bench,
    put: Put,
    api: FakeApi,
    clock: FakeClock,
    kind: str,
    spec: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    def told(status: dict[str, Any], strategy: dict[str, Any]) -> None:
        path = f"/apis/apps/v1/namespaces/lab-01-storage/{kind}s/redis"
        form = {"selector": {"matchLabels": {"app": "redis"}}, "template": {}} | spec
        form["updateStrategy"] = strategy
        meta = {"name": "redis", "generation": 1}
        api.put(
            path, {"metadata": meta, "spec": form, "status": status | {"observedGeneration": 1}}
        )

    def over() -> None:
        told(after, {"type": "RollingUpdate"})
        api.store.pop(f"{SPACE}/pods/redis-0")
        put(name="redis-1", uid="uid-2")

    put()
    told(before, {"type": "OnDelete"})
    assert bench.ready_pod("app=redis").name == "redis-0", "nobody is about to replace it"
    told(before, {"type": "RollingUpdate"})
    clock.at(3, over)
    assert bench.ready_pod("app=redis").name == "redis-1"


def test_rollout_that_the_api_server_refuses_a_pod_is_told_with_its_words(
    bench: Bench, put: Put, api: FakeApi
) -> None:
    put()
    failure = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: podlab"}
    deployment(api, 2, 2, updated=0)
    owner = next(thing for path, thing in api.store.items() if "/deployments/" in path)
    owner["status"]["conditions"] = [failure]
    with pytest.raises(Refusal) as caught:
        bench.ready_pod("app=redis")
    assert caught.value.message_id == "pods-refused"
    assert "exceeded quota" in caught.value.params["detail"]


def test_stateful_set_that_has_made_its_first_pod_alone_is_waited_for(
    bench: Bench, put: Put, api: FakeApi, clock: FakeClock
) -> None:
    def made(ready: int) -> None:
        spec = {"selector": {"matchLabels": {"app": "redis"}}, "template": {}, "replicas": 2}
        status = {"observedGeneration": 1, "replicas": ready, "readyReplicas": ready}
        path = "/apis/apps/v1/namespaces/lab-01-storage/statefulsets/redis"
        meta = {"name": "redis", "generation": 1}
        api.put(path, {"metadata": meta, "spec": spec, "status": status})

    put()
    made(1)
    clock.at(7, lambda: (put(name="redis-1", uid="uid-2"), made(2)))
    with pytest.raises(Refusal, match="many"):
        bench.ready_pod("app=redis")
    assert clock.now() >= 7


def test_change_of_other_pods_is_not_waited_for(
    bench: Bench, put: Put, api: FakeApi, clock: FakeClock
) -> None:
    put()
    deployment(api, 2, 1, {"matchLabels": {"app": "db"}})
    assert bench.ready_pod("app=redis", seconds=20).name == "redis-0"
    assert clock.now() == 0


def test_manifest_that_is_never_taken_up_is_told(
    bench: Bench, put: Put, api: FakeApi, clock: FakeClock
) -> None:
    put()
    deployment(api, 2, 1)
    with pytest.raises(Refusal) as caught:
        bench.ready_pod("app=redis", seconds=20)
    assert caught.value.message_id == "not-taken-up"
    assert caught.value.params["object"] == "Deployment redis"
    assert clock.now() == 20


def test_new_pod_of_a_rollout_that_crashes_tells_more_than_that_there_are_two(
    bench: Bench, put: Put
) -> None:
    put(name="old")
    put(name="new", uid="uid-2", ready=False, state=ended(3))
    with pytest.raises(Refusal, match="crashed"):
        bench.ready_pod("app=redis")


def test_rollout_whose_new_pod_takes_long_is_waited_for(
    bench: Bench, put: Put, clock: FakeClock, api: FakeApi
) -> None:
    put(name="old")
    put(name="new", uid="uid-2", ready=False)

    def done() -> None:
        put(name="new", uid="uid-2")
        api.store.pop(f"{SPACE}/pods/old")

    clock.at(25, done)
    assert bench.ready_pod("app=redis").name == "new"


def test_successor_that_must_wait_for_the_old_pod_to_go_is_waited_for(
    bench: Bench, put: Put, clock: FakeClock, api: FakeApi
) -> None:
    put(name="old")
    api.store[f"{SPACE}/pods/old"]["metadata"]["deletionTimestamp"] = NOON.isoformat()
    clock.at(20, lambda: (api.store.pop(f"{SPACE}/pods/old"), put(name="new", uid="uid-2")))
    assert bench.ready_pod("app=redis").name == "new"


def test_pods_that_the_api_server_refused_are_told_with_its_words(
    bench: Bench, api: FakeApi, service: Put
) -> None:
    service()
    failure = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: podlab"}
    api.put(
        "/apis/apps/v1/namespaces/lab-01-storage/replicasets/redis-1",
        {
            "spec": {"selector": {"matchLabels": {"app": "redis"}}},
            "status": {"replicas": 0, "conditions": [failure]},
        },
    )
    with pytest.raises(Refusal) as caught:
        bench.pod_of_service("redis")
    assert caught.value.message_id == "pods-refused"
    assert caught.value.params["object"] == "ReplicaSet redis-1"
    assert "exceeded quota" in str(caught.value.params["detail"])


def test_silent_api_server_is_could_not_look_and_never_no_pods(bench: Bench, api: FakeApi) -> None:
    api.trouble = lambda method, path: TimeoutError()
    with pytest.raises(CouldNotLook):
        bench.ready_pod("app=redis")
    with pytest.raises(CouldNotLook):
        bench.pods()


def test_hint_is_the_last_warning_about_that_very_pod(bench: Bench, api: FakeApi) -> None:
    for name, uid, kind, when in (
        ("e1", "uid-1", "Warning", "2026-01-01T10:00:00Z"),
        ("e2", "uid-1", "Warning", "2026-01-01T11:00:00Z"),
        ("e3", "uid-1", "Normal", "2026-01-01T12:00:00Z"),
        ("e4", "uid-2", "Warning", "2026-01-01T12:00:00Z"),
    ):
        api.put(
            f"{SPACE}/events/{name}",
            {
                "involvedObject": {"uid": uid},
                "type": kind,
                "reason": "R",
                "message": name,
                "lastTimestamp": when,
            },
        )
    assert bench.hint(seen()) == "R: e2"
    assert bench.hint(seen(uid="uid-9")) == ""
