"""Pods and answers to test with. Fixtures stand in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kubernetes import client

from checker.observe import End, Pod, Ran
from checker.observe.pod import view
from checker.observe.transport import Command
from checker.texts import Text

SPACE = "/api/v1/namespaces/lab-01-storage"
WHAT = Text("某事", "a thing")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def running(started: datetime = NOON) -> client.V1ContainerState:
    return client.V1ContainerState(running=client.V1ContainerStateRunning(started_at=started))


def waiting(reason: str, message: str = "") -> client.V1ContainerState:
    return client.V1ContainerState(
        waiting=client.V1ContainerStateWaiting(reason=reason, message=message)
    )


def ended(code: int, reason: str = "Error", message: str = "") -> client.V1ContainerState:
    return client.V1ContainerState(
        terminated=client.V1ContainerStateTerminated(
            exit_code=code, reason=reason, message=message, started_at=NOON, finished_at=NOON
        )
    )


def condition(kind: str, status: bool, reason: str = "", message: str = "") -> Any:
    return client.V1PodCondition(type=kind, status=str(status), reason=reason, message=message)


def make(
    name: str = "redis-0",
    *,
    labels: dict[str, str] | None = None,
    phase: str = "Running",
    ready: bool = True,
    state: client.V1ContainerState | None = None,
    last: client.V1ContainerState | None = None,
    restarts: int = 0,
    container_id: str = "containerd://1",
    uid: str = "uid-1",
    image: str = "redis:8",
    policy: str = "IfNotPresent",
    owner: str = "ReplicaSet",
    more: tuple[Any, ...] = (),
    reason: str = "",
    message: str = "",
    init: client.V1ContainerStatus | None = None,
) -> client.V1Pod:
    """A Pod with one container `redis`, Running and Ready unless it is told otherwise."""
    container = client.V1Container(name="redis", image=image, image_pull_policy=policy)
    status = client.V1ContainerStatus(
        name="redis",
        image=image,
        image_id="",
        ready=ready,
        restart_count=restarts,
        container_id=container_id,
        state=state or running(),
        last_state=last,
    )
    references = [
        client.V1OwnerReference(
            api_version="apps/v1", kind=owner, name="redis", uid="u", controller=True
        )
    ]
    return client.V1Pod(
        metadata=client.V1ObjectMeta(
            name=name,
            namespace="lab-01-storage",
            uid=uid,
            labels=labels if labels is not None else {"app": "redis"},
            owner_references=references if owner else None,
            creation_timestamp=NOON,
        ),
        spec=client.V1PodSpec(
            containers=[container],
            init_containers=[client.V1Container(name=init.name, image="i")] if init else None,
        ),
        status=client.V1PodStatus(
            phase=phase,
            reason=reason or None,
            message=message or None,
            pod_ip="10.0.0.7",
            conditions=[condition("Ready", ready), *more],
            container_statuses=[status],
            init_container_statuses=[init] if init else None,
        ),
    )


def seen(**kwargs: Any) -> Pod:
    return view(make(**kwargs))


def ran(
    code: int | None = 0,
    out: bytes = b"",
    err: bytes = b"",
    end: End = End.exit,
    why: str = "",
    started: bool = True,
) -> Ran:
    return Ran(end, code if end is End.exit else None, out, err, why, started)


class FakeRun:
    """Stands where a command would run; answers in turn (the last one again) and keeps a log."""

    def __init__(self, *answers: Ran) -> None:
        self.answers = list(answers)
        self.log: list[Command] = []
        self.seconds: list[float] = []
        self.then: Callable[[], object] = lambda: None

    def __call__(self, connection: object, command: Command, seconds: float, clock: object) -> Ran:
        self.log.append(command)
        self.seconds.append(seconds)
        self.then()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
