"""Threads that look again and again, each bounded in time and count, and ended by their recording.

A sampler is started before the block of a recording, stopped after it, and abandoned when the
block did not come to its end: then nothing is looked at any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from checker.observe.facts import What

EVERY = 1.0
"""Seconds between two looks."""
MOST_LOOKS = 600
MOST_SECONDS = 600.0
FIRST = 6.0
"""Seconds until the first look is over, or the block begins without it."""
AGAIN = 1.0
"""Seconds before a command that has ended is run again."""
LINGER = 1.0
"""A command that is being followed gets this long to print its last lines."""
LAST = 5.0
"""Seconds for the look after the block."""

Write = Callable[[str], None]
GiveUp = threading.Event
NAME = "recording"


class Notes(Protocol):
    """Where a sampler writes down what it sees."""

    def note(self, what: What, subject: str, at: datetime | None = None, **more: object) -> None:
        """Write down what was seen, and when, if that was not now."""


class Sampler(Protocol):
    """What a recording does with each of its ways to look."""

    def start(self) -> None:
        """Begin; returns at once."""

    def wait_for_first(self) -> None:
        """Come back when something has been seen, or after a few seconds without."""

    def stop(self) -> None:
        """The block is over: look a last time. Returns at once."""

    def finish(self) -> None:
        """Come back when the last look is over, a few seconds later at most."""

    def abandon(self) -> None:
        """End now. Returns at once."""


class Background:
    """What both forms share: a thread, a wish to stop, and a wish to end at once."""

    def __init__(self) -> None:
        self._first = threading.Event()
        self._stop = threading.Event()
        self._cut: GiveUp = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait_for_first(self) -> None:
        """Come back when something has been seen, or after FIRST seconds without."""
        self._first.wait(FIRST)

    def stop(self) -> None:
        """Look a last time."""
        self._stop.set()

    def abandon(self) -> None:
        """End now."""
        self._cut.set()
        self._stop.set()

    def _run(self) -> None:
        try:
            self._go()
        finally:
            self._first.set()

    def _go(self) -> None:
        raise NotImplementedError

    def _end(self, patience: float) -> None:
        """Let the thread come to its end; after `patience` cut short what it waits for."""
        if self._thread.ident is None:  # it was never started
            return
        self._thread.join(patience)
        self._cut.set()
        self._thread.join(LAST)


class Poll(Background):
    """Looks once before the block, once a second within it, and once after it."""

    def __init__(self, look: Callable[[GiveUp], None]) -> None:
        super().__init__()
        self._look = look

    def finish(self) -> None:
        """Come back when the last look is over."""
        self._end(LAST)

    def _go(self) -> None:
        for _ in range(MOST_LOOKS):
            last = self._stop.is_set()
            self._look(self._cut)
            self._first.set()
            if last or self._cut.is_set():
                return
            self._stop.wait(EVERY)


class Follow(Background):
    """Takes each line of a command as it comes, and runs the command again when it has ended.

    `follow` runs it, with the time it may take, and says whether it ended by itself and well.
    `broke` is told when it did not. With `last`, a command that ends by itself is run once more
    after the block; one that goes on is not, for it has told all.
    """

    def __init__(
        self,
        follow: Callable[[Write, GiveUp, float], bool],
        take: Write,
        broke: Callable[[], None] = lambda: None,
        last: bool = False,
    ) -> None:
        super().__init__()
        self._follow = follow
        self._take = take
        self._broke = broke
        self._last = last
        self._ends_by_itself = False

    def finish(self) -> None:
        """Come back when the last lines have been taken."""
        if self._last:
            self._end(LAST if self._ends_by_itself else LINGER)
        else:
            self._end(0)

    def _go(self) -> None:
        ends_at = time.monotonic() + MOST_SECONDS
        while (left := ends_at - time.monotonic()) > 0:
            last = self._stop.is_set()
            well = self._follow(self._hear, self._cut, min(left, LAST) if last else left)
            self._first.set()
            if last or self._cut.is_set() or (self._stop.is_set() and not self._last):
                return
            self._ends_by_itself = True
            if not well:
                self._broke()
            self._stop.wait(0 if well and not self._last else AGAIN)

    def _hear(self, lines: str) -> None:
        for line in lines.splitlines():
            self._take(line)
        self._first.set()
