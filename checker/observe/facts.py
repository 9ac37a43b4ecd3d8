"""What happened, as dated facts, found by comparing what was with what is. Data only.

Kubernetes tells states; a story needs the changes between them. Each function here takes an
object's former and present form and gives the facts that lie between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from kubernetes import client

from checker.observe.clean import clean
from checker.observe.pod import Container, Ended, Pod

What = Literal[
    "pod-seen",
    "pod-gone",
    "pod-phase",
    "pod-deleting",
    "pod-ready",
    "pod-not-ready",
    "container-started",
    "container-ended",
    "container-waiting",
    "container-ready",
    "container-not-ready",
    "endpoint-joined",
    "endpoint-changed",
    "endpoint-left",
    "claim-seen",
    "claim-gone",
    "event",
    "mark",
    "sample",
    "moment",
    "number",
    "request",
    "gap",
]


@dataclass(frozen=True)
class Fact:
    """One thing that happened.

    `at` is when, by the cluster's clock where it tells (whole seconds), else when it was heard;
    `heard` is always when we heard of it. `subject` is the Pod's name (for a mark, its label;
    for a sample, moment, number or request, the name it is recorded under; for a gap, the kind
    that was not heard of), `container` one of its containers. `more` holds what belongs to the
    fact: `code`, `reason`, `restarts`, `ready`, `service`, `value`, …
    """

    what: What
    at: datetime
    heard: datetime
    subject: str
    uid: str = ""
    container: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "what": self.what,
            "at": self.at.isoformat(),
            "heard": self.heard.isoformat(),
            "subject": self.subject,
            "uid": self.uid,
            "container": self.container,
            "more": dict(self.more),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Fact:
        """Take back what `to_dict` gave."""
        times = {key: datetime.fromisoformat(data[key]) for key in ("at", "heard")}
        return cls(**{**data, **times})


def pod_facts(was: Pod | None, now: Pod | None, heard: datetime) -> Iterator[Fact]:
    """The facts between two forms of one Pod; None stands for not there."""
    pod = now or was
    if pod is None:
        return

    def fact(what: What, at: datetime | None = None, **more: object) -> Fact:
        return Fact(what, at or heard, heard, pod.name, pod.uid, more=more)

    if now is None:
        yield fact("pod-gone")
        return
    if was is None:
        more = {"owner": " ".join(now.owner or ()), "claims": claims(now)}
        yield fact("pod-seen", now.created_at, **more)
    if (was.phase if was else "") != now.phase:
        yield fact("pod-phase", phase=now.phase, reason=now.reason)
    if now.terminating and not (was and was.terminating):
        at, grace = deletion(now)
        yield fact("pod-deleting", at, grace=grace)
    before = {c.name: c for c in was.containers} if was else {}
    for container in now.containers:
        yield from container_facts(now, before.get(container.name), container, heard)
    if now.ready != bool(was and was.ready):
        yield fact("pod-ready" if now.ready else "pod-not-ready")


def deletion(pod: Pod) -> tuple[datetime | None, int | None]:
    """When the deletion of a Pod was asked for, by the cluster's clock, and its grace in seconds.

    `deletionTimestamp` is when the grace period ends, not when it began
    (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/).
    """
    meta = pod.raw.metadata
    if meta is None or meta.deletion_timestamp is None:
        return None, None
    grace = meta.deletion_grace_period_seconds
    return meta.deletion_timestamp - timedelta(seconds=grace or 0), grace


def claims(pod: Pod) -> list[str]:
    """The names of the PersistentVolumeClaims a Pod uses."""
    volumes = (pod.raw.spec.volumes if pod.raw.spec else None) or ()
    return [v.persistent_volume_claim.claim_name for v in volumes if v.persistent_volume_claim]


def claim_fact(claim: client.V1PersistentVolumeClaim, gone: bool, heard: datetime) -> Fact:
    """A PersistentVolumeClaim came into being, or is there no more."""
    meta = claim.metadata or client.V1ObjectMeta()
    at = None if gone else meta.creation_timestamp
    what: What = "claim-gone" if gone else "claim-seen"
    return Fact(what, at or heard, heard, meta.name or "", meta.uid or "")


def container_facts(
    pod: Pod, was: Container | None, now: Container, heard: datetime
) -> Iterator[Fact]:
    """The facts between two forms of one container: ends first, then beginnings."""

    def fact(what: What, at: datetime | None = None, **more: object) -> Fact:
        return Fact(what, at or heard, heard, pod.name, pod.uid, now.name, more)

    known = {_life(end) for end in (was.ended, was.last) if end} if was else set()
    for end in (now.last, now.ended):
        if end and _life(end) not in known:
            yield fact(
                "container-ended",
                end.finished_at,
                code=end.code,
                reason=end.reason,
                message=clean(end.message),
                signal=end.signal,
                started=end.started_at.isoformat() if end.started_at else "",
            )
    if now.state == "running" and (was is None or was.state != "running" or was.id != now.id):
        yield fact("container-started", now.started_at, restarts=now.restarts, image=now.image)
    if now.state == "waiting" and now.reason and (was is None or was.reason != now.reason):
        yield fact("container-waiting", reason=now.reason, message=clean(now.message))
    if now.ready != bool(was and was.ready):
        yield fact("container-ready" if now.ready else "container-not-ready")


def _life(end: Ended) -> tuple[object, ...]:
    return (end.started_at, end.finished_at, end.code, end.reason)


Endpoints = Mapping[str, tuple[str, Mapping[str, bool]]]
"""Address -> Pod's name and its conditions, in one EndpointSlice."""


def endpoints(part: client.V1EndpointSlice) -> Endpoints:
    """Who is in a slice. A condition that is not told counts as the API's documents say."""
    found = {}
    for endpoint in part.endpoints or ():
        told = endpoint.conditions
        ready = told is None or told.ready is not False
        conditions = {
            "ready": ready,
            "serving": ready if told is None or told.serving is None else bool(told.serving),
            "terminating": bool(told and told.terminating),
        }
        pod = endpoint.target_ref.name if endpoint.target_ref else ""
        for address in endpoint.addresses or ():
            found[address] = (pod or address, conditions)
    return found


def endpoint_facts(service: str, was: Endpoints, now: Endpoints, heard: datetime) -> Iterator[Fact]:
    """Who joined, changed or left."""
    for address in (*was, *(a for a in now if a not in was)):
        pod, conditions = now.get(address) or was[address]
        if address not in was:
            what: What = "endpoint-joined"
        elif address not in now:
            what, conditions = "endpoint-left", {}
        elif was[address] != now[address]:
            what = "endpoint-changed"
        else:
            continue
        more = {"service": service, "address": address, **conditions}
        yield Fact(what, heard, heard, pod, more=more)


def event_fact(event: client.CoreV1Event, heard: datetime) -> Fact:
    """A Kubernetes Event, as a fact about its object. Match on `reason`; texts change."""
    thing = event.involved_object
    at = event.last_timestamp or event.event_time or event.first_timestamp
    return Fact(
        "event",
        at or heard,
        heard,
        thing.name or "",
        thing.uid or "",
        more={
            "kind": thing.kind or "",
            "type": event.type or "",
            "reason": event.reason or "",
            "message": clean(event.message),
            "count": event.count or 1,
        },
    )
