"""Runs jobs side by side, while the caller's own thread tells what goes on in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from checker.grading.events import Event, OnEvent

T = TypeVar("T")
Job = Callable[[OnEvent], T]


def side_by_side(jobs: Sequence[Job[T]], on_event: OnEvent, hurry: Callable[[], None]) -> list[T]:
    """Run all jobs at once and return what they return, in their order.

    `on_event` is called in the caller's thread: notebooks and terminals know no other. When the
    caller is interrupted, `hurry` asks the jobs to end, and their end is waited for: what they
    changed is undone. A single job runs in the caller's thread.
    """
    if len(jobs) == 1:
        return [jobs[0](on_event)]
    told: SimpleQueue[Event | None] = SimpleQueue()
    with ThreadPoolExecutor(len(jobs), "check") as pool:
        futures = [pool.submit(job, told.put) for job in jobs]
        for future in futures:
            future.add_done_callback(lambda _: told.put(None))
        try:
            ended = 0
            while ended < len(jobs):
                event = told.get()
                if event is None:
                    ended += 1
                else:
                    on_event(event)
        except BaseException:
            hurry()
            raise
    return [future.result() for future in futures]
