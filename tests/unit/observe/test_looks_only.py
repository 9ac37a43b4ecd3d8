"""A bench that only looks: what it does, and that it refuses each verb that acts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi, FakeClock
from fakepods import SPACE, FakeRun, make, ran, seen
from fakeregistry import FakeRegistry, encode

from checker.cluster import ActsError, Connection, LookingConnection, Step, Workspace
from checker.observe import Bench, CouldNotLook

Put = Callable[..., None]
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ctl"}}
LOOKING_VERBS = {
    "converge", "hold", "steady", "get", "find", "list", "pods", "pod", "ready_pod", "look_for",
    "service",
    "pods_of_service", "pod_of_service", "look_behind", "ready_pods_of_service", "hint",
    "refused_by_api", "own_text", "token", "passed", "failed", "left", "close", "hurry", "say",
    "before", "restarted", "rolled_out", "address", "tcp", "talk", "http", "probe", "registry",
    "undo",
}  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    fake = FakeRun(ran(0, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"10.96.0.9 open"))
    monkeypatch.setattr("checker.observe.probe.run", fake)
    return fake


@pytest.fixture
def eyes(connected: tuple[Connection, FakeApi], api: FakeApi, clock: FakeClock) -> Bench:
    return Bench(LookingConnection(connected[0]), Workspace("01-storage", "lab"), clock=clock)


ACTS: dict[str, Callable[[Bench], object]] = {
    "apply": lambda bench: bench.apply(MAP),
    "delete": lambda bench: bench.delete("ConfigMap", "mine"),
    "change": lambda bench: bench.change("ConfigMap", "mine", {"data": {"a": "b"}}),
    "later": lambda bench: bench.later(Step.delete("ConfigMap", "ctl")),
    "exec": lambda bench: bench.exec(bench.pod("redis-0"), ["true"]),
    "restart": lambda bench: bench.restart(bench.pod("redis-0"), ["sh", "-c", "kill 1"]),
    "replace": lambda bench: bench.replace(bench.pod("redis-0"), selector="app=redis"),
    "roll": lambda bench: bench.roll(bench.pod("redis-0")),
    "load": lambda bench: bench.load("redis", port=6379),
    "team": lambda bench: bench.team(),
}


def test_every_verb_is_known_to_look_or_to_act() -> None:
    verbs = {name for name in dir(Bench) if name[0] != "_" and callable(getattr(Bench, name))}
    assert verbs | {"say"} == LOOKING_VERBS | set(ACTS)


@pytest.mark.parametrize("verb", ACTS)
def test_verb_that_acts_is_refused_and_nothing_changes(
    eyes: Bench, api: FakeApi, put: Put, service: Put, verb: str
) -> None:
    put(owner="StatefulSet")
    service()
    api.put(f"{SPACE}/configmaps/mine", {"metadata": {"labels": {"podlab/control": "true"}}})
    api.put(
        "/apis/apps/v1/namespaces/lab-01-storage/statefulsets/redis",
        {"spec": {"selector": {}, "serviceName": "", "template": {"metadata": {}}}},
    )
    with pytest.raises(ActsError):
        ACTS[verb](eyes)
    assert {method for method, _ in api.log} <= {"GET"}


def test_get_through_a_service_is_a_look(eyes: Bench, service: Put, run: FakeRun) -> None:
    service()
    assert eyes.http("redis", port=6379).text == "hi"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_requests_are_none(eyes: Bench, service: Put, run: FakeRun, method: str) -> None:
    service()
    with pytest.raises(ActsError, match="redis:6379"):
        eyes.http("redis", port=6379, method=method)
    assert run.log == []


def test_bytes_are_sent_only_where_the_check_says_that_they_ask(
    eyes: Bench, service: Put, run: FakeRun
) -> None:
    service()
    eyes.tcp("redis", 6379)
    eyes.tcp("redis", 6379, "PING\r\n", safe=True)
    with pytest.raises(ActsError):
        eyes.tcp("redis", 6379, "SHUTDOWN\r\n")
    assert [command.stdin for command in run.log] == [b"", b"PING\r\n"]


def test_dry_run_is_a_look(eyes: Bench, api: FakeApi) -> None:
    api.trouble = lambda method, path: 422 if method == "PATCH" else None
    assert eyes.refused_by_api(MAP)


def test_where_an_earlier_check_left_something_a_look_tells_nothing(
    bench: Bench, eyes: Bench, api: FakeApi
) -> None:
    eyes.undo()
    bench.later(Step.delete("ConfigMap", "ctl"))
    with pytest.raises(CouldNotLook, match="delete ConfigMap ctl"):
        eyes.undo()
    assert bench.journal.pending()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, api: FakeApi) -> FakeRegistry:
    fake = FakeRegistry()
    for module in ("probe", "registry"):
        monkeypatch.setattr(f"checker.observe.{module}.run", fake)
    return fake


@pytest.fixture
def registry_pod(api: FakeApi) -> None:
    there = "/api/v1/namespaces/podlab-registry"
    api.put(f"{there}/pods/registry-1", make("registry-1", labels={"app": "registry"}))
    api.after = lambda method, path: encode(api, path)


def test_registry_is_taken_as_it_is(
    bench: Bench, eyes: Bench, registry: FakeRegistry, api: FakeApi, registry_pod: None
) -> None:
    login = bench.registry().login
    api.log.clear()
    found = eyes.registry()
    assert found.login == login
    assert found.serves("janedoe/awesomeapp", "v1")
    assert {method for method, _ in api.log} == {"GET"}


def test_registry_that_does_not_run_is_not_made(
    eyes: Bench, registry: FakeRegistry, api: FakeApi, clock: FakeClock
) -> None:
    with pytest.raises(CouldNotLook, match="not ready"):
        eyes.registry()
    assert {method for method, _ in api.log} == {"GET"}
    assert clock.now() == 0, "nobody makes it, so nobody waits for it"


def test_workspace_without_a_user_of_the_registry_gets_none(
    eyes: Bench, registry: FakeRegistry, api: FakeApi, registry_pod: None
) -> None:
    with pytest.raises(CouldNotLook, match="no user"):
        eyes.registry()
    assert registry.users == {}


def test_pods_are_found_as_ever(eyes: Bench, put: Put) -> None:
    put()
    assert eyes.ready_pod("app=redis").name == seen().name
