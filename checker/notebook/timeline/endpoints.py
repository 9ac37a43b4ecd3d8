"""Who was in a Service, and in which state: bars of an endpoint lane. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.notebook.timeline.data import Lane, Life, LifeKind
from checker.notebook.timeline.lives import more
from checker.notebook.timeline.moment import moment
from checker.notebook.timeline.pods import PodStory
from checker.observe import Record
from checker.texts import Text

MEMBER = Text("{service} 的端点{more}", "endpoint of {service}{more}")
READY = Text("就绪", "ready")
UNREADY = Text("未就绪", "not ready")
LEAVING = Text("终止中", "terminating")
LEAVING_UNREADY = Text("终止中，未就绪", "terminating, not ready")


class Membership:
    """All endpoints of a record, by the Pod's name."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._facts = record.of("endpoint-joined", "endpoint-changed", "endpoint-left")

    def lives(self, workload: str, slot: int, pods: list[PodStory]) -> Iterator[Life]:
        """The bars of these Pods, a lane for each Service they are in."""
        names = {pod.name for pod in pods}
        facts = [fact for fact in self._facts if fact.subject in names]
        for service in dict.fromkeys(str(fact.more["service"]) for fact in facts):
            label = MEMBER.format(service=service, more=more(slot))
            lane = Lane(f"pod/{workload}/{slot}/endpoint/{service}", label)
            mine = [fact for fact in facts if fact.more["service"] == service]
            for address in dict.fromkeys(str(fact.more["address"]) for fact in mine):
                yield from self._states(lane, [f for f in mine if f.more["address"] == address])

    def _states(self, lane: Lane, facts: list[Any]) -> Iterator[Life]:
        times = [moment(self._record.began, fact.heard, fact.heard) for fact in facts]
        for fact, start, end in zip(facts, times, [*times[1:], None], strict=True):
            if fact.what != "endpoint-left":
                kind, name = _state(fact.more)
                detail = f"{fact.subject}, {fact.more['address']}"
                yield Life(lane, kind, start, end, name, detail=detail)


def _state(more: Mapping[str, Any]) -> tuple[LifeKind, Text]:
    if more.get("terminating"):
        # `serving` says that readiness last passed, not that anything still answers.
        return LifeKind.leaving, LEAVING if more.get("serving") else LEAVING_UNREADY
    return (LifeKind.ready, READY) if more.get("ready") else (LifeKind.unready, UNREADY)
