"""The same work for many learners, side by side with a limit; Ctrl-C ends it soon."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from checker.cluster import SystemClock

T = TypeVar("T")
R = TypeVar("R")


class Halted(Exception):
    """The work is given up, because nobody waits for it any more."""


class HaltingClock(SystemClock):
    """The machine's clock until `halt`; from then on no wait goes on."""

    def __init__(self) -> None:
        self._halted = threading.Event()

    def halt(self) -> None:
        """End all waits that use this clock, now and later."""
        self._halted.set()

    def pause(self, seconds: float) -> None:
        """Let `seconds` pass. Raises Halted."""
        if self._halted.wait(max(0.0, seconds)):
            raise Halted


def for_each(
    items: Sequence[T],
    work: Callable[[T], R],
    tell: Callable[[T, R], None],
    halt: Callable[[], None],
    at_once: int,
) -> None:
    """Do `work` for every item; `tell` hears of each that is done, in the caller's thread.

    What `work` raises is raised here. When that happens, or the caller is interrupted, `halt` tells
    what has begun to come to its end; that is waited for, and nothing else is begun.
    """
    with ThreadPoolExecutor(at_once, "class") as pool:
        futures = {pool.submit(work, item): item for item in items}
        try:
            for future in as_completed(futures):
                tell(futures[future], future.result())
        except BaseException:
            halt()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
