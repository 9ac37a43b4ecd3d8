"""Who starts first, seen where it shows: in new Pods while there is no repository."""

from __future__ import annotations

from collections.abc import Sequence

from checker.cluster import API_ERRORS
from checker.observe import Bench, HttpAnswer, Pod, Refusal
from checker.observe.base import looking
from checker.texts import Text

from .site import (
    HELPER,
    NATIVE,
    NGINX,
    SERVICE,
    SETTLES,
    ask,
    is_native,
    said,
    show_kinds,
    show_requests,
)

BEGINS = 15.0
"""Seconds for a new Pod to be placed and to start its first container."""
GONE = 45.0
"""Seconds for old Pods to end; their grace period is 30 s unless the learner says otherwise."""
LATER = 35.0
"""Seconds for nginx to start once its helper counts as started: longer than most would sleep."""
OLD_GONE = Text("旧的 Pod 结束", "the old Pods to end")
NEW_BEGUN = Text("新的 Pod 启动第一个容器", "a new Pod to start its first container")
NO_PAGE_YET = Text(
    "仓库离线时，nginx 没有启动，也没有回答",
    "while the repository is away nginx is not started and nothing answers",
)
FIRST = Text("第一个回答是最新的页面", "the first answer is the newest page")


def must_be_native(bench: Bench, pod: Pod) -> None:
    """Refuse a helper among the ordinary containers."""
    if not is_native(pod.raw.spec):
        bench.failed(
            "not-native",
            expected=NATIVE,
            found="containers",
            command=show_kinds(pod.name),
            pod=pod.name,
        )


def must_be_kept(bench: Bench, pod: Pod) -> None:
    """Said before the Pod is deleted: a Pod of its own would be gone for good."""
    if pod.owner is None:
        bench.failed(
            "no-controller",
            found="-",
            command=f"kubectl get pod {pod.name} -o jsonpath='{{.metadata.ownerReferences}}'",
            pod=pod.name,
        )


def delete_all(bench: Bench, pods: list[Pod]) -> None:
    """Delete these Pods, and wait until they are gone and others have begun."""
    uids = {pod.uid for pod in pods}
    for pod in pods:
        try:
            with looking():
                bench.objects.delete("Pod", pod.name, uid=pod.uid)
        except API_ERRORS:  # that very Pod is gone already
            continue
    bench.converge(
        lambda: [raw.metadata.name for raw in bench.list("Pod") if raw.metadata.uid in uids],
        lambda left: not left,
        GONE,
        OLD_GONE,
        show=", ".join,
        command="kubectl get pods",
    )

    def begun() -> list[str]:
        states = [c for p in bench.pods_of_service(SERVICE) for c in p.containers]
        return [c.name for c in states if c.state == "running"]

    try:
        bench.converge(begun, bool, BEGINS, NEW_BEGUN)
    except Refusal:  # the kubelet says so of a container only after its postStart hook
        return


def nothing_yet(bench: Bench) -> bool:
    """One look while there is no repository. Raises when nginx runs, or something answers."""
    answer = ask(bench)
    pods = bench.pods_of_service(SERVICE)
    started = [p for p in pods for c in p.containers if c.name == NGINX and c.state == "running"]
    if answer.status is None and started:
        answer = _soon(bench)
    if answer.status is not None:
        # An error says that nginx had nothing; whatever else it says, it is not the newest page.
        message = "first-answer" if answer.status >= 400 else "old-answer"
        bench.failed(message, expected=NO_PAGE_YET, command=show_requests(pods[0]), **said(answer))
    if started:
        bench.failed(
            "nginx-too-early",
            expected=NO_PAGE_YET,
            found=f"{NGINX}: running",
            command=f"kubectl describe pod {started[0].name}",
            pod=started[0].name,
        )
    return True


def must_wait_on(bench: Bench) -> None:
    """A helper that counts as started lets nginx start, on a busy node some seconds later.

    The probe of one that does not must know of the page: it may only wait for a time.
    """

    def both() -> bool:
        pods = bench.pods_of_service(SERVICE)
        return not any(_has_started(pod) for pod in pods) or any(
            c.name == NGINX and c.state == "running" for pod in pods for c in pod.containers
        )

    try:
        bench.converge(both, bool, LATER, NO_PAGE_YET)
    except Refusal:  # something else holds nginx back, such as a second init container
        return
    nothing_yet(bench)
    for pod in bench.pods_of_service(SERVICE):
        _probe_must_fail(bench, pod)


def _probe_must_fail(bench: Bench, pod: Pod) -> None:
    """Run the helper's startup probe ourselves, where it is a command: there is no page yet.

    An ordinary init container behind the helper may be the one that waits for the page.
    """
    spec = pod.raw.spec
    forms = list((spec and spec.init_containers) or ())
    names = [form.name for form in forms]
    behind = forms[names.index(HELPER) :] if HELPER in names else []
    if not behind or any(form.restart_policy != "Always" for form in behind):
        return
    probe = behind[0].startup_probe
    running = [c for c in pod.containers if c.name == HELPER and c.state == "running"]
    if not (probe and probe.var_exec and running):
        return
    command = probe.var_exec.command or []
    if _succeeds(bench, pod, command):
        bench.failed(
            "probe-succeeds",
            expected=NO_PAGE_YET,
            found="exit code 0",
            command=f"kubectl describe pod {pod.name}",
            pod=pod.name,
            probe=" ".join(command),
        )


def _succeeds(bench: Bench, pod: Pod, command: Sequence[str]) -> bool:
    try:
        return bench.exec(pod, command, HELPER).ok
    except Refusal:  # the helper ended meanwhile, so its probe has not succeeded
        return False


def _has_started(pod: Pod) -> bool:
    states = (pod.raw.status and pod.raw.status.init_container_statuses) or ()
    return any(state.name == HELPER and state.started for state in states)


def _soon(bench: Bench) -> HttpAnswer:
    """An answer of an nginx that has started, if the Service passes requests on to it."""
    last = ask(bench)
    try:
        return bench.converge(
            lambda: ask(bench), lambda answer: answer.status is not None, SETTLES, FIRST
        )
    except Refusal:
        return last
