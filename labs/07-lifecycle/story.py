"""What happened to the Pods behind a Service, read from the record of several rollouts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checker.observe import Fact

SERVES_ON = 2.0
"""Seconds kube-proxy may take to learn of an endpoint: it writes its rules at most once a second
(minSyncPeriod, https://kubernetes.io/docs/reference/networking/virtual-ips/), and a margin."""
LATE = timedelta(seconds=15)
"""For so long a proxy on a busy machine may send requests to a Pod that is gone."""
ROUNDED = timedelta(seconds=1)
TOGETHER = timedelta(seconds=1)
"""Deletion and endpoint are heard on two watches, either first."""


class Story:
    """Facts, asked for the causes that lose requests. Lengths are in seconds."""

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
        return min((length for _, _, length in self._farewells()), default=0.0)

    def was_warned(self, sent: datetime) -> bool:
        """Whether a request that was lost then was sent to a Pod that had ended, after a farewell
        that was long enough. That is no fault of the Pod: proxies were late.

        Not so while another Pod says farewell: then its successor has come, and either may be it.
        """
        ends = list(self._farewells())
        leaving = any(left.at <= sent < end.at for left, end, _ in ends)
        late = any(
            length >= SERVES_ON and end.at <= sent <= end.at + LATE for _, end, length in ends
        )
        return late and not leaving

    def _farewells(self) -> Iterator[tuple[Fact, Fact, float]]:
        """The deletion of each Pod, the end of its container, and how long that was after the end
        of its endpoint.

        An endpoint may be heard of late on a busy machine; from the deletion on the cluster's own
        clock counts, less the second that it rounds.
        """
        deleted = {fact.uid: fact for fact in self._facts if fact.what == "pod-deleting"}
        for fact in self._facts:
            left = deleted.get(fact.uid)
            # An init container has ended long before that, and so has a life before a restart.
            if fact.what == "container-ended" and left and fact.heard >= left.heard:
                out = self._taken_out(fact.subject, left.heard)
                if out is not None:
                    by_clock = fact.at - left.at - ROUNDED
                    length = max(fact.heard - out, by_clock, timedelta())
                    yield left, fact, length.total_seconds()

    def _taken_out(self, pod: str, deleted: datetime) -> datetime | None:
        """When the endpoint of a Pod was no longer ready; None for a Pod of another Service.

        Counted from its deletion on: the Pods of a StatefulSet have the same name again.
        """
        mine = [fact for fact in self._endpoints if fact.subject == pod]
        out = [
            fact.heard
            for fact in mine
            if not fact.more.get("ready") and fact.heard >= deleted - TOGETHER
        ]
        return min(out, default=deleted + LATE) if mine else None
