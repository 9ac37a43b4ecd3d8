"""Grades the workspaces of a class from outside: many side by side, over one connection.

Nothing is made here: a learner's namespace is there, or the learner is told apart as one who could
not be graded. `stop` ends all of it: what checks have changed is undone, and their reports are no
reports any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn
from uuid import uuid4
from weakref import WeakSet

from checker.catalogue import Lab, Task
from checker.cluster import (
    Busy,
    Clock,
    Connection,
    Lease,
    LookingConnection,
    SystemClock,
    Workspace,
    must_be_there,
)
from checker.cluster.lease import LASTS
from checker.grading.events import OnEvent, ignore
from checker.grading.grade import Means, grade_with
from checker.model import LabReport
from checker.observe import Bench
from checker.observe.outcome import CouldNotLook
from checker.texts import Text

Say = Callable[[Text], None]
PATIENCE = LASTS + 5.0
"""Seconds to wait for a workspace that is held: a run that was killed holds it for LASTS more."""
STOPPED = Text("评分被中断了。", "Grading was interrupted.")
GO_ON = Text("接着上次的评分做下去。", "Go on with the run.")


class Outside:
    """A way to grade one workspace after another, or many at a time from as many threads.

    With `acts`, checks may act as they do for the learner; without, they only look, and the tasks
    given to `grade` must be such as can be judged so.
    """

    def __init__(self, connection: Connection, *, acts: bool, clock: Clock | None = None) -> None:
        self.connection = connection
        self._eyes = connection if acts else LookingConnection(connection)
        self.clock = clock or SystemClock()
        self._run = uuid4().hex[:8]
        self._benches: WeakSet[Bench] = WeakSet()
        self._lock = threading.Lock()
        self.stopped = False

    def grade(
        self,
        lab: Lab,
        workspace: Workspace,
        tasks: Iterable[str | int],
        files: Path | None = None,
        on_event: OnEvent = ignore,
    ) -> LabReport:
        """Judge `tasks` with all they need. Raises nothing: what goes wrong is in the verdicts.

        `files` is where the learner's own files are, if they were brought.
        """
        visit = _Visit(self, workspace, files)
        means = Means(visit.bench, visit.lease, visit.lost, self.clock)
        try:
            return grade_with(means, lab, workspace.namespace, tasks, on_event)
        except Exception as error:
            return self._broken(error, lab, workspace, tasks)

    def stop(self) -> None:
        """End all waits at once, begin no further check."""
        with self._lock:
            self.stopped = True
            for bench in self._benches:
                bench.hurry()

    def open(self, task: Task, workspace: Workspace, files: Path | None, say: Say) -> Bench:
        """A bench for one task. CouldNotLook once all was stopped."""
        owner = f"{self._run}/{task.id}"
        bench = Bench(self._eyes, workspace, say, task.deadline, owner=owner, files=files)
        with self._lock:
            if self.stopped:
                raise CouldNotLook(STOPPED, GO_ON)
            self._benches.add(bench)
        return bench

    def _broken(
        self, error: Exception, lab: Lab, workspace: Workspace, tasks: Iterable[str | int]
    ) -> LabReport:
        """Our own code has failed: each task is unknown, and says so."""

        @contextmanager
        def fails() -> Iterator[NoReturn]:
            raise error

        def no_bench(task: Task, say: Say) -> NoReturn:
            raise error

        means = Means(no_bench, fails, lambda: False, self.clock)
        return grade_with(means, lab, workspace.namespace, tasks)


class _Visit:
    """One workspace while it is graded."""

    def __init__(self, outside: Outside, workspace: Workspace, files: Path | None) -> None:
        self._outside = outside
        self._workspace = workspace
        self._files = files
        self._lease: Lease | None = None

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Keep others out of a workspace that is there. Raises ClusterError, Busy among them."""
        connection, clock = self._outside.connection, self._outside.clock
        must_be_there(connection, self._workspace)
        until = clock.now() + PATIENCE
        with ExitStack() as stack:
            while self._lease is None:
                try:
                    self._lease = stack.enter_context(
                        Lease(connection, self._workspace, clock=clock)
                    )
                except Busy:
                    if self._outside.stopped or clock.now() >= until:
                        raise
                    clock.pause(1.0)
            yield

    def lost(self) -> bool:
        """Whether another run has taken the lease."""
        return self._lease is not None and self._lease.lost

    def bench(self, task: Task, say: Say) -> Bench:
        """A bench for one task."""
        return self._outside.open(task, self._workspace, self._files, say)
