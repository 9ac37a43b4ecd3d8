"""Records what happens in the demo while its cells run: lives of Pods, reads, deeds.

One recorder listens from the beginning of a lesson to the end of the kernel; a recording is a
window on it, in which questions may be asked again and again ("is the key there?").
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType

from checker.cluster import Change, Changes, Clock, Connection, SystemClock
from checker.notebook.plain import plainly
from checker.notebook.process import run
from checker.notebook.timeline import TITLE, Deed, Dot, DotKind, Lane, Life, Timeline
from checker.notebook.timeline.history import History
from checker.paths import course_root
from checker.texts import Text

EVERY = 1.0
"""Seconds between two reads of one question."""
READ_SECONDS = 5.0
"""A read that takes longer counts as no answer."""
GONE = ("", "(nil)", "0", "none", "false")
"""Answers that mean: it is not there. Compared in small letters."""

FOUND = Text("读到了", "found")
NOT_THERE = Text("没有了", "gone")
SILENT = Text("没有应答", "no answer")
READ = Text("读取 {name}", "read {name}")

Ask = Callable[[str], str | None]


class Recorder:
    """Listens to one namespace. `take` may be called from any thread."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._zero = self._clock.now()
        self._lock = threading.Lock()
        self._history = History(self._clock.wall())
        self._dots: list[Dot] = []
        self._deeds: list[Deed] = []
        self._watches: list[Changes] = []

    def listen(self, connection: Connection, namespace: str) -> None:
        """Begin to hear of Pods and claims."""
        for kind in ("Pod", "PersistentVolumeClaim"):
            watch = Changes(connection, namespace, kind, self.take)
            self._watches.append(watch)
            watch.start()

    def stop(self) -> None:
        """Hear no more."""
        while self._watches:
            self._watches.pop().stop()

    @property
    def now(self) -> float:
        """Seconds since the recorder began."""
        return self._clock.now() - self._zero

    def take(self, change: Change) -> None:
        """Note what was heard."""
        with self._lock:
            self._history.take(change, self.now)

    def deed(self, label: str) -> None:
        """Note that something was done just now."""
        with self._lock:
            self._deeds.append(Deed(self.now, label))

    def read(self, name: str, answer: str | None) -> None:
        """Note an answer to the question `name`; None where there was none."""
        kind, label = _meaning(answer)
        lane = Lane(f"read/{name}", READ.format(name=name))
        with self._lock:
            self._dots.append(Dot(lane, self.now, kind, label, (answer or "").strip()))

    def timeline(
        self,
        title: Text = TITLE,
        only: Collection[str] = (),
        start: float = 0.0,
        end: float | None = None,
    ) -> Timeline:
        """What was recorded from `start` to `end` (now), in seconds since the recorder began.

        `only` names the workloads to show; none means all.
        """
        with self._lock:
            end = self.now if end is None else end
            lives = tuple(
                _cut(life, start, end)
                for life in self._history.lives(only)
                if life.start <= end and (life.end is None or life.end > start)
            )
            dots = [replace(a, at=a.at - start) for a in self._dots if start <= a.at <= end]
            deeds = [replace(a, at=a.at - start) for a in self._deeds if start <= a.at <= end]
            began = self._began(start)
        return Timeline(began, end - start, lives, tuple(dots), tuple(deeds), title)

    def _began(self, start: float) -> datetime:
        passed = self.now - start
        return datetime.fromtimestamp(self._clock.wall().timestamp() - passed).astimezone()


class Recording:
    """A window on a recorder, for a `with` block. Each question is asked once a second, or so."""

    def __init__(self, recorder: Recorder, questions: Mapping[str, str], ask: Ask) -> None:
        self._recorder = recorder
        self._questions = dict(questions)
        self._ask = ask
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, name="recording", daemon=True)
        self._start = 0.0
        self._end: float | None = None

    @plainly
    def __enter__(self) -> Recording:
        self._start = self._recorder.now
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
        self._end = self._recorder.now

    def timeline(self, title: Text = TITLE, only: Collection[str] = ()) -> Timeline:
        """What happened in the window."""
        return self._recorder.timeline(title, only, self._start, self._end)

    def _ask_on(self) -> None:
        while not self._stop.wait(EVERY):
            self._ask_all()

    def _ask_all(self) -> None:
        for name, command in self._questions.items():
            self._recorder.read(name, self._ask(command))


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


def _meaning(answer: str | None) -> tuple[DotKind, Text]:
    if answer is None:
        return DotKind.none, SILENT
    if answer.strip().lower() in GONE:
        return DotKind.bad, NOT_THERE
    return DotKind.good, FOUND


def _cut(life: Life, start: float, end: float) -> Life:
    stop = None if life.end is None or life.end > end else life.end - start
    return replace(life, start=max(0.0, life.start - start), end=stop)
