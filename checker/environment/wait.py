"""Waiting: one function, with a deadline, and a clock that tests can turn."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.5


def wait_until(
    is_so: Callable[[], bool],
    seconds: float,
    *,
    every: float = PAUSE_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Look until `is_so()`, `every` so many seconds, or until `seconds` have gone; whether so."""
    deadline = clock() + seconds
    while True:
        if is_so():
            return True
        if clock() >= deadline:
            return False
        sleep(every)
