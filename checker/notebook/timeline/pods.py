"""Reads recorded facts into the stories of Pods: who lived from when to when. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from checker.notebook.timeline.data import DELETED, NOTHING
from checker.notebook.timeline.moment import moment
from checker.observe import Fact
from checker.texts import Text

HEARD_LATE = 0.5
"""Two watches may tell in the wrong order of two events that are no further apart than this."""
ON_ITS_WAY = ("ContainerCreating", "PodInitializing")
"""Reasons to wait that belong to every start."""


@dataclass
class Span:
    """From when to when. `number` is a container's restart count, `message` its last words."""

    start: float
    end: float | None = None
    ending: Text = NOTHING
    number: int = 0
    message: str = ""


@dataclass
class Wait:
    """A container was waiting, and why."""

    start: float
    reason: str
    message: str
    end: float | None = None


@dataclass
class PodStory:
    """One Pod. `leaving` is when its deletion began, `grace` how many seconds it had from there."""

    name: str
    uid: str
    workload: str
    span: Span
    containers: dict[str, list[Span]] = field(default_factory=dict)
    waits: dict[str, list[Wait]] = field(default_factory=dict)
    leaving: float | None = None
    grace: int | None = None
    reason: str = ""

    def makes_room_for(self, successor: PodStory) -> bool:
        """Whether the successor can stand in its lane: it was on its way out, its containers done.

        A Deployment makes a new Pod as soon as the old one is Terminating, well before it is gone.
        """
        begins = successor.span.start
        leaves = self.span.end if self.leaving is None else self.leaving
        ends = [span.end for spans in self.containers.values() for span in spans]
        starts = [span.start for spans in successor.containers.values() for span in spans]
        return (
            leaves is not None
            and leaves <= begins + HEARD_LATE
            and all(end is not None and end <= min(starts, default=end) for end in ends)
        )

    @property
    def names(self) -> list[str]:
        """Its containers, in the order in which they were heard of."""
        return list(dict.fromkeys([*self.containers, *(n for n, w in self.waits.items() if w)]))


def read_pods(began: datetime, facts: Iterable[Fact]) -> list[PodStory]:
    """All Pods of these facts, in seconds since `began`."""
    return _Book(began).read(facts)


def slots(pods: Iterable[PodStory], shared: bool) -> list[list[PodStory]]:
    """The Pods of each lane. Where lanes are `shared`, a Pod follows one that made room for it.

    Share them only where each bar bears its Pod's name: who else could tell one from the next?
    """
    found: list[list[PodStory]] = []
    for pod in sorted(pods, key=lambda a: a.span.start):
        slot = next((slot for slot in found if shared and slot[-1].makes_room_for(pod)), None)
        if slot is None:
            found.append([pod])
        else:
            slot.append(pod)
    return found


class _Book:
    """Pods by uid, as the facts tell of them one after the other."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._pods: dict[str, PodStory] = {}
        self._readers: dict[str, Callable[[PodStory, Fact], None]] = {
            "pod-phase": self._phase,
            "pod-deleting": self._deleting,
            "pod-gone": self._gone,
            "container-started": self._started,
            "container-ended": self._ended,
            "container-waiting": self._waiting,
        }

    def read(self, facts: Iterable[Fact]) -> list[PodStory]:
        """All Pods of these facts."""
        for fact in facts:
            if fact.what == "pod-seen":
                span = Span(self._moment(fact.at, fact.heard))
                self._pods[fact.uid] = PodStory(fact.subject, fact.uid, _workload(fact), span)
            elif fact.uid in self._pods and (reader := self._readers.get(fact.what)):
                reader(self._pods[fact.uid], fact)
        return list(self._pods.values())

    def _moment(self, at: datetime, heard: datetime) -> float:
        return moment(self._began, at, heard)

    def _phase(self, pod: PodStory, fact: Fact) -> None:
        pod.reason = str(fact.more.get("reason", ""))

    def _deleting(self, pod: PodStory, fact: Fact) -> None:
        pod.leaving = self._moment(fact.heard, fact.heard)
        pod.grace = fact.more.get("grace")

    def _gone(self, pod: PodStory, fact: Fact) -> None:
        end = self._moment(fact.heard, fact.heard)
        pod.span.end, pod.span.ending = end, Text.same(pod.reason) if pod.reason else DELETED
        for name in pod.waits:
            self._waited(pod, name, end)
        for spans in pod.containers.values():
            for span in spans:
                span.end = end if span.end is None else span.end

    def _started(self, pod: PodStory, fact: Fact) -> None:
        spans = pod.containers.setdefault(fact.container, [])
        start = max(self._moment(fact.at, fact.heard), _last_end(spans))
        self._waited(pod, fact.container, start)
        spans.append(Span(start, number=int(fact.more.get("restarts", 0))))

    def _ended(self, pod: PodStory, fact: Fact) -> None:
        """The end of the life that is open, or of one that began and ended between two looks."""
        spans = pod.containers.setdefault(fact.container, [])
        end = self._moment(fact.at, fact.heard)
        if not spans or spans[-1].end is not None:
            if not (started := fact.more.get("started")):  # it never ran
                return
            start = self._moment(datetime.fromisoformat(started), fact.heard)
            number = spans[-1].number + 1 if spans else 0
            start = max(start, _last_end(spans))
            self._waited(pod, fact.container, start)
            spans.append(Span(start, number=number))
        reason = fact.more.get("reason") or "Error"
        spans[-1].end = max(spans[-1].start, end)
        spans[-1].ending = Text.same(f"{reason} ({fact.more.get('code')})")
        spans[-1].message = str(fact.more.get("message") or "")

    def _waiting(self, pod: PodStory, fact: Fact) -> None:
        start = max(
            self._moment(fact.heard, fact.heard), _last_end(pod.containers.get(fact.container, []))
        )
        self._waited(pod, fact.container, start)
        reason = str(fact.more.get("reason", ""))
        if reason not in ON_ITS_WAY:
            wait = Wait(start, reason, str(fact.more.get("message") or ""))
            pod.waits.setdefault(fact.container, []).append(wait)

    def _waited(self, pod: PodStory, container: str, end: float) -> None:
        """A wait that is still open is over."""
        waits = pod.waits.get(container, [])
        if waits and waits[-1].end is None:
            waits[-1].end = max(waits[-1].start, end)


def _last_end(spans: list[Span]) -> float:
    return max((span.end for span in spans if span.end is not None), default=0.0)


def _workload(fact: Fact) -> str:
    """What made the Pod. A ReplicaSet bears its Deployment's name and a hash."""
    kind, _, name = str(fact.more.get("owner", "")).partition(" ")
    if kind == "ReplicaSet":
        return name.rpartition("-")[0] or name
    return name or fact.subject
