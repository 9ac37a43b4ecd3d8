"""The site as its visitors and the cluster see it: answers, Pods, lives of containers."""

from __future__ import annotations

import re
from typing import Any

from kubernetes import client

from checker.observe import KUBE_PROXY, Bench, HttpAnswer, Pod, Reached, Refusal
from checker.texts import Text

SERVICE, PORT = "my-nginx", 80
NGINX, HELPER = "nginx", "git-monitor"
SHOW_ADDRESSES = f"kubectl get endpointslices -l kubernetes.io/service-name={SERVICE}"

SETTLES = 6.0
"""Seconds after which a wrong page that has nothing to wait for will not heal."""
STARTS = 30.0
IN_TIME = 15.0
"""Seconds from a push to the page; stands in the tasks' texts."""
PATIENCE = 2.0
"""Seconds for one request: no look may take so long that a hold has a gap."""
TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 (a path)

Life = tuple[str, str, int]
"""A life of a container: the Pod's uid, the container's id and its restarts."""
PAGE = Text("回答是仓库里的页面", "the answer is the page of the repository")
PAST_START = Text("Pod {pod} 完成初始化", "Pod {pod} gets past its start")
BOTH = Text("Pod 里有容器 nginx 和 git-monitor", "the Pod has containers nginx and git-monitor")
NATIVE = Text(
    "git-monitor 是 restartPolicy 为 Always 的初始化容器",
    "git-monitor is an init container with restartPolicy Always",
)
SAME_NGINX = Text("容器 nginx 没有重启", "container nginx is not restarted")


def ask(bench: Bench) -> HttpAnswer:
    """One request as a visitor makes it. Two seconds: a hold must not wait longer for a look."""
    return bench.http(SERVICE, "/", PORT, seconds=PATIENCE)


def must_listen(bench: Bench, answer: HttpAnswer) -> None:
    """Refuse where the Service leads to a port at which nothing listens."""
    if answer.reached is not Reached.open:
        ports = [p.target_port for p in bench.service(SERVICE).spec.ports if p.port == PORT]
        bench.failed(
            "nothing-listens",
            expected=PAGE,
            found=answer.complaint,
            command=SHOW_ADDRESSES,
            settles=KUBE_PROXY,
            service=SERVICE,
            target=ports[0] if ports else "?",
        )


def up(bench: Bench) -> list[Pod]:
    """The Pods behind the Service, all Ready; what keeps one in its start is told in our words."""

    def look() -> list[Pod]:
        try:
            return bench.ready_pods_of_service(SERVICE, 2)
        except Refusal as no:
            if no.message_id in ("not-ready", "deadline"):
                for pod in bench.pods_of_service(SERVICE):
                    _must_get_past_start(bench, pod, str(no.params.get("detail", "")))
            raise

    found = bench.converge(look, bool, STARTS, PAGE)
    for pod in found:
        _must_have_both(bench, pod)
    return found


def _must_have_both(bench: Bench, pod: Pod) -> None:
    names = [c.name for c in pod.containers]
    for name in (NGINX, HELPER):
        if name not in names:
            bench.failed(
                "no-container",
                expected=BOTH,
                found=", ".join(names),
                command=show_kinds(pod.name),
                pod=pod.name,
                container=name,
            )


def _must_get_past_start(bench: Bench, pod: Pod, detail: str) -> None:
    """The common message says only that the Pod is not Ready; here the cause is the lesson's."""
    status, spec = pod.raw.status, pod.raw.spec
    states = {s.name: s for s in (status and status.init_container_statuses) or ()}
    seen: dict[str, Any] = {
        "expected": PAST_START.format(pod=pod.name),
        "command": f"kubectl describe pod {pod.name}",
        "pod": pod.name,
    }
    for form in (spec and spec.init_containers) or ():
        state = states.get(form.name)
        if form.name != HELPER or not (state and state.state and state.state.running):
            continue
        seen |= {"found": f"{form.name}: running", "container": form.name}
        if form.restart_policy != "Always":
            bench.failed("helper-blocks", settles=SETTLES, **seen)
        if not state.started:
            bench.failed("helper-not-started", detail=detail, **seen)


def all_show(bench: Bench, words: str, what: Text, message: str = "deadline") -> None:
    """Wait until every Pod behind the Service shows a page with `words` in it."""

    def old() -> list[str]:
        pods = bench.pods_of_service(SERVICE)
        port = _pod_port(bench)
        answers = {p.name: bench.http(p, "/", port, seconds=PATIENCE) for p in pods}
        for answer in answers.values():
            must_listen(bench, answer)
        return [
            f"{name}: {answer.status or '-'} {first_line(answer.text)}"
            for name, answer in answers.items()
            if answer.status != 200 or words not in answer.text
        ]

    bench.converge(
        old,
        lambda pods: not pods,
        IN_TIME,
        what,
        failing=message,
        show="; ".join,
        command=show_commits(bench.pods_of_service(SERVICE)[0]),
    )


def _pod_port(bench: Bench) -> int:
    """The port of the Pods that the Service's port leads to, as the cluster resolved its name."""
    name = next((p.name for p in bench.service(SERVICE).spec.ports if p.port == PORT), None)
    for part in bench.list("EndpointSlice", {"kubernetes.io/service-name": SERVICE}):
        for port in part.ports or ():
            if (port.name or None) == (name or None):
                return int(port.port)
    return PORT


def lives_of(pods: list[Pod], container: str) -> dict[str, Life]:
    """Which life of a container each Pod is in, by the Pod's name."""
    return {pod.name: _life(pod, container) for pod in pods}


def _life(pod: Pod, container: str) -> Life:
    now = pod.container(container)
    return pod.uid, now.id, now.restarts


def must_live_on(bench: Bench, lives: dict[str, Life]) -> None:
    """Refuse when nginx has ended, is in another life than before, or in another Pod."""
    for name, was in lives.items():
        pod = bench.pod(name)
        now, state = _life(pod, NGINX), pod.container(NGINX).state
        if now[0] != was[0]:
            bench.failed("pod-changed", command="kubectl get pods", pod=name)
        if now != was or state != "running":
            bench.failed(
                "nginx-restarted",
                expected=SAME_NGINX,
                found=f"restartCount {was[2]} -> {now[2]}, {state}",
                command=f"kubectl get pod {name}",
                pod=name,
            )


def is_native(spec: client.V1PodSpec | None) -> bool:
    """By the API's own definition of a sidecar: an init container with restartPolicy Always.

    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
    """
    forms = (spec and spec.init_containers) or ()
    return any(form.name == HELPER and form.restart_policy == "Always" for form in forms)


def volumes(pod: Pod, container: str) -> dict[str, str]:
    """What a container mounts, by the volume's name; the API token's is nobody's choice."""
    chosen = [c for c in pod.containers if c.name == container]
    return {n: p for c in chosen for n, p in c.mounts.items() if p != TOKEN_MOUNT}


def in_words(volumes: dict[str, str]) -> str:
    """Volumes and their paths, for a person."""
    return ", ".join(f"{name} ({path})" for name, path in volumes.items()) or "-"


def said(answer: HttpAnswer) -> dict[str, Any]:
    """An answer as parameters of a message: `found`, `status`, `answer`."""
    status, first = answer.status or "-", first_line(answer.text)
    return {"found": f"{status} {first}", "status": status, "answer": first}


def first_line(body: str) -> str:
    """The first line that says something to a person, without its tags."""
    lines = (re.sub(r"<[^>]*>", "", line).strip() for line in body.splitlines())
    return next(filter(None, lines), "")[:80]


def show_commits(pod: Pod) -> str:
    """A command that shows which commits were published, and when."""
    return f"kubectl logs {pod.name} -c {HELPER}"


def show_mounts(pod: Pod) -> str:
    """A command that shows what each container mounts."""
    return f"kubectl describe pod {pod.name}"


def show_requests(pod: Pod) -> str:
    """A command that shows which requests nginx got, and what it answered."""
    return f"kubectl logs {pod.name} -c {NGINX}"


def show_kinds(pod: str) -> str:
    """A command that shows which containers are init containers."""
    path = "{.spec.initContainers[*].name} | {.spec.containers[*].name}"
    return f"kubectl get pod {pod} -o jsonpath='{path}'"
