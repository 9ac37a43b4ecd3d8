"""Turns recorded facts into lives: who lived from when to when, in whose lane. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest

from checker.notebook.timeline.claims import claims
from checker.notebook.timeline.data import DELETED, NOTHING, Lane, Life, LifeKind
from checker.notebook.timeline.moment import moment
from checker.observe import Fact, Record
from checker.texts import Text

HEARD_LATE = 0.5
"""Two watches may tell in the wrong order of two events that are no further apart than this."""

# kubectl's word for a Pod that is to go; said where its successor takes its place in the lane.
TERMINATING = Text.same("Terminating")
FIRST = Text("首次启动", "first start")
RESTART = Text("第 {number} 次重启", "restart {number}")
CONTAINER = Text("容器 {name}", "container {name}")


@dataclass
class _Span:
    start: float
    end: float | None = None
    ending: Text = NOTHING
    number: int = 0


@dataclass
class _Pod:
    name: str
    uid: str
    workload: str
    span: _Span
    containers: dict[str, list[_Span]] = field(default_factory=dict)
    leaving: float | None = None
    reason: str = ""

    def makes_room_for(self, successor: _Pod) -> bool:
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


def lives(record: Record, only: Collection[str] = ()) -> tuple[Life, ...]:
    """Every life of a record, in seconds since it began; each Pod followed by its containers.

    A claim stands above the workload of its name, else on top. `only` names what to show: workloads
    (a Deployment, a Pod of its own) and claims; none means all.
    """
    pods = _Book(record.began).read(record.facts)
    of_claims = list(claims(record))
    workloads = list(dict.fromkeys(pod.workload for pod in pods))
    found = [life for name, life in of_claims if name not in workloads and _shown(name, only)]
    for workload in (name for name in workloads if _shown(name, only)):
        found += [life for name, life in of_claims if name == workload]
        slots = _slots(pod for pod in pods if pod.workload == workload)
        for slot, group in enumerate(slots, 1):
            found += _lives_of(workload, slot, group)
    return tuple(found)


def _shown(name: str, only: Collection[str]) -> bool:
    return not only or name in only


class _Book:
    """Pods by uid, as the facts tell of them one after the other."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._pods: dict[str, _Pod] = {}
        self._readers: dict[str, Callable[[_Pod, Fact], None]] = {
            "pod-phase": self._phase,
            "pod-deleting": self._deleting,
            "pod-gone": self._gone,
            "container-started": self._started,
            "container-ended": self._ended,
        }

    def read(self, facts: Iterable[Fact]) -> list[_Pod]:
        """All Pods of these facts."""
        for fact in facts:
            if fact.what == "pod-seen":
                span = _Span(self._moment(fact.at, fact.heard))
                self._pods[fact.uid] = _Pod(fact.subject, fact.uid, _workload(fact), span)
            elif fact.uid in self._pods and (reader := self._readers.get(fact.what)):
                reader(self._pods[fact.uid], fact)
        return list(self._pods.values())

    def _moment(self, at: datetime, heard: datetime) -> float:
        return moment(self._began, at, heard)

    def _phase(self, pod: _Pod, fact: Fact) -> None:
        pod.reason = str(fact.more.get("reason", ""))

    def _deleting(self, pod: _Pod, fact: Fact) -> None:
        pod.leaving = self._moment(fact.heard, fact.heard)

    def _gone(self, pod: _Pod, fact: Fact) -> None:
        end = self._moment(fact.heard, fact.heard)
        pod.span.end, pod.span.ending = end, Text.same(pod.reason) if pod.reason else DELETED
        for spans in pod.containers.values():
            for span in spans:
                span.end = end if span.end is None else span.end

    def _started(self, pod: _Pod, fact: Fact) -> None:
        spans = pod.containers.setdefault(fact.container, [])
        start = max(self._moment(fact.at, fact.heard), _last_end(spans))
        spans.append(_Span(start, number=int(fact.more.get("restarts", 0))))

    def _ended(self, pod: _Pod, fact: Fact) -> None:
        """The end of the life that is open, or of one that began and ended between two looks."""
        spans = pod.containers.setdefault(fact.container, [])
        end = self._moment(fact.at, fact.heard)
        if not spans or spans[-1].end is not None:
            if not (started := fact.more.get("started")):  # it never ran
                return
            start = self._moment(datetime.fromisoformat(started), fact.heard)
            number = spans[-1].number + 1 if spans else 0
            spans.append(_Span(max(start, _last_end(spans)), number=number))
        reason = fact.more.get("reason") or "Error"
        spans[-1].end = max(spans[-1].start, end)
        spans[-1].ending = Text.same(f"{reason} ({fact.more.get('code')})")


def _lives_of(workload: str, slot: int, pods: list[_Pod]) -> Iterator[Life]:
    key = f"pod/{workload}/{slot}"
    more = f" ({slot})" if slot > 1 else ""
    lane = Lane(key, Text.same(f"Pod {workload}{more}"))
    for pod, successor in zip_longest(pods, pods[1:]):
        span = pod.span
        if successor and (span.end is None or span.end > successor.span.start):
            span = replace(span, end=successor.span.start, ending=TERMINATING)
        yield _life(lane, LifeKind.pod, span, Text.same(pod.name), f"UID {pod.uid[:8]}")
    for name in dict.fromkeys(name for pod in pods for name in pod.containers):
        inside = Lane(f"{key}/{name}", CONTAINER.format(name=name))
        for pod in pods:
            for span in pod.containers.get(name, ()):
                words = RESTART.format(number=span.number) if span.number else FIRST
                yield _life(inside, LifeKind.container, span, words, pod.name)


def _life(lane: Lane, kind: LifeKind, span: _Span, name: Text, detail: str) -> Life:
    return Life(lane, kind, span.start, span.end, name, span.ending, detail)


def _slots(pods: Iterable[_Pod]) -> list[list[_Pod]]:
    """Pods that follow each other share a lane; Pods side by side stand in lanes of their own."""
    slots: list[list[_Pod]] = []
    for pod in sorted(pods, key=lambda a: a.span.start):
        slot = next((slot for slot in slots if slot[-1].makes_room_for(pod)), None)
        if slot is None:
            slots.append([pod])
        else:
            slot.append(pod)
    return slots


def _last_end(spans: list[_Span]) -> float:
    return max((span.end for span in spans if span.end is not None), default=0.0)


def _workload(fact: Fact) -> str:
    """What made the Pod. A ReplicaSet bears its Deployment's name and a hash."""
    kind, _, name = str(fact.more.get("owner", "")).partition(" ")
    if kind == "ReplicaSet":
        return name.rpartition("-")[0] or name
    return name or fact.subject
