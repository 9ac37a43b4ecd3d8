"""A clock that is woken: a pause ends early when something changes in the namespace.

It makes waits quick, never right: what is so is found by looking, with or without a wake-up.
"""

from __future__ import annotations

import threading

from checker.cluster import Change, Changes, Connection, SystemClock

KINDS = ("Pod", "EndpointSlice")
CALM = 0.05
"""Seconds that let a burst of changes pass; also the least time between two looks."""


class WakefulClock(SystemClock):
    """Watching begins at the first pause: a check that never waits is free. `close` ends it."""

    def __init__(self, connection: Connection, namespace: str) -> None:
        self._changed = threading.Event()
        self._watches = [Changes(connection, namespace, kind, self._hear) for kind in KINDS]
        self._started = False

    def close(self) -> None:
        """Stop watching. Twice is no error."""
        for watch in self._watches:
            watch.stop()

    def pause(self, seconds: float) -> None:
        """Let up to `seconds` pass."""
        if not self._started:
            self._started = True
            for watch in self._watches:
                watch.start()
        super().pause(min(CALM, seconds))
        self._changed.wait(max(0.0, seconds - CALM))
        self._changed.clear()

    def _hear(self, change: Change) -> None:
        self._changed.set()
