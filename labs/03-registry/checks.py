"""Judges lab 03 by what the registry lets in, and by which Pods can pull an image nobody has yet.

Every attempt pushes an image under a new tag, so that none in the node's store helps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.catalogue import check, given
from checker.observe import Bench, CouldNotLook, Outcome, Pod, PrivateRegistry
from checker.observe.troubles import trouble
from checker.texts import Text

from .credential import FOR_HOST, LETS_IN, credential
from .fresh import PULLED, Fresh
from .pulls import RUNS, account_of, named_in_manifest, secrets_of, secrets_of_account, words
from .refused import up

GIVEN_KEY = "oldkey"
STARTS = 60.0
"""Seconds for a Pod to pull a small image and be Ready; a refused pull is told much sooner."""
WAITS = 330.0
"""Seconds for a Pod in back-off: up to 300 between two pulls, and then the pull itself."""
STEADY = 2.0
IMAGES = "{.spec.containers[*].image}"
IMAGE_IDS = "{.status.containerStatuses[*].imageID}"

BY_ACCOUNT = Text(
    "ServiceAccount 有 imagePullSecrets", "the ServiceAccount has the imagePullSecrets"
)
BY_ACCOUNT_ALONE = Text("Pod 的清单里没有 Secret 的名字", "the Pod's manifest names no Secret")
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
    user = credential(bench, bench.registry(), "myregistrykey").user
    return bench.passed(
        expected=LETS_IN, found=f"200, {user}", command="kubectl get secret myregistrykey"
    )


@check("pod")
def foo_runs(bench: Bench) -> Outcome:
    registry = bench.registry()
    foo = up(bench, registry, lambda: _ready(bench, "foo"), _foo_names_none)
    _must_be_private(bench, registry, foo)
    fresh = Fresh.push(bench, registry)
    # Both set out at once: a pull that is refused takes as long as one that is not.
    without = fresh.start("without", fresh.account())
    copy = fresh.start("copy", account_of(foo), secrets_of(foo))
    if not fresh.runs(copy):
        bench.failed(
            "not-again",
            expected=PULLED,
            found="401",
            command="kubectl get secrets",
            pod=foo.name,
            secrets=words(secrets_of(foo)),
        )
    if fresh.runs(without):
        raise CouldNotLook(NOT_PRIVATE.format(found=fresh.image), TELL_US)
    _must_go_on(bench, foo)
    return bench.passed(
        expected=RUNS.format(pod=foo.name),
        found=f"{fresh.image}: {words(secrets_of(foo))} 200, - 401",
        command="kubectl describe pod foo",
    )


@check("account")
def account_brings_it(bench: Bench) -> Outcome:
    registry = bench.registry()
    bar = up(bench, registry, lambda: bench.ready_pod("app=bar", STARTS), _account_names_none)
    _must_be_private(bench, registry, bar)
    name = account_of(bar)
    named = secrets_of_account(bench, name)
    seen: dict[str, Any] = {
        "expected": BY_ACCOUNT,
        "found": words(named),
        "command": f"kubectl get serviceaccount {name} -o yaml",
    }
    if not named:
        bench.failed("named-in-pod", pod=bar.name, account=name, **seen)
    fresh = Fresh.push(bench, registry)
    if not fresh.runs(fresh.start("account", name)):
        bench.failed("account-refused", account=name, secrets=words(named), **seen)
    _must_name_none(bench, bar)
    _must_go_on(bench, bar)
    return bench.passed(**seen)


@check("repair")
def baz_comes_up(bench: Bench) -> Outcome:
    registry = bench.registry()
    waiting = bench.pod("baz")
    if GIVEN_KEY not in secrets_of(waiting):
        bench.failed(
            "not-named",
            expected=FOR_HOST.format(host=registry.host),
            found=words(secrets_of(waiting)),
            command="kubectl get pod baz -o jsonpath='{.spec.imagePullSecrets}'",
            pod=waiting.name,
            secrets=words(secrets_of(waiting)),
        )
    credential(bench, registry, GIVEN_KEY, old_form=True)
    baz = bench.converge(
        lambda: _same(bench, waiting),
        lambda now: now.ready,
        WAITS,
        COMES_UP,
        failing="still-waiting",
        show=_state,
        command="kubectl describe pod baz",
        pod=waiting.name,
    )
    _must_be_private(bench, registry, baz)
    if not (_pull_failed(bench, baz) or _older_than_secret(bench, baz)):
        bench.failed(
            "made-anew",
            expected=WAITED,
            found=f"{baz.created_at}",
            command="kubectl describe pod baz",
            pod=baz.name,
        )
    _must_go_on(bench, baz)
    return bench.passed(expected=WAITED, found=f"uid {baz.uid}", command="kubectl describe pod baz")


def _ready(bench: Bench, name: str) -> Pod:
    def look() -> Pod:
        found = bench.pod(name)
        if not found.ready:
            raise trouble(found, bench.hint(found))
        return found

    return bench.converge(look, bool, STARTS, RUNS.format(pod=name))


def _foo_names_none(bench: Bench, pod: Pod, seen: Mapping[str, Any]) -> None:
    bench.failed("no-secret-named", pod=pod.name, **seen)


def _account_names_none(bench: Bench, pod: Pod, seen: Mapping[str, Any]) -> None:
    """What the ServiceAccount has to do with a Pod that has no Secret's name."""
    name = account_of(pod)
    told: dict[str, Any] = {**seen, "command": f"kubectl get serviceaccount {name} -o yaml"}
    if secrets_of_account(bench, name):
        bench.failed("older-pod", pod=pod.name, account=name, **told)
    listed = [each.name for each in bench.get("ServiceAccount", name).secrets or ()]
    if listed:
        bench.failed("account-secrets", account=name, secrets=words(listed), **told)
    bench.failed("account-names-none", pod=pod.name, account=name, **told)


def _must_name_none(bench: Bench, pod: Pod) -> None:
    names, command = named_in_manifest(bench, pod)
    if names:
        told = {"pod": pod.name, "account": account_of(pod), "secrets": words(names)}
        bench.failed("named-in-both", BY_ACCOUNT_ALONE, words(names), command, **told)


def _must_be_private(bench: Bench, registry: PrivateRegistry, pod: Pod) -> None:
    """The Pod runs the image of the tasks' tag, and the private registry serves it now."""
    status = pod.raw.status
    images = {
        each.name: each.image_id for each in (status.container_statuses if status else ()) or ()
    }
    private = [c.image for c in pod.containers if _serves(registry, images.get(c.name, ""))]
    told: dict[str, Any] = {"expected": RUNS.format(pod=pod.name), "pod": pod.name}
    if not private:
        shown = words(images.values())
        command = f"kubectl get pod {pod.name} -o jsonpath='{IMAGE_IDS}'"
        bench.failed("other-image", found=shown, command=command, image=shown, **told)
    # A digest is as good as the tag, which need not stand beside it.
    if not any(image == registry.image() or "@" in image for image in private):
        shown = words(private)
        command = f"kubectl get pod {pod.name} -o jsonpath='{IMAGES}'"
        more = {"image": shown, "wanted": registry.image()}
        bench.failed("other-tag", found=shown, command=command, **more, **told)


def _serves(registry: PrivateRegistry, image: str) -> bool:
    """Whether the private registry serves the image of a container's status, by its digest."""
    name, _, digest = image.partition("@")
    host, _, repository = name.removeprefix("docker-pullable://").partition("/")
    return bool(host == registry.host and digest) and registry.serves(repository, digest)


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
