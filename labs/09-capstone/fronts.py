"""The fronts of the shop: finding them, and telling their lives apart."""

from __future__ import annotations

from checker.observe import Bench, Pod
from checker.texts import Text

from .words import describe, fine

SHOP = "shop"
STARTS = 60.0
"""Seconds for a Pod of the shop: its volume is made first, or its first page fetched."""
SELLS = Text("前端照常卖货", "every front sells")
LIVES_ON = Text("容器没有重启，Pod 没有换掉", "no container restarted, no Pod replaced")
SETTLED = Text("前端全部就绪，没有更新在进行", "all fronts Ready, and no rollout under way")


def find_fronts(bench: Bench) -> list[Pod]:
    """The Pods behind Service shop, once all are Ready and no rollout is under way."""

    def look() -> list[Pod]:
        found = bench.ready_pods_of_service(SHOP, 0)
        for each in bench.list("Deployment"):
            status, labels = each.status, each.spec.selector.match_labels or {}
            mine = any(labels.items() <= pod.labels.items() for pod in found)
            if mine and (status.updated_replicas or 0) < (status.replicas or 0):
                name = f"Deployment {each.metadata.name}"
                command = f"kubectl rollout status deployment {each.metadata.name}"
                bench.failed("not-taken-up", expected=SETTLED, command=command, object=name)
        return found

    return bench.converge(look, fine, STARTS, SETTLED)


def port_of_fronts(bench: Bench) -> int:
    """The port of the Pods to which Service shop passes requests on."""
    for part in bench.list("EndpointSlice", {"kubernetes.io/service-name": SHOP}):
        for port in part.ports or ():
            return int(port.port)
    command = f"kubectl get endpointslices -l kubernetes.io/service-name={SHOP}"
    bench.failed("no-endpoints", expected=SELLS, found="-", command=command, service=SHOP)


def lives_of(pods: list[Pod]) -> dict[str, str]:
    """The ids of the main containers. Helpers may come and go; customers do not notice."""
    return {f"{pod.uid} {c.name}": c.id for pod in pods for c in pod.containers if c.main}


def must_live_on(bench: Bench, pods: list[Pod], lives: dict[str, str], message: str) -> None:
    """End the check where one of these Pods, or a main container of it, has ended or is another.

    One that has ended keeps its id until its next life begins, in a back-off for minutes.
    """
    for pod in pods:
        there = {now.uid: now for now in bench.pods() if now.name == pod.name}.get(pod.uid)
        same = there is not None and lives_of([there]).items() <= lives.items()
        runs = there and all(c.state == "running" for c in there.containers if c.main)
        if not there or not same or not runs:
            found = f"restarts {pod.restarts} -> {there.restarts}" if there else "-"
            bench.failed(
                message,
                expected=LIVES_ON,
                found=found,
                command=describe(pod) if there else "kubectl get pods",
                settles=0,
                pod=pod.name,
                container=pod.container().name,
            )
