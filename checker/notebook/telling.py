"""Shows what a check does and waits for, in one place, at the pace of a clock.

Events come in bursts, and a display that follows each of them flickers; so events only change what
is known, and once a second it is shown.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from checker.grading import Event, TaskFinished, TaskStarted, Waiting
from checker.notebook.live import Live
from checker.report import Running, RunningTask, render_running, running_text
from checker.texts import Lang

BEAT_SECONDS = 1.0


class Telling:
    """What a run over `of` tasks of `lab` is doing. Events may come while it is shown."""

    def __init__(
        self, live: Live, lab: str, of: int, lang: Lang, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._live = live
        self._lang: Lang = lang
        self._lab = lab
        self._of = of
        self._now = now
        self._began = now()
        self._done = 0
        self._tasks: dict[str, tuple[float, RunningTask]] = {}
        self._lock = threading.Lock()

    def tell(self, event: Event) -> None:
        """Take one event of grading in."""
        with self._lock:
            match event:
                case TaskStarted():
                    task = RunningTask(event.task, event.number, event.title, 0, event.deadline)
                    self._tasks[event.task] = (self._now(), task)
                case Waiting():
                    began, task = self._tasks[event.task]
                    self._tasks[event.task] = (began, replace(task, what=event.what))
                case TaskFinished():
                    self._done += 1
                    self._tasks.pop(event.result.task, None)

    def show(self) -> None:
        """Show what is known by now, in place of what was shown before."""
        running = self._running()
        self._live.replace(
            {
                "text/plain": running_text(running, self._lang),
                "text/html": render_running(running, self._lang),
            }
        )

    def _running(self) -> Running:
        with self._lock:
            now = self._now()
            tasks = tuple(replace(task, seconds=now - at) for at, task in self._tasks.values())
            return Running(self._lab, self._done, self._of, now - self._began, tasks)


@contextmanager
def beating(show: Callable[[], None], seconds: float = BEAT_SECONDS) -> Iterator[None]:
    """Call `show` at once, then every so many seconds until the block ends; never after it."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(seconds):
            show()

    show()
    # What a cell shows belongs to it by a context variable, which a new thread does not have.
    inside = contextvars.copy_context().run
    heart = threading.Thread(target=inside, args=(beat,), name="beat", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()
