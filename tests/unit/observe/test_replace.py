from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi, FakeClock
from fakepods import SPACE, ended, seen

from checker.observe import Bench, CouldNotLook, Refusal

Put = Callable[..., None]
OLD = f"{SPACE}/pods/redis-0"


def test_new_pod_behind_the_service_is_the_successor(
    bench: Bench, put: Put, service: Put, clock: FakeClock, api: FakeApi
) -> None:
    put()
    service()
    clock.at(2, lambda: put(name="redis-1", uid="uid-2", ready=False))
    clock.at(20, lambda: put(name="redis-1", uid="uid-2"))
    assert bench.replace(seen(), service="redis").uid == "uid-2"
    assert OLD not in api.store


def test_successor_of_the_same_name_is_known_by_its_uid(
    bench: Bench, put: Put, clock: FakeClock
) -> None:
    put(owner="StatefulSet")
    clock.at(2, lambda: put(uid="uid-2", owner="StatefulSet"))
    assert bench.replace(seen(owner="StatefulSet"), selector="app=redis").uid == "uid-2"


@pytest.mark.parametrize("owner", ["", "Job"])
def test_pod_that_nobody_would_replace_is_left_alone(
    bench: Bench, put: Put, api: FakeApi, owner: str
) -> None:
    put(owner=owner)
    with pytest.raises(Refusal, match="no-controller"):
        bench.replace(seen(owner=owner), selector="app=redis")
    assert OLD in api.store
    assert "DELETE" not in {method for method, path in api.log}


def test_successor_that_never_comes_is_told(bench: Bench, put: Put, clock: FakeClock) -> None:
    put()
    with pytest.raises(Refusal) as caught:
        bench.replace(seen(), selector="app=redis", seconds=30)
    assert caught.value.message_id == "no-replacement"
    assert caught.value.params["pod"] == "redis-0"
    assert clock.now() == 30, "a successor takes its time"


def test_old_pod_that_does_not_go_is_no_successor(bench: Bench, put: Put, api: FakeApi) -> None:
    put()
    api.after = lambda method, path: put() if method == "DELETE" else None
    with pytest.raises(Refusal) as caught:
        bench.replace(seen(), selector="app=redis", seconds=10)
    assert caught.value.message_id == "no-replacement"
    assert caught.value.params["found"] == "redis-0"


def test_successor_that_crashes_is_told_by_its_trouble(
    bench: Bench, put: Put, clock: FakeClock
) -> None:
    put()
    clock.at(1, lambda: put(name="redis-1", uid="uid-2", ready=False, state=ended(5)))
    with pytest.raises(Refusal, match="crashed"):
        bench.replace(seen(), selector="app=redis", seconds=30)


def test_pod_that_has_changed_is_not_deleted(bench: Bench, put: Put, api: FakeApi) -> None:
    put(uid="uid-2")
    with pytest.raises(CouldNotLook):
        bench.replace(seen(), selector="app=redis")
    assert OLD in api.store


def test_cluster_that_goes_away_is_could_not_look(bench: Bench, put: Put, api: FakeApi) -> None:
    put()

    def away(method: str, path: str) -> None:
        if method == "DELETE":
            api.trouble = lambda method, path: TimeoutError()

    api.after = away
    with pytest.raises(CouldNotLook):
        bench.replace(seen(), selector="app=redis")
