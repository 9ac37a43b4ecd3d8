"""What happened to the Pods behind a Service, read from the record of several rollouts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from checker.observe import Fact


class Story:
    """Facts, asked for the causes that lose requests. All times are in seconds."""

    def __init__(self, facts: Sequence[Fact], service: str) -> None:
        self._facts = facts
        self._endpoints = [fact for fact in facts if fact.more.get("service") == service]

    def still_listed(self) -> bool:
        """Whether a Pod stayed ready in the EndpointSlice although it was being deleted."""
        return any(f.more.get("ready") and f.more.get("terminating") for f in self._endpoints)

    def longest_empty(self) -> float:
        """The longest time without a ready endpoint, between two that were ready."""
        ready: set[str] = set()
        since: datetime | None = None
        longest = 0.0
        for fact in self._endpoints:
            was = bool(ready)
            (ready.add if fact.more.get("ready") else ready.discard)(fact.more["address"])
            if was and not ready:
                since = fact.heard
            elif since and ready:
                longest = max(longest, (fact.heard - since).total_seconds())
                since = None
        return longest

    def shortest_farewell(self) -> float:
        """The shortest time for which a program ran on after its endpoint was taken out."""
        return max(0.0, min(self._farewells(), default=0.0))

    def _farewells(self) -> Iterator[float]:
        out: dict[str, datetime] = {}
        for fact in self._endpoints:
            if not fact.more.get("ready") and fact.what != "endpoint-joined":
                out.setdefault(fact.subject, fact.heard)
        deleted = {fact.uid for fact in self._facts if fact.what == "pod-deleting"}
        for fact in self._facts:
            if fact.what == "container-ended" and fact.uid in deleted and fact.subject in out:
                yield (fact.heard - out[fact.subject]).total_seconds()
