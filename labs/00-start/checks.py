"""Judges lab 00 by the answer to one request, sent through the learner's Service."""

from __future__ import annotations

from typing import Any

from checker.catalogue import check
from checker.observe import KUBE_PROXY, Bench, Container, HttpAnswer, Outcome, Reached
from checker.texts import Text

STEADY = 3.0
"""Seconds for which an answer must last before it counts."""
SETTLES = 6.0
"""Seconds after which a wrong answer will not heal."""
ANSWERED = Text("GET / 得到状态码 200", "GET / gets status 200")
NAMED = Text("网页里有应答它的 Pod 的名字", "the page holds the name of the Pod that answers")
NEW = 15.0
"""Seconds a container must have lived to count as one that stays."""
MOST = 200
"""Letters of a page that a message quotes."""


@check("answer")
def answer(bench: Bench) -> Outcome:
    page = _page(bench, "welcome")
    return bench.passed(expected=ANSWERED, found=f"{page.status}", command=_show("welcome"))


@check("fix")
def fix(bench: Bench) -> Outcome:
    page = _page(bench, "greeter").text
    names = [pod.name for pod in bench.pods_of_service("greeter")]
    if not any(name in page for name in names):
        bench.failed(
            "other-page",
            expected=NAMED,
            found=page,
            command=_show("greeter"),
            pods=", ".join(names),
            page=page[:MOST],
        )
    return bench.passed(expected=NAMED, found=page[:MOST], command=_show("greeter"))


def _page(bench: Bench, service: str) -> HttpAnswer:
    """The answer of the Service, once it is status 200 and stays so."""
    bench.ready_pods_of_service(service)

    def look() -> HttpAnswer:
        return bench.http(service)

    def good(got: HttpAnswer) -> bool:
        if got.reached is not Reached.open:
            _nothing_listens(bench, service, got)
        seen: dict[str, Any] = {"expected": ANSWERED, "command": _show(service), "settles": SETTLES}
        if got.status is None:
            bench.failed("no-http", found=got.text, answer=got.text[:MOST], **seen)
        if got.status != 200:
            bench.failed("not-found", found=str(got.status), status=got.status, **seen)
        return True

    bench.converge(look, good, 20, ANSWERED)
    return bench.steady(look, good, STEADY, ANSWERED)


def _nothing_listens(bench: Bench, service: str, got: HttpAnswer) -> None:
    """End the check; a Pod that comes and goes is told so, whichever moment we met it in."""
    for pod in bench.pods_of_service(service):
        for container in pod.containers:
            if container.last and container.last.code != 0 and _is_new(bench, container):
                bench.failed(
                    "crashed",
                    expected=ANSWERED,
                    found=f"{container.last.reason}, exit code {container.last.code}",
                    command=f"kubectl logs {pod.name} --previous",
                    settles=SETTLES,
                    pod=pod.name,
                    container=container.name,
                    code=container.last.code,
                    restarts=container.restarts,
                )
    spec = bench.service(service).spec
    ports = [port.target_port for port in spec.ports if port.port == 80]
    bench.failed(
        "nothing-listens",
        expected=ANSWERED,
        found=got.complaint,
        command=_show(service),
        settles=KUBE_PROXY,
        service=service,
        target=ports[0] if ports else "?",
    )


def _is_new(bench: Bench, container: Container) -> bool:
    """Whether it does not run, or has been started in the last seconds only."""
    if container.state != "running" or container.started_at is None:
        return True
    return (bench.clock.wall() - container.started_at).total_seconds() < NEW


def _show(service: str) -> str:
    return f"kubectl get endpointslices -l kubernetes.io/service-name={service}"
