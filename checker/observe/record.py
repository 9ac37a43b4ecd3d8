"""`Recorder`: writes down all that happens in a namespace while it runs, for timelines.

The result is data only; drawing is the business of who wants a picture.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

from kubernetes import client

from checker.cluster import Change, Changes, Clock, Connection, SystemClock
from checker.cluster.changes import DELETED, LISTED, LOST
from checker.observe.facts import (
    Endpoints,
    Fact,
    What,
    claim_fact,
    endpoint_facts,
    endpoints,
    event_fact,
    pod_facts,
)
from checker.observe.pod import Pod, view

KINDS = ("Pod", "EndpointSlice", "Event", "PersistentVolumeClaim")
SERVICE = "kubernetes.io/service-name"


@dataclass(frozen=True)
class Record:
    """What happened between `began` and `ended`: the facts, by the time they were heard."""

    namespace: str
    began: datetime
    ended: datetime
    facts: tuple[Fact, ...]

    def of(self, *what: str) -> tuple[Fact, ...]:
        """The facts of these kinds."""
        return tuple(fact for fact in self.facts if fact.what in what)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "namespace": self.namespace,
            "began": self.began.isoformat(),
            "ended": self.ended.isoformat(),
            "facts": [fact.to_dict() for fact in self.facts],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Record:
        """Take back what `to_dict` gave."""
        return cls(
            data["namespace"],
            datetime.fromisoformat(data["began"]),
            datetime.fromisoformat(data["ended"]),
            tuple(Fact.from_dict(row) for row in data["facts"]),
        )


class Notebook:
    """Turns changes into facts. No thread and no cluster: it is told, and it remembers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pods: dict[str, Pod] = {}
        self._parts: dict[str, tuple[str, Endpoints]] = {}
        self._claims: dict[str, client.V1PersistentVolumeClaim] = {}
        self._events: dict[str, int] = {}
        self._listed: set[str] = set()
        self._lock = threading.Lock()
        self.facts: list[Fact] = []

    def hear(self, change: Change) -> None:
        """Write down what lies between what was known and this."""
        heard = self._clock.wall()
        with self._lock:
            self.facts.extend(self._between(change, heard))

    def note(self, what: What, subject: str, at: datetime | None = None, **more: object) -> None:
        """Write down what the caller did or saw, and when, if that was not now."""
        heard = self._clock.wall()
        with self._lock:
            self.facts.append(Fact(what, at or heard, heard, subject, more=more))

    def _between(self, change: Change, heard: datetime) -> Iterator[Fact]:
        if change.what == LOST:
            yield Fact("gap", heard, heard, change.kind)
        elif change.kind == "Pod":
            yield from self._about_pods(change, heard)
        elif change.kind == "EndpointSlice":
            yield from self._about_endpoints(change, heard)
        elif change.kind == "PersistentVolumeClaim":
            yield from self._about_claims(change, heard)
        else:
            yield from self._about_events(change, heard)

    def _about_pods(self, change: Change, heard: datetime) -> Iterator[Fact]:
        now = {pod.uid: pod for pod in map(view, change.objects)}
        for uid in self._gone(change, now, self._pods):
            was = self._pods.pop(uid, None)
            last = now.get(uid) or was  # the last change and the going may come as one
            if was:
                yield from pod_facts(was, last, heard)
                yield from pod_facts(last, None, heard)
        if change.what == DELETED:
            return
        for uid, pod in now.items():
            yield from pod_facts(self._pods.get(uid), pod, heard)
            self._pods[uid] = pod

    def _about_endpoints(self, change: Change, heard: datetime) -> Iterator[Fact]:
        now = {
            part.metadata.name: ((part.metadata.labels or {}).get(SERVICE, ""), endpoints(part))
            for part in change.objects
        }
        for name in self._gone(change, now, self._parts):
            service, was = self._parts.pop(name, ("", {}))
            yield from endpoint_facts(service, was, {}, heard)
        if change.what == DELETED:
            return
        for name, (service, who) in now.items():
            before = self._parts.get(name, (service, {}))[1]
            yield from endpoint_facts(service, before, who, heard)
            self._parts[name] = (service, who)

    def _about_claims(self, change: Change, heard: datetime) -> Iterator[Fact]:
        now = {claim.metadata.uid: claim for claim in change.objects}
        for uid in self._gone(change, now, self._claims):
            if was := self._claims.pop(uid, None):
                yield claim_fact(was, True, heard)
        if change.what == DELETED:
            return
        for uid, claim in now.items():
            if uid not in self._claims:
                yield claim_fact(claim, False, heard)
            self._claims[uid] = claim

    def _about_events(self, change: Change, heard: datetime) -> Iterator[Fact]:
        """Events from before the recording are passed over: they are not its story."""
        first = change.what == LISTED and change.kind not in self._listed
        self._listed.add(change.kind)
        for event in () if change.what == DELETED else change.objects:
            uid, count = event.metadata.uid, event.count or 1
            if not first and self._events.get(uid, 0) < count:
                yield event_fact(event, heard)
            self._events[uid] = count

    @staticmethod
    def _gone(change: Change, now: Iterable[str], known: Iterable[str]) -> list[str]:
        """What is not there any more: the one deleted, or all that a new list does not show."""
        if change.what == DELETED:
            return list(now)
        return [key for key in known if key not in now] if change.what == LISTED else []


class Recorder:
    """`with Recorder(connection, namespace) as recorder: …`, then `recorder.record()`."""

    def __init__(
        self,
        connection: Connection,
        namespace: str,
        kinds: Iterable[str] = KINDS,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._namespace = namespace
        self._notebook = Notebook(self._clock)
        self._watches = [
            Changes(connection, namespace, kind, self._notebook.hear) for kind in kinds
        ]
        self._began = self._clock.wall()
        self._ended: datetime | None = None

    def __enter__(self) -> Recorder:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, and return once what is there now has been written down (or a few seconds)."""
        self._began = self._clock.wall()
        for watch in self._watches:
            watch.start()
        for watch in self._watches:
            watch.wait_until_listed()

    def stop(self) -> None:
        """End. What was heard stays; calling it twice is no error."""
        for watch in self._watches:
            watch.stop()
        self._ended = self._ended or self._clock.wall()

    def mark(self, label: str, **more: Any) -> None:
        """Put a mark of your own into the story: a Secret changed, a Pod deleted."""
        self.note("mark", label, **more)

    def note(self, what: What, subject: str, at: datetime | None = None, **more: object) -> None:
        """Put something you saw into the story: a sample, a number, a request answered."""
        self._notebook.note(what, subject, at, **more)

    def record(self) -> Record:
        """What has been written down so far."""
        ended = self._ended or self._clock.wall()
        return Record(self._namespace, self._began, ended, tuple(self._notebook.facts))
