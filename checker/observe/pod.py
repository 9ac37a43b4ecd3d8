"""A Pod as a check sees it: the facts that tell lives apart. Data only; nothing is asked here.

Built from the library's model, which stays at hand as `raw` for all that is rarely needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kubernetes import client


@dataclass(frozen=True)
class Ended:
    """How a container's life ended."""

    code: int
    reason: str
    message: str
    signal: int | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Container:
    """One container. `state` is `running`, `waiting` or `terminated`, `reason` says more of it.

    `main` is False for init containers and sidecars. `ended` is the end of this life, `last` of
    the one before.
    """

    name: str
    image: str
    main: bool
    ready: bool
    state: str
    reason: str
    message: str
    restarts: int
    id: str
    started_at: datetime | None
    ended: Ended | None
    last: Ended | None
    pull_policy: str
    mounts: Mapping[str, str]


@dataclass(frozen=True)
class Pod:
    """One Pod at one moment. `owner` is the (kind, name) of the controller that would replace it.

    `mounts` of a container maps a volume's name to its path.
    """

    name: str
    uid: str
    namespace: str
    labels: Mapping[str, str]
    phase: str
    reason: str
    message: str
    ready: bool
    terminating: bool
    ip: str
    owner: tuple[str, str] | None
    conditions: Mapping[str, tuple[str, str, str]]
    containers: tuple[Container, ...]
    created_at: datetime | None
    raw: client.V1Pod = field(repr=False, compare=False)

    def container(self, name: str | None = None) -> Container:
        """The container of that name. Without a name: the main one, as kubectl takes it.

        That is the one `kubectl.kubernetes.io/default-container` names, else the first in the
        manifest. Raises KeyError for a name it does not have.
        """
        if name is None:
            notes = (self.raw.metadata.annotations if self.raw.metadata else None) or {}
            name = notes.get("kubectl.kubernetes.io/default-container")
        if name is None:
            return next(c for c in self.containers if c.main)
        for found in self.containers:
            if found.name == name:
                return found
        raise KeyError(name)

    @property
    def forms(self) -> tuple[Any, ...]:
        """All containers of the specification, as the API server holds them with its defaults:
        the main ones, then init containers and sidecars.
        """
        spec = self.raw.spec
        return (
            *((spec.containers if spec else None) or ()),
            *((spec.init_containers if spec else None) or ()),
        )

    def form(self, name: str) -> Any:
        """The container of that name in the specification. Raises KeyError for none."""
        for found in self.forms:
            if found.name == name:
                return found
        raise KeyError(name)

    @property
    def restarts(self) -> int:
        """Restarts of all containers together."""
        return sum(c.restarts for c in self.containers)


def slowest(probe: Any) -> float:
    """Seconds that may pass from a fault to the last of the failures that a probe takes.

    Where it says nothing, it takes 3 failures, 10 s apart.
    https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
    """
    return float((probe.period_seconds or 10) * (probe.failure_threshold or 3))


def until_restart(pod: Pod, container: str) -> float:
    """Seconds until a liveness probe that minds what was done has had the container restarted: it
    begins, fails as often as it may, and then the grace period runs. 0 without such a probe.
    """
    probe = pod.form(container).liveness_probe
    if probe is None:
        return 0.0
    whole = pod.raw.spec.termination_grace_period_seconds if pod.raw.spec else None
    grace = probe.termination_grace_period_seconds or whole or 0
    return float((probe.initial_delay_seconds or 0) + slowest(probe) + grace)


def view(raw: client.V1Pod) -> Pod:
    """The facts of a Pod, as the API server told them."""
    meta, status, spec = raw.metadata, raw.status, raw.spec
    conditions = {
        c.type: (c.status, c.reason or "", c.message or "")
        for c in (status.conditions if status else None) or ()
    }
    owner = next((o for o in (meta.owner_references if meta else None) or () if o.controller), None)
    names = {
        s.name: s
        for s in (
            *((status.init_container_statuses if status else None) or ()),
            *((status.container_statuses if status else None) or ()),
        )
    }
    forms = [(False, c) for c in (spec.init_containers if spec else None) or ()]
    forms += [(True, c) for c in (spec.containers if spec else None) or ()]
    return Pod(
        name=(meta.name if meta else None) or "",
        uid=(meta.uid if meta else None) or "",
        namespace=(meta.namespace if meta else None) or "",
        labels=(meta.labels if meta else None) or {},
        phase=(status.phase if status else None) or "",
        reason=(status.reason if status else None) or "",
        message=(status.message if status else None) or "",
        ready=conditions.get("Ready", ("",))[0] == "True",
        terminating=bool(meta and meta.deletion_timestamp),
        ip=(status.pod_ip if status else None) or "",
        owner=(owner.kind, owner.name) if owner else None,
        conditions=conditions,
        containers=tuple(_container(form, names.get(form.name), main) for main, form in forms),
        created_at=meta.creation_timestamp if meta else None,
        raw=raw,
    )


def _container(form: Any, status: Any, main: bool) -> Container:
    state = status.state if status else None
    running = state.running if state else None
    waiting = state.waiting if state else None
    ended = _ended(state.terminated if state else None)
    word = "terminated" if ended else "running" if running else "waiting"
    now = ended or waiting
    return Container(
        name=form.name,
        image=form.image or "",
        main=main,
        ready=bool(status and status.ready),
        state=word,
        reason=(now.reason if now else None) or "",
        message=(now.message if now else None) or "",
        restarts=(status.restart_count if status else None) or 0,
        id=(status.container_id if status else None) or "",
        started_at=running.started_at if running else ended.started_at if ended else None,
        ended=ended,
        last=_ended(status.last_state.terminated if status and status.last_state else None),
        pull_policy=form.image_pull_policy or "",
        mounts={m.name: m.mount_path for m in form.volume_mounts or ()},
    )


def _ended(state: Any) -> Ended | None:
    if state is None:
        return None
    return Ended(
        code=state.exit_code,
        reason=state.reason or "",
        message=state.message or "",
        signal=state.signal,
        started_at=state.started_at,
        finished_at=state.finished_at,
    )
