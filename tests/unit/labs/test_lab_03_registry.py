"""The credential in a Secret is read as a kubelet reads it, and no report shows a password."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection

from checker.catalogue import load_lab
from checker.cluster import Connection, Workspace
from checker.grading.verdicts import settle, worded
from checker.observe import Bench, Login

SPACE = "/api/v1/namespaces/lab-03-registry"
LAB = load_lab("03-registry")
TYPE, KEY = "kubernetes.io/dockerconfigjson", ".dockerconfigjson"
HOST = "localhost:30500"
OWN = Login("lab-03-registry.0f", "hunter2-hunter2")
Report = Callable[[], tuple[str, str]]


class KnowsOne:
    """A registry that knows one user."""

    host = HOST
    login = OWN

    def image(self) -> str:
        return f"{HOST}/janedoe/awesomeapp:v1"

    def admits(self, login: Login) -> bool:
        return login == OWN


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


AUTH = coded(f"{OWN.user}:{OWN.password}")


def auths(key: str = HOST, **entry: str) -> dict[str, Any]:
    return {"auths": {key: entry or {"auth": AUTH}}}


@pytest.fixture
def connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Connection, FakeApi]:
    monkeypatch.setattr(Bench, "registry", lambda bench: KnowsOne())
    return fake_connection(tmp_path)


@pytest.fixture
def give(connected: tuple[Connection, FakeApi]) -> Callable[..., None]:
    def secret(content: object, kind: str = TYPE) -> None:
        data = {KEY: coded(json.dumps(content))}
        connected[1].put(f"{SPACE}/secrets/myregistrykey", {"type": kind, "data": data})

    return secret


@pytest.fixture
def report(connected: tuple[Connection, FakeApi]) -> Report:
    """Judge task 1: the id of its message, and all that a report would show of it."""

    def judge() -> tuple[str, str]:
        bench = Bench(connected[0], Workspace("03-registry", "lab"), clock=FakeClock())
        task = LAB.task("secret")
        finding, message = worded(task, settle(lambda: LAB.checks["secret"](bench)))
        shown = [message.zh, message.en, repr(finding.params), repr(finding.evidence)]
        return finding.message_id, "\n".join(shown)

    return judge


@pytest.mark.parametrize(
    "content",
    [
        auths(),
        auths(f"https://{HOST}"),
        auths(f"http://{HOST}/v2/"),
        auths(f"{HOST}/janedoe"),
        auths("loc*st:30500"),
        auths(auth=AUTH.rstrip("=")),
        auths(username=OWN.user, password=OWN.password),
        auths(auth=AUTH, username="another", password="wrong"),
        {"auths": {HOST: {"auth": AUTH}, "registry.example.com": {}}, "credsStore": "desktop"},
        {"auths": {HOST: {"auth": coded("x:y")}, f"{HOST}/janedoe": {"auth": AUTH}}},
    ],
)
def test_every_form_that_serves_a_kubelet_passes(
    give: Callable[..., None], report: Report, content: object
) -> None:
    give(content)
    message, shown = report()
    assert message == "passed"
    assert OWN.password not in shown


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({HOST: {"auth": AUTH}}, "no-auths"),
        ({OWN.password: {}}, "no-auths"),
        (auths("localhost:5000"), "wrong-host"),
        (auths("*"), "wrong-host"),
        (auths("localhost"), "wrong-host"),
        (auths(f"{HOST}/another"), "wrong-host"),
        (auths(f"{OWN.user}:{OWN.password}"), "wrong-host"),
        ({"auths": {HOST: {}}, "credsStore": "desktop"}, "no-credential"),
        (auths(identitytoken="t"), "no-credential"),
        (auths(auth=coded(OWN.password)), "bad-auth"),
        (auths(auth="%"), "bad-auth"),
        ({"auths": {HOST: {"auth": AUTH}, "other": {"auth": "%"}}}, "bad-auth"),
        (auths(auth=coded(f"{OWN.user}:{OWN.password}\n")), "login-refused"),
        (auths(username=OWN.password, password=OWN.user), "login-refused"),
    ],
)
def test_each_fault_has_its_message_and_no_password_is_shown(
    give: Callable[..., None], report: Report, content: object, message: str
) -> None:
    give(content)
    said, shown = report()
    assert said == message
    assert OWN.password not in shown
    assert AUTH not in shown


def test_the_type_decides_whether_a_kubelet_looks_into_it(
    give: Callable[..., None], report: Report
) -> None:
    give(auths(), "Opaque")
    assert report()[0] == "wrong-type"


def test_a_secret_that_was_refused_is_not_there(report: Report) -> None:
    assert report()[0] == "no-secret"
