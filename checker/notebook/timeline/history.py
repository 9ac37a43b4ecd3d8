"""Turns what a watch tells of Pods and claims into lives. Keeps book; draws and asks nothing.

Kubernetes writes its times in whole seconds, cut off: a container that ended at 11.8 says 11, which
is before what ended it. The true moment is at most a second later and never after it was heard of,
so the earlier of these two bounds is taken, and causes stay before effects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from checker.cluster import Change
from checker.notebook.timeline.data import NOTHING, Lane, Life, LifeKind
from checker.texts import Text

HEARD_LATE = 0.5
"""Two watches may tell in the wrong order of two events that are no further apart than this."""
TERMINATING = Text.same("Terminating")
"""kubectl's word for a Pod that is to go; said where its successor takes its place in the lane."""

DELETED = Text("已删除", "deleted")
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
class _Claim:
    name: str
    span: _Span


@dataclass
class _Pod:
    name: str
    uid: str
    workload: str
    claims: tuple[str, ...]
    span: _Span
    containers: dict[str, dict[str, _Span]] = field(default_factory=dict)
    leaving: float | None = None

    def makes_room_for(self, successor: _Pod) -> bool:
        """Whether the successor can stand in its lane: it was on its way out, its containers done.

        A Deployment makes a new Pod as soon as the old one is Terminating, well before it is gone.
        """
        begins = successor.span.start
        leaves = self.span.end if self.leaving is None else self.leaving
        ends = [span.end for spans in self.containers.values() for span in spans.values()]
        starts = [a.start for spans in successor.containers.values() for a in spans.values()]
        return (
            leaves is not None
            and leaves <= begins + HEARD_LATE
            and all(end is not None and end <= min(starts, default=end) for end in ends)
        )


class History:
    """All Pods and claims that were heard of since `began`."""

    def __init__(self, began: datetime) -> None:
        self.began = began
        self._pods: dict[str, _Pod] = {}
        self._claims: dict[str, _Claim] = {}

    def take(self, change: Change, at: float) -> None:
        """Note a change that was heard `at` so many seconds after the beginning."""
        if change.what == "lost":
            return
        if change.what == "listed":
            self._forget_missing(change, at)
        for item in change.objects:
            if change.kind == "Pod":
                self._take_pod(item, at, change.what == "deleted")
            else:
                self._take_claim(item, at, change.what == "deleted")

    def lives(self, only: Collection[str] = ()) -> tuple[Life, ...]:
        """Every life: for each workload its claims, then its Pods, each with its containers.

        `only` names the workloads to show (a Deployment, a Pod of its own); none means all.
        """
        return tuple(self._lives(only))

    def _forget_missing(self, change: Change, at: float) -> None:
        """What a new list does not hold ended while nothing was heard."""
        there = {item.metadata.uid for item in change.objects}
        known: dict[str, Any] = dict(self._pods if change.kind == "Pod" else self._claims)
        for uid, one in known.items():
            if uid not in there and one.span.end is None:
                one.span.end, one.span.ending = at, DELETED
                if isinstance(one, _Pod):
                    _end_containers(one, at)

    def _take_claim(self, item: Any, at: float, deleted: bool) -> None:
        start = self._bound(item.metadata.creation_timestamp, at)
        claim = self._claims.setdefault(item.metadata.uid, _Claim(item.metadata.name, _Span(start)))
        if deleted:
            claim.span.end, claim.span.ending = at, DELETED

    def _take_pod(self, item: Any, at: float, deleted: bool) -> None:
        start = self._bound(item.metadata.creation_timestamp, at)
        pod = self._pods.setdefault(
            item.metadata.uid,
            _Pod(
                name=item.metadata.name,
                uid=item.metadata.uid,
                workload=_workload(item),
                claims=tuple(_claims(item)),
                span=_Span(start),
            ),
        )
        for status in _statuses(item):
            self._take_container(pod, status, at)
        if pod.leaving is None and item.metadata.deletion_timestamp:
            pod.leaving = at
        if reason := item.status and item.status.reason:
            pod.span.ending = Text.same(reason)
        if deleted:
            pod.span.end = at
            pod.span.ending = pod.span.ending if pod.span.ending != NOTHING else DELETED
            _end_containers(pod, at)

    def _take_container(self, pod: _Pod, status: Any, at: float) -> None:
        spans = pod.containers.setdefault(status.name, {})
        count = status.restart_count or 0
        state, last = status.state, status.last_state
        now = state and (state.running or state.terminated)
        before = last and last.terminated
        if before:
            self._end(spans, before, count - 1 if now else count, at)
        if state and state.terminated:
            self._end(spans, state.terminated, count, at)
        if state and state.running and status.container_id not in spans:
            start = self._bound(state.running.started_at, at)
            spans[status.container_id] = _Span(_after(spans, start), number=count)

    def _end(self, spans: dict[str, _Span], terminated: Any, number: int, at: float) -> None:
        if not terminated.container_id:  # it never ran, or nobody knows
            return
        span = spans.get(terminated.container_id)
        if span is None:
            start = _after(spans, self._bound(terminated.started_at, at))
            span = spans[terminated.container_id] = _Span(start, number=max(number, 0))
        if span.end is None:
            span.end = max(span.start, self._bound(terminated.finished_at, at))
            span.ending = Text.same(f"{terminated.reason or 'Error'} ({terminated.exit_code})")

    def _bound(self, moment: datetime | None, heard: float) -> float:
        if moment is None:
            return heard
        return max(0.0, min(heard, (moment - self.began).total_seconds() + 1.0))

    def _lives(self, only: Collection[str]) -> Iterator[Life]:
        shown: set[str] = set()
        workloads = dict.fromkeys(pod.workload for pod in self._pods.values())
        for workload in (name for name in workloads if not only or name in only):
            pods = [pod for pod in self._pods.values() if pod.workload == workload]
            claims = [name for pod in pods for name in pod.claims if name not in shown]
            for name in dict.fromkeys(claims):
                shown.add(name)
                yield from self._lives_of_claim(name)
            for slot, group in enumerate(_slots(pods), 1):
                yield from _lives_of_pods(workload, slot, group)
        for name in dict.fromkeys(claim.name for claim in self._claims.values()):
            if name not in shown and not only:
                yield from self._lives_of_claim(name)

    def _lives_of_claim(self, name: str) -> Iterator[Life]:
        lane = Lane(f"claim/{name}", Text.same(f"PVC {name}"))
        for uid, claim in self._claims.items():
            if claim.name == name:
                yield _life(lane, LifeKind.claim, claim.span, Text.same(name), f"UID {uid[:8]}")


def _lives_of_pods(workload: str, slot: int, pods: list[_Pod]) -> Iterator[Life]:
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
            for span in sorted(pod.containers.get(name, {}).values(), key=lambda a: a.start):
                words = RESTART.format(number=span.number) if span.number else FIRST
                yield _life(inside, LifeKind.container, span, words, pod.name)


def _life(lane: Lane, kind: LifeKind, span: _Span, name: Text, detail: str) -> Life:
    return Life(lane, kind, span.start, span.end, name, span.ending, detail)


def _slots(pods: Iterable[_Pod]) -> list[list[_Pod]]:
    """Pods that follow each other share a lane; Pods side by side stand in lanes of their own."""
    slots: list[list[_Pod]] = []
    for pod in sorted(pods, key=lambda a: a.span.start):
        for slot in slots:
            if slot[-1].makes_room_for(pod):
                slot.append(pod)
                break
        else:
            slots.append([pod])
    return slots


def _end_containers(pod: _Pod, at: float) -> None:
    for spans in pod.containers.values():
        for span in spans.values():
            if span.end is None:
                span.end = at


def _after(spans: dict[str, _Span], start: float) -> float:
    """`start`, but not before the end of the container that was there before."""
    return max([start, *(span.end for span in spans.values() if span.end is not None)])


def _statuses(item: Any) -> Iterator[Any]:
    """Statuses of the main containers, and of sidecars (init containers that go on running)."""
    sidecars = {
        form.name for form in item.spec.init_containers or () if form.restart_policy == "Always"
    }
    status = item.status
    yield from (one for one in status.init_container_statuses or () if one.name in sidecars)
    yield from status.container_statuses or ()


def _claims(item: Any) -> Iterator[str]:
    for volume in item.spec.volumes or ():
        if volume.persistent_volume_claim:
            yield volume.persistent_volume_claim.claim_name


def _workload(item: Any) -> str:
    """What made the Pod: a Deployment's name without what it adds for each ReplicaSet and Pod."""
    made_from = (item.metadata.generate_name or "").rstrip("-")
    template = (item.metadata.labels or {}).get("pod-template-hash", "")
    return (made_from.removesuffix(f"-{template}") if template else made_from) or str(
        item.metadata.name
    )
