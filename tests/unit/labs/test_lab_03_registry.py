"""The credential in a Secret is read as a kubelet reads it, and no report shows a password.

Also: a Pod's own manifest, told from its ServiceAccount; an image's tag; a Pod that answers late.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection
from kubernetes import client

from checker.catalogue import load_lab
from checker.cluster import Connection, Workspace
from checker.grading.verdicts import settle, worded
from checker.observe import Bench, CouldNotLook, Login, Refusal
from checker.observe.pod import view

LESSON = "03-registry"
SPACE = "/api/v1/namespaces/lab-03-registry"
LAB = load_lab(LESSON)
checks, fresh, pulls, refused, credentials = (
    sys.modules[f"checker_labs.03_registry{name}"]
    for name in ("", ".fresh", ".pulls", ".refused", ".credential")
)
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

    def serves(self, repository: str, reference: str) -> bool:
        return (repository, reference) == ("janedoe/awesomeapp", "sha256:1")

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


def pod_of(**meta: Any) -> Any:
    """A Pod that has the Secret's name, from whatever source."""
    spec = client.V1PodSpec(
        containers=[], image_pull_secrets=[client.V1LocalObjectReference(name="myregistrykey")]
    )
    return view(client.V1Pod(metadata=client.V1ObjectMeta(name="bar", **meta), spec=spec))


def owned(kind: str) -> list[client.V1OwnerReference]:
    return [
        client.V1OwnerReference(
            api_version="apps/v1", kind=kind, name="bar", uid="u", controller=True
        )
    ]


@pytest.mark.parametrize("named", [[], ["myregistrykey"]])
def test_the_template_tells_what_the_manifest_names(
    bench: Bench, connected: tuple[Connection, FakeApi], named: list[str]
) -> None:
    spec = {"containers": [], "imagePullSecrets": [{"name": each} for each in named]}
    path = SPACE.replace("/api/v1", "/apis/apps/v1")
    connected[1].put(
        f"{path}/replicasets/bar", {"spec": {"selector": {}, "template": {"spec": spec}}}
    )
    assert pulls.named_in_manifest(bench, pod_of(owner_references=owned("ReplicaSet")))[0] == named


@pytest.mark.parametrize(
    ("note", "named"),
    [
        ('{"spec": {"imagePullSecrets": [{"name": "myregistrykey"}]}}', ["myregistrykey"]),
        ('{"spec": {"imagePullSecrets": null}}', []),
        ('{"spec": {"serviceAccountName": "puller"}}', []),
        ('{"spec": {"imagePullSecrets": [{}]}}', []),
        ('{"spec": {"volumes": [{"secret": {"secretName": "key"}}]}}', ["key"]),
        (
            '{"spec": {"volumes": [{"projected": {"sources": [{"secret": {"name": "key"}}]}}]}}',
            ["key"],
        ),
        ('{"spec": {"containers": [{"envFrom": [{"secretRef": {"name": "key"}}]}]}}', ["key"]),
        ('{"spec": []}', []),
        ("[]", []),
        ("no JSON", []),
    ],
)
def test_what_was_applied_tells_it_of_a_pod_without_a_controller(
    bench: Bench, note: str, named: list[str]
) -> None:
    assert pulls.named_in_manifest(bench, pod_of(annotations={pulls.APPLIED: note}))[0] == named


@pytest.mark.parametrize("meta", [{}, {"owner_references": owned("ReplicaSet")}])
def test_where_nothing_tells_the_manifest_names_none(bench: Bench, meta: dict[str, Any]) -> None:
    assert pulls.named_in_manifest(bench, pod_of(**meta))[0] == []


def test_a_controller_of_an_unknown_kind_tells_nothing(bench: Bench) -> None:
    assert pulls.named_in_manifest(bench, pod_of(owner_references=owned("Rollout")))[0] == []


def test_a_pod_of_our_own_may_answer_some_time_after_it_is_ready(
    bench: Bench,
    clock: FakeClock,
    connected: tuple[Connection, FakeApi],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = {"containers": [{"name": "app"}]}
    status = {"conditions": [{"type": "Ready", "status": "True"}], "phase": "Running"}
    connected[1].put(f"{SPACE}/pods/podlab-copy", {"spec": spec, "status": status})

    def http(*words: object) -> SimpleNamespace:
        early = clock.now() < 5
        return SimpleNamespace(text="" if early else "token", status=None if early else 200)

    monkeypatch.setattr(bench, "http", http)
    assert fresh.Fresh(bench, "image", "token").runs("podlab-copy")


@pytest.mark.parametrize(
    ("image", "served", "message"),
    [
        (f"{HOST}/janedoe/awesomeapp:v1", f"{HOST}/janedoe/awesomeapp@sha256:1", ""),
        (f"{HOST}/janedoe/awesomeapp@sha256:1", f"{HOST}/janedoe/awesomeapp@sha256:1", ""),
        (f"{HOST}/janedoe/awesomeapp:v1@sha256:1", f"{HOST}/janedoe/awesomeapp@sha256:1", ""),
        (f"{HOST}/janedoe/awesomeapp:v2", f"{HOST}/janedoe/awesomeapp@sha256:1", "other-tag"),
        ("busybox:1.37", "docker.io/library/busybox@sha256:2", "other-image"),
    ],
)
def test_the_tag_is_the_tasks_or_there_is_a_digest(
    bench: Bench, image: str, served: str, message: str
) -> None:
    state = client.V1ContainerStatus(
        name="foo", image="", image_id=served, ready=True, restart_count=0
    )
    spec = client.V1PodSpec(containers=[client.V1Container(name="foo", image=image)])
    status = client.V1PodStatus(container_statuses=[state])
    pod = view(client.V1Pod(metadata=client.V1ObjectMeta(name="foo"), spec=spec, status=status))
    said = ""
    try:
        checks._must_be_private(bench, KnowsOne(), pod)
    except Refusal as no:
        said = no.message_id
    assert said == message


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("localhost:30500", True),
        ("http://localhost:30500/v2/", True),
        ("http://localhost:30500/v2", False),
        ("localhost:30500/janedoe", True),
        ("localhost:30500/v1/janedoe/", True),
        ("localhost:30500/other", False),
        ("localhost", False),
    ],
)
def test_an_entry_is_used_where_a_kubelet_would_use_it(key: str, fits: bool) -> None:
    assert credentials._fits(key, f"{HOST}/janedoe/awesomeapp:v1") is fits


class Waits:
    """A Pod in back-off: how often it was waited for, and what was seen each time."""

    def __init__(self, *seen: Any) -> None:
        self.seen = list(seen)

    def __call__(self) -> Any:
        now = self.seen.pop(0)
        if isinstance(now, Exception):
            raise now
        return now


def refused_pod() -> SimpleNamespace:
    said = "Back-off pulling image: ErrImagePull: 401 Unauthorized"
    app = SimpleNamespace(state="waiting", reason="ImagePullBackOff", message=said)
    spec = SimpleNamespace(image_pull_secrets=[SimpleNamespace(name="key")])
    return SimpleNamespace(name="foo", containers=[app], raw=SimpleNamespace(spec=spec))


@pytest.fixture
def back_off(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Wait for a Pod that was refused, with a Secret that the registry knows by now, or not."""

    def wait(right: bool, waits: Waits) -> Any:
        monkeypatch.setattr(refused, "helps", lambda *words: right)
        bench = SimpleNamespace(pod=lambda name: refused_pod(), find=lambda *words: object())

        def failed(message: str, **told: Any) -> None:
            raise Refusal(message)

        bench.failed = failed
        return refused.up(bench, KnowsOne(), waits, lambda *words: None)

    return wait


def not_pulled() -> Refusal:
    return Refusal("image-not-pulled", {"pod": "foo"})


def test_a_pod_whose_secret_came_late_is_given_the_kubelets_next_try(
    back_off: Callable[..., Any],
) -> None:
    assert back_off(True, Waits(not_pulled(), not_pulled(), "up")) == "up"


def test_a_pod_in_a_long_back_off_is_not_blamed(back_off: Callable[..., Any]) -> None:
    with pytest.raises(CouldNotLook):
        back_off(True, Waits(*[not_pulled()] * refused.TRIES))


def test_a_pod_whose_secret_is_wrong_is_told_at_once(back_off: Callable[..., Any]) -> None:
    waits = Waits(not_pulled(), "up")
    with pytest.raises(Refusal, match="pull-refused"):
        back_off(False, waits)
    assert waits.seen == ["up"]
