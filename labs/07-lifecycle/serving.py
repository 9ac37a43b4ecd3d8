"""Before and after: the Service answers, and its Pods run what was applied last."""

from __future__ import annotations

from datetime import datetime

from kubernetes import client

from checker.observe import Bench, HttpAnswer, Pod, Refusal
from checker.texts import Text

OK = 200
FIRST_ANSWER = 20.0
SERVES = Text("GET / 得到 200", "GET / gets 200")


def must_serve(bench: Bench, service: str) -> None:
    """Wait until the Service answers `GET /` with 200; else the Refusal `no-page`."""
    bench.ready_pods_of_service(service)

    def serves(answer: HttpAnswer) -> bool:
        if answer.status != OK:
            said = f"HTTP {answer.status}" if answer.status else f"connection {answer.reached}"
            bench.failed(
                "no-page",
                expected=SERVES,
                found=said,
                command=f"kubectl get endpointslices -l kubernetes.io/service-name={service}",
                service=service,
                answer=said,
            )
        return True

    bench.converge(lambda: bench.http(service), serves, FIRST_ANSWER, SERVES)


def runs_a_former_script(bench: Bench, pod: Pod) -> bool:
    """Whether a ConfigMap that the Pod mounts was changed after its program had begun.

    Who mends a script there and applies it gets no new Pod, and a shell that runs does not read its
    script again. Judged by such a Pod, each answer would be judged one attempt late.
    """
    begun = pod.container().started_at
    changed = [_changed(bench, each.config_map.name) for each in _config_maps(pod)]
    return begun is not None and any(when is not None and when > begun for when in changed)


def _config_maps(pod: Pod) -> list[client.V1Volume]:
    return [volume for volume in (pod.raw.spec.volumes or ()) if volume.config_map]


def _changed(bench: Bench, name: str) -> datetime | None:
    try:
        entries = bench.get("ConfigMap", name).metadata.managed_fields or ()
    except Refusal:  # an optional one
        return None
    return max((entry.time for entry in entries if entry.time), default=None)
