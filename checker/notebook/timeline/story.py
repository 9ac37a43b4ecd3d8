"""Turns a record into a timeline: which lanes, in which order, through which window. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from checker.notebook.plain import UsageError
from checker.notebook.timeline.data import TITLE, Deed, Dot, Lane, Life, Stripe, Timeline
from checker.notebook.timeline.endpoints import Membership
from checker.notebook.timeline.incidents import Incidents
from checker.notebook.timeline.lives import (
    claim_lives,
    container_lives,
    grace_lives,
    more,
    pod_lane,
    pod_lives,
    pod_stripes,
)
from checker.notebook.timeline.pods import PodStory, read_pods, slots
from checker.notebook.timeline.samples import Samples
from checker.observe import Fact, Record
from checker.texts import Text

LANES = ("claims", "pods", "grace", "containers", "probes", "pulls", "endpoints")
USUAL = ("claims", "pods", "containers")

Item = Life | Dot | Stripe


def tell(
    record: Record,
    start: datetime | None = None,
    end: datetime | None = None,
    title: Text = TITLE,
    only: Collection[str] = (),
    lanes: Collection[str] = USUAL,
    events: Collection[str] = (),
) -> Timeline:
    """What happened between `start` and `end` (else in the whole record).

    `only` names the workloads and claims to show; none means all. `lanes` (of LANES) says what is
    shown of each, `events` the reasons of other Events to show. Raises UsageError for an unknown
    lane.
    """
    _known(lanes)
    zero = ((start or record.began) - record.began).total_seconds()
    stop = ((end or record.ended) - record.began).total_seconds()
    pods = [
        pod
        for pod in read_pods(record.began, record.facts)
        if pod.span.start <= stop and (pod.span.end is None or pod.span.end > zero)
    ]
    samples = Samples(record, stop, _called(pods, lanes))
    told = [*_of_cluster(record, pods, only, lanes, events), *samples.items()]
    shown = list(_in_window(told, zero, stop))
    marks = [
        (fact.subject, (fact.heard - record.began).total_seconds()) for fact in record.of("mark")
    ]
    return Timeline(
        began=start or record.began,
        seconds=stop - zero,
        lives=tuple(each for each in shown if isinstance(each, Life)),
        dots=tuple(each for each in shown if isinstance(each, Dot)),
        deeds=tuple(Deed(at - zero, label) for label, at in marks if zero <= at <= stop),
        title=title,
        stripes=tuple(each for each in shown if isinstance(each, Stripe)),
        panels=tuple(samples.panels(zero, stop)),
        order=_order(told),
    )


def _order(items: list[Item]) -> tuple[Lane, ...]:
    return tuple(dict.fromkeys(each.lane for each in items))


def _called(pods: Collection[PodStory], lanes: Collection[str]) -> dict[str, str]:
    """What the picture calls each Pod: its workload, and which of several it is."""
    called: dict[str, str] = {}
    for workload in dict.fromkeys(pod.workload for pod in pods):
        for slot, group in _slots(workload, pods, lanes):
            called |= {pod.name: f"{workload}{more(slot)}" for pod in group}
    return called


def _slots(
    workload: str, pods: Collection[PodStory], lanes: Collection[str]
) -> Iterator[tuple[int, list[PodStory]]]:
    """The Pods of a workload by the number of their lanes."""
    yield from enumerate(slots((p for p in pods if p.workload == workload), "pods" in lanes), 1)


def _of_cluster(
    record: Record,
    pods: Collection[PodStory],
    only: Collection[str],
    lanes: Collection[str],
    events: Collection[str],
) -> Iterator[Item]:
    """A claim stands above the workload of its name, else on top; then each Pod with its lanes."""
    workloads = list(dict.fromkeys(pod.workload for pod in pods))
    claims = list(claim_lives(record)) if "claims" in lanes else []
    members, incidents = Membership(record), Incidents(record)
    for name, life in claims:
        if name not in workloads and _shown(name, only):
            yield life
    for workload in (name for name in workloads if _shown(name, only)):
        yield from (life for name, life in claims if name == workload)
        for slot, group in _slots(workload, pods, lanes):
            yield from _of_slot(workload, slot, group, lanes, members, incidents)
    ours = {pod.uid for pod in pods if _shown(pod.workload, only)}

    def about(fact: Fact) -> bool:
        return not only or fact.uid in ours or _belongs(fact.subject, only)

    yield from incidents.others(events, about)


def _of_slot(
    workload: str,
    slot: int,
    pods: list[PodStory],
    lanes: Collection[str],
    members: Membership,
    incidents: Incidents,
) -> Iterator[Item]:
    lane = pod_lane(workload, slot)
    if "pods" in lanes:
        yield from pod_lives(lane, pods)
        yield from pod_stripes(lane, pods)
    if "grace" in lanes:
        yield from grace_lives(workload, slot, pods)
    if "containers" in lanes:
        yield from container_lives(workload, slot, pods, alone="pods" not in lanes)
    if "probes" in lanes:
        yield from incidents.probes(workload, slot, pods)
    if "pulls" in lanes:
        yield from incidents.pulls(workload, slot, pods)
    if "endpoints" in lanes:
        yield from members.lives(workload, slot, pods)


def _shown(name: str, only: Collection[str]) -> bool:
    return not only or name in only


def _belongs(name: str, only: Collection[str]) -> bool:
    """Whether an object is one of these, or was made by one: a ReplicaSet, a Job."""
    return any(name == each or name.startswith(f"{each}-") for each in only)


def _in_window(items: list[Item], start: float, stop: float) -> Iterator[Item]:
    for item in items:
        if isinstance(item, Dot):
            if start <= item.at <= stop:
                yield replace(item, at=item.at - start)
            continue
        if item.start > stop or (item.end is not None and item.end <= start):
            continue
        over = item.end is not None and item.end <= stop
        yield replace(
            item,
            start=max(0.0, item.start - start),
            end=item.end - start if over and item.end is not None else None,
        )


def _known(lanes: Collection[str]) -> None:
    for lane in lanes:
        if lane not in LANES:
            near = get_close_matches(lane, LANES, n=1)
            hint = f"{near[0]}?" if near else ", ".join(LANES)
            raise UsageError(
                Text(f"lanes 里没有“{lane}”这种行。", f"There are no lanes `{lane}`."),
                Text(f"可用的：{hint}", f"Known: {hint}"),
            )
