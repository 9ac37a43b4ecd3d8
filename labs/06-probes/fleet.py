"""What several tasks of lab 06 share: the Pods of a Service, their lives, their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from checker.observe import Answer, Bench, Container, Pod, Step
from checker.texts import Text

from .probes import PORT, Probe

BROKEN, BUSY = "/tmp/broken", "/tmp/busy"  # noqa: S108 (paths in the learner's container)
NOTICED = 15.0
"""Seconds the tasks allow for a broken or busy program to be noticed, and for the way back."""
SLACK = 3.0
"""Seconds more that count as in time: a probe's last beat, and until the status tells."""
NEVER = 4.0
"""Seconds after which a Pod without the probe in question is not waited for any longer."""
UP = 45.0
"""Seconds for Pods that have just been applied."""
STEADY = 3.0
"""Seconds for which a state must last before it counts."""
RATE = 10.0
FEW = 2
"""Requests that a busy machine may lose. More are lost by no accident."""
Words = dict[str, Any]
WELL = Text("程序应答", "the program answers")
TWO = Text("Service {service} 背后有两个或更多 Pod", "two or more Pods stand behind {service}")
TOUCHED = Text("容器里能建文件 {file}", "{file} can be made in the container")
NONE_FAILED = Text("没有请求失败", "no request fails")
Lives = dict[tuple[str, str], tuple[str, int, str]]
"""(Pod, container) -> Pod's uid, restarts, container's id: what tells one life from the next."""


def lives_of(pods: Iterable[Pod]) -> Lives:
    """What life each container of these Pods lives now."""
    return {(p.name, c.name): (p.uid, c.restarts, c.id) for p in pods for c in p.containers}


def changed(before: Lives, now: Iterable[Pod]) -> list[tuple[str, str]]:
    """The containers of `before` that do not live the same life any more."""
    present = lives_of(now)
    return [key for key, life in before.items() if present.get(key) != life]


def named(containers: Iterable[tuple[str, str]]) -> str:
    """Containers in words, such as `web-0 (app)`."""
    return ", ".join(f"{pod} ({container})" for pod, container in containers)


def restarts_of(pods: Iterable[Pod]) -> str:
    """How often each Pod was restarted, in words."""
    return ", ".join(f"{pod.name}: restarts {pod.restarts}" for pod in pods)


def app_of(pod: Pod) -> Container:
    """The container of the given program: it mounts /app. Else the main one."""
    return next((c for c in pod.containers if "/app" in c.mounts.values()), pod.container())


def pods_of(bench: Bench, service: str) -> list[Pod]:
    """The Pods the Service selects now, whatever other tasks do to their controllers meanwhile."""
    spec: Any = bench.service(service).spec
    return bench.pods(spec.selector or {})


def two_or_more(bench: Bench, service: str) -> list[Pod]:
    """The Pods behind the Service, all Ready; fewer than two end the check."""

    def enough(pods: list[Pod]) -> bool:
        if len(pods) >= 2:
            return True
        return bool(
            bench.failed(
                "too-few",
                expected=two,
                found=str(len(pods)),
                command=show_endpoints(service),
                settles=NEVER,  # a StatefulSet makes its Pods one after the other
                service=service,
                count=len(pods),
                pods=", ".join(pod.name for pod in pods),
            )
        )

    two = TWO.format(service=service)
    return bench.converge(lambda: bench.ready_pods_of_service(service, UP), enough, UP, two)


def one_of_each(pods: list[Pod]) -> list[Pod]:
    """The first Pod of each controller: those of one template have the same probes."""
    found: dict[tuple[str, str], Pod] = {}
    for pod in pods:
        found.setdefault(pod.owner or ("Pod", pod.name), pod)
    return list(found.values())


def touch(bench: Bench, pod: Pod, file: str) -> None:
    """Make a file the program heeds. It is taken away after the check, whatever happens."""
    container = app_of(pod).name
    bench.later(Step.exec(pod.name, ("rm", "-f", file), container, pod.uid))
    ran = bench.exec(pod, ["touch", file], container)
    if not ran.ok:
        said = (ran.stderr or ran.stdout).strip()
        bench.failed(
            "cannot-touch",
            expected=TOUCHED.format(file=file),
            found=said,
            command=f"kubectl exec {pod.name} -c {container} -- touch {file}",
            container=container,
            file=file,
            answer=said,
        )


def status_of(bench: Bench, to: str | Pod, path: str = "/") -> str:
    """The status of one request, or why there is none."""
    answer = bench.http(to, path, PORT if isinstance(to, Pod) else 80)
    return str(answer.status or answer.reached)


def show_endpoints(service: str) -> str:
    """The command that shows who is in a Service."""
    return f"kubectl get endpointslices -l kubernetes.io/service-name={service} -o yaml"


def show_events(pod: Pod) -> str:
    """The command that shows what the kubelet did to a Pod, and why."""
    return f"kubectl events --for pod/{pod.name}"


def conditions_of(bench: Bench, service: str, pod: Pod) -> str:
    """What the EndpointSlices say of a Pod, such as `ready=false serving=false`."""
    for part in bench.list("EndpointSlice", {"kubernetes.io/service-name": service}):
        for endpoint in part.endpoints or ():
            if endpoint.target_ref and endpoint.target_ref.uid == pod.uid:
                told = endpoint.conditions
                return f"ready={told.ready} serving={told.serving}".lower()
    return "-"


def must_be_in_time(bench: Bench, probes: Sequence[Probe], expected: Text, found: str) -> None:
    """Refuse probes that may take longer than the task allows, be they quicker now and then.

    How soon the first failure comes depends on where in its period the fault falls.
    """
    probe = min(probes, key=lambda each: each.slowest, default=None)
    if probe and probe.slowest > NOTICED + SLACK:
        bench.failed(
            "too-patient",
            expected=expected,
            found=found,
            command=f"kubectl describe pod {probe.pod.name}",
            probe=probe.words,
            slowest=round(probe.slowest),
        )


def few_failed(answers: list[Answer]) -> bool:
    """Whether so few requests failed that it may be noise: worth a second round, no verdict."""
    return 0 < sum(not each.ok for each in answers) <= FEW < len(answers)


def none_failed(bench: Bench, service: str, answers: list[Answer]) -> None:
    """End the check if one of these requests failed."""
    failed = [each for each in answers if not each.ok]
    if failed or not answers:
        example = f"{failed[0].error} {failed[0].body.strip()}" if failed else "-"
        bench.failed(
            "failed-requests",
            expected=NONE_FAILED,
            found=f"{len(failed)} / {len(answers)}: {example}",
            command=show_endpoints(service),
            service=service,
            total=len(answers),
            failed=len(failed),
            example=example,
        )
