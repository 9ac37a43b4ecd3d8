"""What every verb of a Bench stands on: where to look, a clock, a voice, errors read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.cluster import (
    API_ERRORS,
    Clock,
    Connection,
    Journal,
    Meaning,
    Objects,
    SystemClock,
    Workspace,
    meaning,
)
from checker.model import Evidence
from checker.observe.outcome import CouldNotLook
from checker.observe.wake import WakefulClock
from checker.texts import Text


def silent(words: Text) -> None:
    """For those who want no progress."""


class Base:
    """`deadline`: seconds for the whole check, from now; no wait goes on longer than that.

    `say` is told what the check is waiting for. Without a `clock` (tests bring one) a pause ends
    early when a Pod or an EndpointSlice of the workspace changes. `owner` is a name, `run/task`,
    for the journal: checks that run side by side undo their own acts only. `files` is where the
    learner's own files are, if not in the workspace's folder.
    """

    def __init__(
        self,
        connection: Connection,
        workspace: Workspace,
        say: Callable[[Text], None] = silent,
        deadline: float | None = None,
        clock: Clock | None = None,
        owner: str = "",
        files: Path | None = None,
    ) -> None:
        self.connection = connection
        self.workspace = workspace
        self.namespace = workspace.namespace
        self.files = files or workspace.folder
        self.say = say
        self._wakeful = None if clock else WakefulClock(connection, workspace.namespace)
        self.clock: Clock = clock or self._wakeful or SystemClock()
        self.objects = Objects(connection, workspace.namespace)
        self.journal = Journal(connection, workspace, owner)
        self._ends_at = None if deadline is None else self.clock.now() + deadline

    def left(self, seconds: float) -> float:
        """How much of `seconds` the deadline of the whole check leaves."""
        if self._ends_at is None:
            return seconds
        return max(0.0, min(seconds, self._ends_at - self.clock.now()))

    def hurry(self) -> None:
        """Let no wait go on: the time is up now."""
        self._ends_at = self.clock.now()

    def close(self) -> None:
        """End what runs in the background. Every bench is to be closed; twice is no error."""
        if self._wakeful:
            self._wakeful.close()


@contextmanager
def looking() -> Iterator[None]:
    """Around a call of the API: where we could not look, say so. "Absent" and "refused" go on."""
    try:
        yield
    except API_ERRORS as error:
        answer = meaning(error)
        if answer.meaning is Meaning.blind:
            raise CouldNotLook(answer.why, answer.todo) from error
        raise


def seen(expected: Text | None, found: str, command: str) -> tuple[Evidence, ...]:
    """Evidence of one look, or none where there is nothing to show."""
    if expected is None and not found and not command:
        return ()
    return (Evidence(expected or Text("任务要求的状态", "what the task asks for"), found, command),)
