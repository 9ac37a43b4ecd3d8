"""The one function that waits. It keeps book of what was really seen, and when.

It knows nothing of Kubernetes: it is given a way to look, a deadline and a clock. Its answer has
three values, like a verdict: so, not so (seen up to the end), or not known (nothing fresh was
seen when the time was up).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from checker.cluster.clock import Clock

T = TypeVar("T")

EVERY = 0.5
"""Seconds between two looks, unless the clock hears of a change before that."""
STALE = 10.0
"""An observation older than this many seconds no longer tells how things are."""


@dataclass(frozen=True)
class Glance(Generic[T]):
    """One look. `so` is None when it could not be made; `cause` then says why.

    A glance that is not so may say that waiting longer is pointless once the same state (`key`)
    has lasted `settles` seconds without a break. None means: wait to the end.
    """

    so: bool | None
    value: T | None = None
    cause: Exception | None = None
    settles: float | None = None
    key: Hashable = None


@dataclass(frozen=True)
class Waited(Generic[T]):
    """How a wait ended. `last` is the last look that saw something, `blind` the last that did not.

    `seconds` is how long it took, `longest_gap` the longest time without anything seen.
    """

    so: bool | None
    last: Glance[T] | None
    blind: Glance[T] | None
    seconds: float
    longest_gap: float


class _Book(Generic[T]):
    """What was seen, and when."""

    def __init__(self, now: float) -> None:
        self.last: Glance[T] | None = None
        self.blind: Glance[T] | None = None
        self.start = self.seen_at = self.same_since = now
        self.longest_gap = 0.0

    def write(self, glance: Glance[T], now: float) -> None:
        self.longest_gap = max(self.longest_gap, now - self.seen_at)
        if glance.so is None:
            self.blind = glance
            return
        if self.last is None or glance.key != self.last.key:
            self.same_since = now
        self.last, self.seen_at = glance, now

    def settled(self, glance: Glance[T], now: float) -> bool:
        if glance.so is not False or glance.settles is None:
            return False
        return now - self.same_since >= glance.settles

    def close(self, so: bool | None, now: float) -> Waited[T]:
        return Waited(so, self.last, self.blind, now - self.start, self.longest_gap)


def wait(
    look: Callable[[], Glance[T]],
    seconds: float,
    clock: Clock,
    every: float = EVERY,
    stale: float = STALE,
    beyond: float = 0.0,
) -> Waited[T]:
    """Look again and again until it is so, or `seconds` have passed. One last look is at the end.

    `stale` bounds how old the last observation may be when the time is up (never more than half of
    `seconds`): older, and the answer is None, "not known", instead of False, "not so". A wait whose
    last look saw nothing may go on for at most `beyond` seconds more, until one sees something.
    """
    book: _Book[T] = _Book(clock.now())
    deadline = book.start + seconds
    while True:
        glance = look()
        now = clock.now()
        book.write(glance, now)
        if glance.so or book.settled(glance, now):
            return book.close(bool(glance.so), now)
        end = deadline + beyond if glance.so is None else deadline
        if now >= end:
            break
        clock.pause(min(every, end - now))
    fresh = book.last is not None and now - book.seen_at <= min(stale, seconds / 2)
    return book.close(False if fresh else None, now)
