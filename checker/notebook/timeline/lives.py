"""Turns stories of Pods and claims into lives: bars, each in its lane. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from checker.notebook.timeline.data import DELETED, NOTHING, Lane, Life, LifeKind, Stripe
from checker.notebook.timeline.moment import moment
from checker.notebook.timeline.pods import PodStory, Span
from checker.observe import Record
from checker.texts import Text

# kubectl's word for a Pod that is to go; said where its successor takes its place in the lane.
TERMINATING = Text.same("Terminating")
FIRST = Text("首次启动", "first start")
RESTART = Text("第 {number} 次重启", "restart {number}")
CONTAINER = Text("容器 {name}", "container {name}")
GRACE = Text("宽限期{more}", "grace period{more}")
SECONDS = Text("{seconds} 秒", "{seconds} s")
CONTAINER_OF = Text("{pod}：容器 {name}", "{pod}: container {name}")


def pod_lane(workload: str, slot: int) -> Lane:
    """The lane of the Pods of a workload that follow each other."""
    return Lane(f"pod/{workload}/{slot}", Text.same(f"Pod {workload}{more(slot)}"))


def more(slot: int) -> str:
    """What tells a second Pod's lanes from those of the first."""
    return f" ({slot})" if slot > 1 else ""


def pod_lives(lane: Lane, pods: list[PodStory]) -> Iterator[Life]:
    """One bar for each Pod, cut where its successor begins."""
    for pod, successor in zip_longest(pods, pods[1:]):
        span = pod.span
        if successor and (span.end is None or span.end > successor.span.start):
            span = replace(span, end=successor.span.start, ending=TERMINATING)
        yield _life(lane, LifeKind.pod, span, Text.same(pod.name), f"UID {pod.uid[:8]}")


def pod_stripes(lane: Lane, pods: list[PodStory]) -> Iterator[Stripe]:
    """Where a Pod was Terminating and still had its lane."""
    for pod, successor in zip_longest(pods, pods[1:]):
        if pod.leaving is None:
            continue
        ends = [end for end in (pod.span.end, successor and successor.span.start) if end]
        end = min(ends, default=None)
        if end is None or end > pod.leaving:
            yield Stripe(lane, pod.leaving, end, TERMINATING)


def container_lives(
    workload: str, slot: int, pods: list[PodStory], alone: bool = False
) -> Iterator[Life]:
    """A lane for each container; a bar for each of its lives, an empty one where it waits.

    `alone`: no lane of its Pod stands above it, so it has to say whose it is.
    """
    form = CONTAINER_OF if alone else CONTAINER
    for name in dict.fromkeys(name for pod in pods for name in pod.names):
        label = form.format(name=name, pod=f"{workload}{more(slot)}")
        lane = Lane(f"pod/{workload}/{slot}/container/{name}", label)
        for pod in pods:
            for span in pod.containers.get(name, ()):
                words = RESTART.format(number=span.number) if span.number else FIRST
                yield _life(lane, LifeKind.container, span, words, pod.name)
            for wait in pod.waits.get(name, ()):
                yield Life(
                    lane,
                    LifeKind.waiting,
                    wait.start,
                    wait.end,
                    Text.same(wait.reason),
                    detail="; ".join(word for word in (pod.name, wait.message) if word),
                )


def _life(lane: Lane, kind: LifeKind, span: Span, name: Text, detail: str) -> Life:
    return Life(lane, kind, span.start, span.end, name, span.ending, detail, span.message)


def grace_lives(workload: str, slot: int, pods: list[PodStory]) -> Iterator[Life]:
    """How long each Pod had to end, from the moment its deletion was asked for."""
    lane = Lane(f"pod/{workload}/{slot}/grace", GRACE.format(more=more(slot)))
    for pod in pods:
        if pod.leaving is not None and pod.grace:
            name = SECONDS.format(seconds=pod.grace)
            end = pod.leaving + pod.grace
            yield Life(lane, LifeKind.grace, pod.leaving, end, name, detail=pod.name)


def claim_lives(record: Record) -> Iterator[tuple[str, Life]]:
    """Every PersistentVolumeClaim, by name."""
    gone = {fact.uid: fact for fact in record.of("claim-gone")}
    for fact in record.of("claim-seen"):
        end = gone.get(fact.uid)
        yield (
            fact.subject,
            Life(
                lane=Lane(f"claim/{fact.subject}", Text.same(f"PVC {fact.subject}")),
                kind=LifeKind.claim,
                start=moment(record.began, fact.at, fact.heard),
                end=moment(record.began, end.heard, end.heard) if end else None,
                name=Text.same(fact.subject),
                ending=DELETED if end else NOTHING,
                detail=f"UID {fact.uid[:8]}",
            ),
        )
