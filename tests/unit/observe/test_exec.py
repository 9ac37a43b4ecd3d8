from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi, FakeClock
from fakepods import SPACE, FakeRun, ended, ran, seen

from checker.observe import Bench, CouldNotLook, End, Refusal

Put = Callable[..., None]
LOST = ran(end=End.lost, why="Handshake status 500")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    fake = FakeRun(ran(0, b"PONG\n"))
    monkeypatch.setattr("checker.observe.exec.run", fake)
    return fake


def test_command_runs_in_the_container_and_its_output_is_text(bench: Bench, run: FakeRun) -> None:
    done = bench.exec(seen(), ["redis-cli", "ping"])
    assert done.ok
    assert done.stdout == "PONG\n"
    assert run.log[0].argv == ("redis-cli", "ping")
    assert (run.log[0].pod, run.log[0].container) == ("redis-0", "redis")


def test_exit_code_is_an_observation_and_no_error(bench: Bench, run: FakeRun) -> None:
    run.answers = [ran(3)]
    assert bench.exec(seen(), ["false"]).code == 3


def test_container_it_does_not_have_is_the_learners_failure(bench: Bench, run: FakeRun) -> None:
    with pytest.raises(Refusal) as caught:
        bench.exec(seen(), ["true"], container="sidecar")
    assert caught.value.message_id == "no-container"
    assert caught.value.params["found"] == "redis"
    assert run.log == []


def test_broken_connection_to_a_pod_that_still_runs_is_could_not_look(
    bench: Bench, run: FakeRun, put: Put
) -> None:
    put()
    run.answers = [LOST]
    with pytest.raises(CouldNotLook, match="Handshake status 500"):
        bench.exec(seen(), ["true"])


def test_broken_connection_to_a_container_that_ended_is_its_trouble(
    bench: Bench, run: FakeRun, put: Put, clock: FakeClock
) -> None:
    put()
    run.answers = [LOST]
    clock.at(1, lambda: put(ready=False, state=ended(137, "OOMKilled")))
    with pytest.raises(Refusal) as caught:
        bench.exec(seen(), ["true"])
    assert caught.value.message_id == "crashed"
    assert caught.value.params["code"] == 137


def test_broken_connection_to_a_container_that_was_restarted_is_the_learners(
    bench: Bench, run: FakeRun, put: Put
) -> None:
    put(container_id="containerd://2", restarts=1)
    run.answers = [LOST]
    with pytest.raises(Refusal, match="restarted-meanwhile"):
        bench.exec(seen(), ["true"])


def test_broken_connection_to_a_pod_that_is_gone_is_told(bench: Bench, run: FakeRun) -> None:
    run.answers = [LOST]
    with pytest.raises(Refusal, match="pod-lost"):
        bench.exec(seen(), ["true"])


@pytest.mark.parametrize(("replicas", "ending"), [(0, CouldNotLook), (1, Refusal)])
def test_pod_that_a_rollout_took_away_is_nobodys_fault(
    bench: Bench, run: FakeRun, api: FakeApi, replicas: int, ending: type[Exception]
) -> None:
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": "redis"}}}
    owner = f"{SPACE.replace('/api/v1', '/apis/apps/v1')}/replicasets/redis"
    api.put(owner, {"metadata": {"name": "redis"}, "spec": spec})
    run.answers = [LOST]
    with pytest.raises(ending):
        bench.exec(seen(), ["true"])


def test_broken_connection_to_a_pod_that_was_replaced_is_told(
    bench: Bench, run: FakeRun, put: Put
) -> None:
    put(uid="uid-2")
    run.answers = [LOST]
    with pytest.raises(Refusal, match="pod-lost"):
        bench.exec(seen(), ["true"])


def test_broken_connection_to_a_cluster_that_is_away_is_could_not_look(
    bench: Bench, run: FakeRun, api: FakeApi
) -> None:
    run.answers = [LOST]
    api.trouble = lambda method, path: TimeoutError()
    with pytest.raises(CouldNotLook):
        bench.exec(seen(), ["true"])


def test_command_that_does_not_end_is_an_observation_while_the_cluster_answers(
    bench: Bench, run: FakeRun, put: Put, api: FakeApi
) -> None:
    put()
    run.answers = [ran(end=End.limit)]
    assert bench.exec(seen(), ["sleep", "99"]).end is End.limit
    api.trouble = lambda method, path: TimeoutError()
    with pytest.raises(CouldNotLook):
        bench.exec(seen(), ["sleep", "99"])
    assert f"{SPACE}/pods/redis-0" in api.store
