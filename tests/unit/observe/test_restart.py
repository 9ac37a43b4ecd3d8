from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi, FakeClock
from fakepods import SPACE, FakeRun, ended, ran, seen

from checker.observe import Bench, CouldNotLook, End, Refusal

Put = Callable[..., None]
SECOND = {"restarts": 1, "container_id": "containerd://2"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    fake = FakeRun(ran(end=End.lost))
    monkeypatch.setattr("checker.observe.restart.run", fake)
    return fake


def test_next_life_in_the_same_pod_is_a_restart(
    bench: Bench, put: Put, run: FakeRun, clock: FakeClock
) -> None:
    put()
    clock.at(2, lambda: put(ready=False, **SECOND))
    clock.at(5, lambda: put(**SECOND))
    assert bench.restart(seen(), ["kill", "1"]).container().restarts == 1
    assert clock.now() >= 5, "it must be Ready again"
    assert run.log[0].argv == ("kill", "1")


def test_container_that_goes_on_living_was_not_restarted(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put(restarts=4)
    with pytest.raises(Refusal) as caught:
        bench.restart(seen(), ["true"], seconds=10)
    assert caught.value.message_id == "not-restarted"
    assert caught.value.params["found"] == "restartCount 4, running"


def test_container_that_ended_and_stays_down_was_not_restarted(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put()
    run.then = lambda: put(ready=False, state=ended(0, "Completed"))
    with pytest.raises(Refusal) as caught:
        bench.restart(seen(), ["true"], seconds=10)
    assert caught.value.message_id == "not-restarted"
    assert "terminated Completed" in str(caught.value.params["found"])


def test_restart_count_without_a_new_container_is_not_enough(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put()
    run.then = lambda: put(restarts=1)
    with pytest.raises(Refusal, match="not-restarted"):
        bench.restart(seen(), ["true"], seconds=10)


def test_restart_from_before_does_not_count(bench: Bench, put: Put, run: FakeRun) -> None:
    put(**SECOND)
    with pytest.raises(Refusal, match="not-restarted"):
        bench.restart(seen(), ["true"], seconds=10)


def test_restart_that_was_not_of_our_making_does_not_count(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put()
    run.answers = [ran(end=End.lost, why="container not found", started=False)]
    run.then = lambda: put(**SECOND)
    with pytest.raises(Refusal, match="restarted-meanwhile"):
        bench.restart(seen(), ["true"], seconds=10)


def test_command_that_could_not_be_started_is_could_not_look(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put()
    run.answers = [ran(end=End.lost, why="no connection", started=False)]
    with pytest.raises(CouldNotLook, match="no connection"):
        bench.restart(seen(), ["true"], seconds=10)


def test_another_pod_in_its_place_is_no_restart(
    bench: Bench, put: Put, run: FakeRun, clock: FakeClock
) -> None:
    put()
    run.then = lambda: put(uid="uid-2", **SECOND)
    with pytest.raises(Refusal, match="pod-changed"):
        bench.restart(seen(), ["true"], seconds=60)
    assert clock.now() == 0


def test_container_that_does_not_come_up_again_is_told_by_its_trouble(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put()
    run.then = lambda: put(ready=False, state=ended(9), **SECOND)
    with pytest.raises(Refusal) as caught:
        bench.restart(seen(), ["true"], seconds=10)
    assert caught.value.message_id == "crashed"
    assert caught.value.params["code"] == 9


def test_pod_that_is_gone_is_told(bench: Bench, put: Put, run: FakeRun, api: FakeApi) -> None:
    put()
    run.then = lambda: api.store.pop(f"{SPACE}/pods/redis-0")
    with pytest.raises(Refusal, match="no-object"):
        bench.restart(seen(), ["true"])


def test_cluster_that_goes_away_is_could_not_look(
    bench: Bench, put: Put, run: FakeRun, api: FakeApi
) -> None:
    put()
    run.then = lambda: setattr(api, "trouble", lambda method, path: TimeoutError())
    with pytest.raises(CouldNotLook):
        bench.restart(seen(), ["true"])


def test_before_is_looked_at_freshly_and_refuses_another_pod(bench: Bench, put: Put) -> None:
    put(restarts=3)
    assert bench.before(seen()).restarts == 3
    put(uid="uid-2")
    with pytest.raises(Refusal, match="pod-changed"):
        bench.before(seen())
