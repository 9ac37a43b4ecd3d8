"""Judges lab 03 by what the registry lets in, and by which Pods can pull an image nobody has yet.

Every attempt pushes an image under a new tag, so that none in the node's store helps. A credential
is taken out of a Secret as the kubelet does it; no password ever stands in evidence.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from checker.catalogue import check, given
from checker.observe import (
    Bench,
    Container,
    CouldNotLook,
    Login,
    Outcome,
    Pod,
    PrivateRegistry,
    Refusal,
)
from checker.observe.troubles import trouble
from checker.texts import Text

TYPE, KEY = "kubernetes.io/dockerconfigjson", ".dockerconfigjson"
GIVEN_KEY = "oldkey"
STARTS = 40.0
"""Seconds for a Pod to pull a small image and be Ready; a refused pull is told much sooner."""
PULLS = 25.0
"""Seconds for a Pod of the check's own; it tries a second time 10 s after the first."""
WAITS = 330.0
"""Seconds for a Pod in back-off: up to 300 between two pulls, and then the pull itself."""
STEADY = 2.0
IMAGE_IDS = "{.status.containerStatuses[*].imageID}"
PULL_FAILED = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")
# How container runtimes say that a registry wants a login, or another one.
UNAUTHORIZED = re.compile(r"\b401\b|unauthorized|authoriz|no basic auth|access denied", re.I)
NOT_FOUND = re.compile(r"not found|manifest unknown|\b404\b", re.I)

RIGHT_TYPE = Text(f"一个类型为 {TYPE} 的 Secret", f"a Secret of type {TYPE}")
FOR_HOST = Text("{host} 的用户名和密码", "user and password for {host}")
LETS_IN = Text("镜像仓库认得凭据（200）", "the registry knows the credential (200)")
RUNS = Text("Pod {pod} 运行私有镜像", "Pod {pod} runs the private image")
PULLED = Text("一个新标签的镜像拉取得到", "an image under a new tag can be pulled")
SAYS_NO = Text("没有 Secret 时得到 401", "without a Secret it is 401")
BY_ACCOUNT = Text(
    "ServiceAccount 有 imagePullSecrets", "the ServiceAccount has the imagePullSecrets"
)
GOES_ON = Text("Pod 照常运行，没有重启", "the Pod goes on without a restart")
COMES_UP = Text(
    "Pod baz 自己运行起来（两次尝试之间最多 300 秒）",
    "Pod baz to come up by itself (up to 300 s between two tries)",
)
WAITED = Text("Pod baz 先拉取失败，后来运行", "Pod baz failed to pull at first, and runs now")
NOT_PRIVATE = Text(
    "镜像仓库没有拒绝一个没有凭据的 Pod（{found}）。",
    "The registry did not refuse a Pod without a credential ({found}).",
)
TELL_US = Text("请把这句话告诉课程作者。", "Please tell this to the course's authors.")


@given
def login(bench: Bench) -> None:
    """A user of the registry for the workspace, and the two images that the lesson speaks of."""
    registry = bench.registry()
    if not registry.serves(registry.repository, "v2"):
        registry.push("v2", "awesomeapp v2\n")


@check("secret")
def registry_takes_it(bench: Bench) -> Outcome:
    user = _credential(bench, bench.registry(), "myregistrykey").user
    return bench.passed(expected=LETS_IN, found=f"200, {user}", command=_show("myregistrykey"))


@check("pod")
def foo_runs(bench: Bench) -> Outcome:
    registry = bench.registry()
    foo = _up(bench, lambda: _ready(bench, "foo"), _foo_names_none)
    _must_be_private(bench, registry, foo)
    fresh = _Fresh.push(bench, registry)
    # Both set out at once: a pull that is refused takes as long as one that is not.
    without = fresh.start("without", fresh.account())
    copy = fresh.start("copy", _account(foo), _secrets(foo))
    if not fresh.runs(copy):
        bench.failed(
            "not-again",
            expected=PULLED,
            found="401",
            command="kubectl get secrets",
            pod=foo.name,
            secrets=_words(_secrets(foo)),
        )
    if fresh.runs(without):
        raise CouldNotLook(NOT_PRIVATE.format(found=fresh.image), TELL_US)
    _must_go_on(bench, foo)
    return bench.passed(
        expected=RUNS.format(pod=foo.name),
        found=f"{fresh.image}: {_words(_secrets(foo))} 200, - 401",
        command="kubectl describe pod foo",
    )


@check("account")
def account_brings_it(bench: Bench) -> Outcome:
    registry = bench.registry()
    bar = _up(bench, lambda: bench.ready_pod("app=bar", STARTS), _account_names_none)
    _must_be_private(bench, registry, bar)
    name = _account(bar)
    named = _secrets_of_account(bench, name)
    seen: dict[str, Any] = {
        "expected": BY_ACCOUNT,
        "found": _words(named),
        "command": f"kubectl get serviceaccount {name} -o yaml",
    }
    if not named:
        bench.failed("named-in-pod", pod=bar.name, account=name, **seen)
    fresh = _Fresh.push(bench, registry)
    if not fresh.runs(fresh.start("account", name)):
        bench.failed("account-refused", account=name, secrets=_words(named), **seen)
    _must_go_on(bench, bar)
    return bench.passed(**seen)


@check("repair")
def baz_comes_up(bench: Bench) -> Outcome:
    registry = bench.registry()
    baz = bench.pod("baz")
    if GIVEN_KEY not in _secrets(baz):
        bench.failed(
            "not-named",
            expected=FOR_HOST.format(host=registry.host),
            found=_words(_secrets(baz)),
            command="kubectl get pod baz -o jsonpath='{.spec.imagePullSecrets}'",
            pod=baz.name,
            secrets=_words(_secrets(baz)),
        )
    _credential(bench, registry, GIVEN_KEY)
    up = bench.converge(
        lambda: _same(bench, baz),
        lambda now: now.ready,
        WAITS,
        COMES_UP,
        failing="still-waiting",
        show=_state,
        command="kubectl describe pod baz",
        pod=baz.name,
    )
    _must_be_private(bench, registry, up)
    if not (_pull_failed(bench, up) or _older_than_secret(bench, up)):
        bench.failed(
            "made-anew",
            expected=WAITED,
            found=f"{up.created_at}",
            command="kubectl describe pod baz",
            pod=up.name,
        )
    _must_go_on(bench, up)
    return bench.passed(expected=WAITED, found=f"uid {up.uid}", command="kubectl describe pod baz")


def _credential(bench: Bench, registry: PrivateRegistry, name: str) -> Login:
    """The credential that a kubelet would take out of this Secret, once the registry took it."""
    content = _content(bench, name)
    entries = _entries(bench, name, content)
    fitting = {key: entry for key, entry in entries.items() if _fits(key, registry.image())}
    about = FOR_HOST.format(host=registry.host)
    seen: dict[str, Any] = {"expected": about, "command": _show(name), "secret": name}
    if not fitting:
        hosts = _words(entries)
        bench.failed("wrong-host", found=hosts, hosts=hosts, host=registry.host, **seen)
    found = {key: _login_in(entry) for key, entry in fitting.items()}
    for key, candidate in found.items():
        if not candidate:
            keys = _words(fitting[key])
            bench.failed("no-credential", found=keys, keys=keys, host=key, **seen)
        if registry.admits(candidate):
            return candidate
    user = next(login.user for login in found.values() if login)
    refused = "401 Unauthorized"
    seen |= {"expected": LETS_IN, "found": f"{user}: {refused}"}
    bench.failed("login-refused", status=refused, user=user, **seen)


def _content(bench: Bench, name: str) -> Mapping[str, Any]:
    """The JSON in the Secret. Its type decides whether a kubelet looks into it at all."""
    found = bench.find("Secret", name)
    if found is None:
        bench.failed(
            "no-secret",
            expected=RIGHT_TYPE,
            found="-",
            command="kubectl get secrets",
            settles=0,
            secret=name,
        )
    if found.type != TYPE:
        bench.failed(
            "wrong-type",
            expected=RIGHT_TYPE,
            found=found.type,
            command=f"kubectl get secret {name} -o jsonpath='{{.type}}'",
            secret=name,
            type=found.type,
        )
    # The API server takes nothing but a JSON object there.
    content: Mapping[str, Any] = json.loads(base64.b64decode(found.data[KEY]))
    return content


def _entries(
    bench: Bench, name: str, content: Mapping[str, Any]
) -> Mapping[str, Mapping[str, Any]]:
    """What the Secret says of each registry, each entry sound."""
    auths = content.get("auths")
    seen: dict[str, Any] = {"expected": RIGHT_TYPE, "command": _show(name), "secret": name}
    if not isinstance(auths, dict):
        keys = _words(content)
        bench.failed("no-auths", found=keys, keys=keys, **seen)
    for host, entry in auths.items():
        if not isinstance(entry, dict) or not _sound(entry):
            bench.failed("bad-auth", found=host, host=host, **seen)
    return auths


def _sound(entry: Mapping[str, Any]) -> bool:
    """Whether `auth` decodes to user:password; one that does not spoils the whole Secret."""
    try:
        return (
            not entry.get("auth") or ":" in base64.b64decode(entry["auth"], validate=True).decode()
        )
    except (ValueError, TypeError):
        return False


def _login_in(entry: Mapping[str, Any]) -> Login | None:
    """User and password of a sound entry. Where `auth` is there, it wins over the two fields."""
    if entry.get("auth"):
        user, _, password = base64.b64decode(entry["auth"]).decode().partition(":")
        return Login(user, password)
    if entry.get("username") or entry.get("password"):
        return Login(str(entry.get("username")), str(entry.get("password")))
    return None


def _fits(key: str, image: str) -> bool:
    """Whether a kubelet uses the entry `key` for `image`: host and port, then part of the path.

    A scheme is passed over, so are the paths /v1/ and /v2/, and `*` stands for part of a host's
    name (https://kubernetes.io/docs/concepts/containers/images/#config-json).
    """
    key = re.sub(r"^https?://", "", key)
    host, _, path = key.partition("/")
    path = re.sub(r"^v[12](/|$)", "", path).rstrip("/")
    of_image, _, rest = image.partition("/")
    return fnmatchcase(of_image, host) and rest.startswith(path)


def _ready(bench: Bench, name: str) -> Pod:
    def look() -> Pod:
        found = bench.pod(name)
        if not found.ready:
            raise trouble(found, bench.hint(found))
        return found

    return bench.converge(look, bool, STARTS, RUNS.format(pod=name))


Unnamed = Callable[[Bench, Pod, Mapping[str, Any]], None]
"""Says why a Pod without any Secret's name has none."""


def _up(bench: Bench, wait: Callable[[], Pod], unnamed: Unnamed) -> Pod:
    """The Pod that `wait` waits for. One whose image was not pulled is told why."""
    try:
        return wait()
    except Refusal as no:
        if no.message_id == "image-not-pulled":
            _say_why_not_pulled(bench, bench.pod(str(no.params["pod"])), unnamed)
        raise


def _say_why_not_pulled(bench: Bench, pod: Pod, unnamed: Unnamed) -> None:
    """From what the kubelet says, name the cause that explains it; else say nothing."""
    container = _not_pulled(pod)
    if container is None:
        return
    seen: dict[str, Any] = {
        "expected": RUNS.format(pod=pod.name),
        "found": f"{container.reason}: {container.message}",
        "command": f"kubectl describe pod {pod.name}",
    }
    if container.reason == "InvalidImageName":
        bench.failed("bad-name", image=container.image, **seen)
    if UNAUTHORIZED.search(container.message):
        names = _secrets(pod)
        if not names:
            unnamed(bench, pod, seen)
        missing = [name for name in names if bench.find("Secret", name) is None]
        if missing:
            bench.failed("secret-not-found", pod=pod.name, secrets=_words(missing), **seen)
        bench.failed("pull-refused", pod=pod.name, secrets=_words(names), **seen)
    if NOT_FOUND.search(container.message):
        bench.failed("no-such-image", image=container.image, **seen)


def _foo_names_none(bench: Bench, pod: Pod, seen: Mapping[str, Any]) -> None:
    bench.failed("no-secret-named", pod=pod.name, **seen)


def _account_names_none(bench: Bench, pod: Pod, seen: Mapping[str, Any]) -> None:
    """What the ServiceAccount has to do with a Pod that has no Secret's name."""
    name = _account(pod)
    told: dict[str, Any] = {**seen, "command": f"kubectl get serviceaccount {name} -o yaml"}
    if _secrets_of_account(bench, name):
        bench.failed("older-pod", pod=pod.name, account=name, **told)
    listed = [each.name for each in bench.get("ServiceAccount", name).secrets or ()]
    if listed:
        bench.failed("account-secrets", account=name, secrets=_words(listed), **told)
    bench.failed("account-names-none", pod=pod.name, account=name, **told)


@dataclass(frozen=True)
class _Fresh:
    """An image that was pushed a moment ago, and Pods of the check's own that try to pull it."""

    bench: Bench
    image: str
    digest: str
    token: str

    @classmethod
    def push(cls, bench: Bench, registry: PrivateRegistry) -> _Fresh:
        """Push an image whose page and tag are a new random word."""
        token = bench.token()
        return cls(bench, registry.image(token), registry.push(token, token), token)

    def account(self) -> str:
        """A ServiceAccount that names no Secret: the learner's `default` may name some."""
        name = f"podlab-{self.token}"
        self.bench.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}})
        return name

    def start(self, what: str, account: str, secrets: list[str] | None = None) -> str:
        """Make a Pod that runs the image under an account, with these Secrets; its name."""
        name = f"podlab-{what}-{self.token}"
        safe = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
        container = {
            "name": "app",
            "image": self.image,
            "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}},
            "securityContext": safe,
        }
        spec = {
            "serviceAccountName": account,
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container],
        }
        if secrets:
            spec["imagePullSecrets"] = [{"name": name} for name in secrets]
        form = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
        self.bench.apply(form)
        return name

    def runs(self, name: str) -> bool:
        """Whether the Pod runs this very image; False where it got 401."""
        found = self.bench.converge(lambda: self._settled(name), bool, PULLS, PULLED)
        refused = _not_pulled(found)
        if refused:
            return False
        answer = self.bench.http(found, "/", 8080)
        if answer.text != self.token:
            raise trouble(found, f"GET /: {answer.status}")
        return True

    def _settled(self, name: str) -> Pod:
        """The Pod, once its pull has gone through or was refused."""
        found = self.bench.pod(name)
        failed = _not_pulled(found)
        if failed and UNAUTHORIZED.search(failed.message):
            return found
        if not found.ready:
            raise trouble(found, self.bench.hint(found))
        return found


def _not_pulled(pod: Pod) -> Container | None:
    """The container whose image could not be pulled, if there is one."""
    failed = (c for c in pod.containers if c.state == "waiting" and c.reason in PULL_FAILED)
    return next(failed, None)


def _must_be_private(bench: Bench, registry: PrivateRegistry, pod: Pod) -> None:
    """One of the Pod's images is one that the private registry serves now, by its digest."""
    status = pod.raw.status
    images = [each.image_id for each in (status.container_statuses if status else None) or ()]
    for image in images:
        name, _, digest = image.partition("@")
        host, _, repository = name.removeprefix("docker-pullable://").partition("/")
        if host == registry.host and digest and registry.serves(repository, digest):
            return
    bench.failed(
        "other-image",
        expected=RUNS.format(pod=pod.name),
        found=_words(images),
        command=f"kubectl get pod {pod.name} -o jsonpath='{IMAGE_IDS}'",
        pod=pod.name,
        image=_words(images),
    )


def _must_go_on(bench: Bench, pod: Pod) -> None:
    lives = {c.name: c.id for c in pod.containers}
    bench.hold(
        lambda: bench.pod(pod.name),
        lambda now: now.uid == pod.uid and {c.name: c.id for c in now.containers} == lives,
        STEADY,
        GOES_ON,
        show=lambda now: f"uid {now.uid}, restarts {now.restarts}",
        command=f"kubectl get pod {pod.name}",
    )


def _same(bench: Bench, pod: Pod) -> Pod:
    now = bench.pod(pod.name)
    if now.uid != pod.uid:
        bench.failed("pod-changed", command="kubectl get pods", settles=0, pod=pod.name)
    return now


def _state(pod: Pod) -> str:
    return ", ".join(f"{c.state} {c.reason}".strip() for c in pod.containers)


def _pull_failed(bench: Bench, pod: Pod) -> bool:
    """Whether an Event tells of a failed pull of this very Pod."""
    return any(
        event.involved_object.uid == pod.uid
        and event.reason == "Failed"
        and "pull" in (event.message or "").lower()
        for event in bench.list("Event")
    )


def _older_than_secret(bench: Bench, pod: Pod) -> bool:
    """Whether the Secret's content was changed between the Pod's beginning and its start.

    For a Pod whose Events are gone: the API server keeps them for an hour.
    """
    meta = bench.get("Secret", GIVEN_KEY).metadata
    times = [each.time for each in meta.managed_fields or () if "f:data" in (each.fields_v1 or {})]
    changed = max([meta.creation_timestamp, *times])
    started = [c.started_at for c in pod.containers if c.main and c.started_at]
    return bool(pod.created_at and pod.created_at < changed and started and changed <= min(started))


def _secrets(pod: Pod) -> list[str]:
    """The names of the Pod's imagePullSecrets; the admission put its ServiceAccount's there."""
    spec = pod.raw.spec
    return [str(each.name) for each in (spec.image_pull_secrets if spec else None) or ()]


def _account(pod: Pod) -> str:
    return str(pod.raw.spec.service_account_name if pod.raw.spec else "default")


def _secrets_of_account(bench: Bench, name: str) -> list[str]:
    found = bench.get("ServiceAccount", name).image_pull_secrets
    return [each.name for each in found or ()]


def _show(secret: str) -> str:
    return (
        f"kubectl get secret {secret} -o go-template='{{{{index .data \"{KEY}\" | base64decode}}}}'"
    )


def _words(names: Any) -> str:
    return ", ".join(map(str, names)) or "-"
