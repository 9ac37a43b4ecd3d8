"""A recording: a window on what happens in the demo, in which questions are asked again and again.

The recorder listens from the beginning of a lesson on; a recording only says from when to when.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol

from checker.notebook.plain import plainly
from checker.notebook.process import run
from checker.notebook.timeline.story import ANSWER
from checker.paths import course_root

EVERY = 1.0
"""Seconds between two reads of one question."""
READ_SECONDS = 5.0
"""A read that takes longer counts as no answer."""

Ask = Callable[[str], str | None]
Now = Callable[[], datetime]


class Marks(Protocol):
    """What a recording asks of a recorder."""

    def mark(self, label: str, **more: object) -> None:
        """Write down what was done or seen."""


def now() -> datetime:
    """The date and time of day, in UTC."""
    return datetime.now(UTC)


class Recording:
    """For a `with` block. Each question is asked before it, after it, and once a second within.

    `start` and `end` say when the block began and ended.
    """

    def __init__(
        self, recorder: Marks, questions: Mapping[str, str], ask: Ask, now: Now = now
    ) -> None:
        self._recorder = recorder
        self._questions = dict(questions)
        self._ask = ask
        self._now = now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, name="recording", daemon=True)
        self.start = now()
        self.end: datetime | None = None

    @plainly
    def __enter__(self) -> Recording:
        self.start = self._now()
        self._ask_all()  # the picture shows what was so before anything was done
        if self._questions:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._questions:
            self._thread.join(READ_SECONDS * len(self._questions))
            self._ask_all()
        self.end = self._now()

    def _ask_on(self) -> None:
        while not self._stop.wait(EVERY):
            self._ask_all()

    def _ask_all(self) -> None:
        for name, command in self._questions.items():
            self._recorder.mark(name, **{ANSWER: self._ask(command)})


def ask_in(env: Mapping[str, str]) -> Ask:
    """A way to ask: runs a question's command in bash and returns its output, None if it fails."""

    def ask(command: str) -> str | None:
        # Warnings of kubectl are no part of an answer.
        script = f"exec 2> /dev/null; {command}"
        said: list[str] = []
        outcome = run(
            script, env=env, folder=course_root(), seconds=READ_SECONDS, write=said.append
        )
        return "".join(said) if outcome.code == 0 else None

    return ask
