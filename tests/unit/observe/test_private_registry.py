from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock
from fakepods import make, ran
from fakeregistry import HASH, LOGIN, FakeRegistry, encode

from checker.observe import Bench, CouldNotLook, End, Login, Ran
from checker.observe.image import Blob
from checker.observe.registry import ADD_USER
from checker.observe.transport import Command

NAMESPACE = "lab-01-storage"
THERE = "/api/v1/namespaces/podlab-registry"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, api: FakeApi) -> FakeRegistry:
    """A registry whose Pod is Ready; the API server turns stringData into data."""
    fake = FakeRegistry()
    for module in ("probe", "registry"):
        monkeypatch.setattr(f"checker.observe.{module}.run", fake)
    api.put(f"{THERE}/pods/registry-1", make("registry-1", labels={"app": "registry"}))
    api.after = lambda method, path: encode(api, path)
    return fake


def put_login(api: FakeApi, user: str, password: str = "word") -> None:
    both = {"username": user, "password": password}
    data = {key: base64.b64encode(value.encode()).decode() for key, value in both.items()}
    api.put(LOGIN, {"type": "kubernetes.io/basic-auth", "data": data})


def test_a_workspace_gets_a_user_of_its_own_that_the_registry_lets_in(
    bench: Bench, registry: FakeRegistry, api: FakeApi
) -> None:
    found = bench.registry()
    assert found.login.user.startswith(f"{NAMESPACE}.")
    assert found.admits(found.login)
    secret = api.store[LOGIN]
    assert (secret["type"], secret["immutable"]) == ("kubernetes.io/basic-auth", True)
    told = base64.b64decode(secret["data"]["password"]).decode()
    assert told == found.login.password


def test_the_registry_is_brought_about_from_the_lessons_manifest(
    bench: Bench, registry: FakeRegistry, api: FakeApi
) -> None:
    bench.registry()
    assert ("PATCH", "/api/v1/namespaces/podlab-registry") in api.log
    assert ("PATCH", f"{THERE}/services/registry") in api.log


def test_a_second_call_makes_no_other_user_and_pushes_nothing(
    bench: Bench, registry: FakeRegistry
) -> None:
    first, pushed = bench.registry().login, len(registry.log)
    assert bench.registry().login == first
    assert len(registry.users) == 1
    assert registry.log[pushed:] == ["GET /v2/", "HEAD /v2/janedoe/awesomeapp/manifests/v1"]


def test_a_registry_that_was_made_anew_gets_user_and_image_again(
    bench: Bench, registry: FakeRegistry
) -> None:
    first = bench.registry().login
    registry.users.clear()
    registry.manifests.clear()
    assert bench.registry().login == first
    assert registry.users
    assert registry.manifests


def test_two_callers_at_the_same_time_share_the_user_of_the_one_who_came_first(
    bench: Bench, registry: FakeRegistry, api: FakeApi
) -> None:
    def other_first(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/secrets"):
            put_login(api, f"{NAMESPACE}.0f")

    api.trouble = other_first
    assert bench.registry().login == Login(f"{NAMESPACE}.0f", "word")


@pytest.mark.parametrize(
    "user",
    [
        "somebody",
        f"{NAMESPACE}-ann.0f",
        f"{NAMESPACE}.",
        f"{NAMESPACE}.0f\n{NAMESPACE}-ann.0f:$2b$05$",
        f"{NAMESPACE}.0f:x",
    ],
)
def test_no_user_but_its_own_is_let_in_by_a_changed_secret(
    bench: Bench, registry: FakeRegistry, api: FakeApi, user: str
) -> None:
    put_login(api, user)
    with pytest.raises(CouldNotLook) as blind:
        bench.registry()
    assert "kubectl delete secret registry-login" in blind.value.todo.en
    assert not registry.users


def test_a_secret_without_the_two_words_is_not_the_courses(
    bench: Bench, registry: FakeRegistry, api: FakeApi
) -> None:
    api.put(LOGIN, {"data": {"username": "!"}})
    with pytest.raises(CouldNotLook, match="not the one the course gave"):
        bench.registry()


def test_a_password_stands_in_no_argument_no_line_and_no_repr(
    bench: Bench, registry: FakeRegistry, api: FakeApi
) -> None:
    login = bench.registry().login
    assert login.password not in repr(login)
    assert registry.commands
    assert not [word for c in registry.commands for word in c.argv if login.password in word]


def test_a_registry_that_does_not_come_up_is_no_verdict_about_the_learner(
    bench: Bench, registry: FakeRegistry, api: FakeApi, clock: FakeClock
) -> None:
    del api.store[f"{THERE}/pods/registry-1"]
    with pytest.raises(CouldNotLook, match="no Pod"):
        bench.registry()
    assert clock.time >= 60


def test_a_registry_that_comes_up_late_is_waited_for(
    bench: Bench, registry: FakeRegistry, api: FakeApi, clock: FakeClock
) -> None:
    pod = api.store.pop(f"{THERE}/pods/registry-1")
    clock.at(20, lambda: api.put(f"{THERE}/pods/registry-1", pod))
    assert bench.registry().login
    assert 20 <= clock.time < 30


def test_who_comes_second_to_a_new_cluster_meets_the_firsts_port_and_goes_on(
    bench: Bench, registry: FakeRegistry, api: FakeApi
) -> None:
    service = ("PATCH", f"{THERE}/services/registry")
    api.trouble = lambda *asked: 422 if asked == service and api.log.count(service) < 2 else None
    assert bench.registry().login


def test_an_api_server_that_refuses_the_registry_is_no_verdict_either(
    bench: Bench, registry: FakeRegistry, api: FakeApi
) -> None:
    api.trouble = lambda method, path: 422 if "podlab-registry" in path else None
    with pytest.raises(CouldNotLook, match="not ready"):
        bench.registry()


Wrong = Callable[[Command], Ran | None]


def to_registry(answer: Ran) -> Wrong:
    return lambda command: answer if command.namespace == "podlab-registry" else None


def to_probe(answer: Ran) -> Wrong:
    return lambda command: answer if "nc" in command.argv else None


@pytest.mark.parametrize(
    "trouble",
    [
        to_registry(ran(1, err=b"read-only file system")),
        to_registry(ran(end=End.lost, why="broken")),
        to_probe(ran(1, err=b"nc: 10.0.0.7 (10.0.0.7:5000): Connection refused")),
        to_probe(ran(end=End.enough, out=b"HTTP/1.1 500 X\r\n\r\n")),
        to_probe(ran(end=End.enough, out=b"no HTTP\r\n\r\n")),
        to_probe(ran(end=End.enough, out=b"HTTP/1.1 401 X\r\n\r\n")),
    ],
)
def test_what_goes_wrong_at_the_registry_is_never_the_learners_fault(
    bench: Bench, registry: FakeRegistry, trouble: Wrong
) -> None:
    registry.trouble = trouble
    with pytest.raises(CouldNotLook):
        bench.registry()


def test_only_a_known_user_with_the_right_password_is_let_in(
    bench: Bench, registry: FakeRegistry
) -> None:
    found = bench.registry()
    assert found.admits(found.login)
    assert not found.admits(Login(found.login.user, "wrong"))
    assert not found.admits(Login("nobody", found.login.password))


def test_an_image_is_pushed_from_its_parts_to_its_name(
    bench: Bench, registry: FakeRegistry
) -> None:
    found = bench.registry()
    registry.log.clear()
    digest = found.push("t1", "hello")
    assert digest == Blob.of(registry.manifests["manifests/t1"]).digest
    assert registry.log[-1] == "PUT /v2/janedoe/awesomeapp/manifests/t1"
    assert found.serves("janedoe/awesomeapp", "t1")
    assert not found.serves("janedoe/awesomeapp", "t2")
    assert found.image("t1") == "localhost:30500/janedoe/awesomeapp:t1"


def test_the_program_is_sent_once_for_all_images(bench: Bench, registry: FakeRegistry) -> None:
    found = bench.registry()
    assert f"sha256:{HASH}" in registry.blobs
    registry.log.clear()
    found.push("t1", "hello")
    assert not [line for line in registry.log if line.startswith("PUT") and HASH in line]


@pytest.mark.parametrize("refused", ["POST", "PUT"])
def test_a_push_that_is_refused_says_so(bench: Bench, registry: FakeRegistry, refused: str) -> None:
    found = bench.registry()

    def trouble(command: Command) -> Ran | None:
        asked = command.stdin.startswith(refused.encode())
        return ran(end=End.enough, out=b"HTTP/1.1 507 X\r\n\r\n") if asked else None

    registry.trouble = trouble
    with pytest.raises(CouldNotLook, match="507"):
        found.push("t1", "hello")


def test_a_probe_pod_without_the_program_is_told(bench: Bench, registry: FakeRegistry) -> None:
    found = bench.registry()
    registry.trouble = lambda command: ran(0, err=b"tar: no such file")
    with pytest.raises(CouldNotLook, match="no such file"):
        found.push("t1", "hello")


def test_users_who_come_at_the_same_time_cut_no_line_and_lose_none(tmp_path: Path) -> None:
    file = tmp_path / "htpasswd"
    script: Any = [word.replace("/auth/htpasswd", str(file)) for word in ADD_USER]
    lines = [f"user{number}:{'h' * 60}" for number in range(40)]
    running = [subprocess.Popen([*script, line]) for line in lines]
    assert [process.wait(20) for process in running] == [0] * len(lines)
    assert sorted(file.read_text().splitlines()) == sorted(lines)
