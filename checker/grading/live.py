"""Grading and laying out on the real cluster: what the command line, notebooks and gates call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from checker.catalogue import Case, Lab, Task, load_lab
from checker.cluster import (
    Clock,
    Connection,
    Lease,
    SystemClock,
    Workspace,
    connect,
    ensure,
    reset,
)
from checker.grading.apply import Ground, apply_case, apply_folder
from checker.grading.events import OnEvent, ignore
from checker.grading.files import lay_out
from checker.grading.grade import Means, grade_with
from checker.model import LabReport
from checker.observe import Bench
from checker.observe.outcome import CouldNotLook, Refusal
from checker.texts import Text
from checker.trouble import Trouble

GIVEN_SECONDS = 120.0
NOT_GIVEN = Text(
    "没能为工作区 {workspace} 准备好课程给出的东西。",
    "What the lesson gives could not be brought to the workspace {workspace}.",
)
AGAIN = Text(
    "再试一次；集群在运行吗？用 podlab status 看一看。",
    "Try again. Does the cluster run? podlab status tells.",
)


def grade(
    lab: Lab,
    workspace: Workspace,
    tasks: Iterable[str | int] | None = None,
    on_event: OnEvent = ignore,
    connection: Connection | None = None,
) -> LabReport:
    """Judge `tasks` (ids or numbers) with all they need, or the whole lab, on `workspace`.

    Without a `connection` it is podlab's own cluster. Raises UnknownTask and nothing else: a
    cluster that is not there gives `unknown` for every task.
    """
    ground = _Ground(workspace, connection, SystemClock())
    means = Means(ground.bench, ground.lease, ground.lost, ground.clock)
    return grade_with(means, lab, workspace.namespace, tasks, on_event)


class _Ground:
    """One workspace on one cluster; connects when the lease is asked for, and not before."""

    def __init__(self, workspace: Workspace, connection: Connection | None, clock: Clock) -> None:
        self.workspace = workspace
        self.clock = clock
        self._connection = connection
        self._lease: Lease | None = None
        self._run = uuid4().hex[:8]

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Make the workspace if it is missing, then keep others out of it."""
        self._connection = self._connection or connect()
        ensure(self._connection, self.workspace)
        with Lease(self._connection, self.workspace) as self._lease:
            yield

    def lost(self) -> bool:
        """Whether another run has taken the lease."""
        return self._lease is not None and self._lease.lost

    def bench(self, task: Task, say: Callable[[Text], None]) -> Bench:
        """A bench whose time is up after the task's deadline, counted from now."""
        self._connection = self._connection or connect()
        owner = f"{self._run}/{task.id}"
        return Bench(self._connection, self.workspace, say, task.deadline, owner=owner)


@dataclass(frozen=True)
class Placed:
    """A case is on the workspace: where the learner's own files went, and what kubectl said."""

    backup: Path | None
    output: str


def put_case(
    case: Case, workspace: Workspace, *, anew: bool, connection: Connection | None = None
) -> Placed:
    """Bring a case to a workspace. `anew` empties the namespace first.

    The learner's files are copied to a backup before they are replaced. Raises Trouble: Busy
    while a check runs, a cluster that does not answer, a manifest that was refused.
    """
    connection = connection or connect()
    spaces = [workspace]
    if any(name.startswith("team/") for name in case.files):
        spaces.insert(0, workspace.beside("team"))
    with Lease(connection, workspace):
        for space in spaces:
            (reset if anew else ensure)(connection, space)
        give(workspace, connection)
        backup = lay_out(case, workspace.folder, SystemClock().wall().astimezone())
        return Placed(backup, apply_case(case, *(_ground(connection, space) for space in spaces)))


def reopen(workspace: Workspace, connection: Connection | None = None) -> bool:
    """Open a lab that has files already. Whether its namespace is new, as on a new cluster.

    A new one gets the learner's files as they stand; the files themselves are not touched.
    """
    connection = connection or connect()
    team = workspace.beside("team")
    spaces = (team, workspace) if team.folder.is_dir() else (workspace,)
    new = [space for space in spaces if ensure(connection, space)]
    give(workspace, connection)
    for space in new:
        apply_folder(_ground(connection, space))
    return bool(new)


def give(
    workspace: Workspace,
    connection: Connection,
    lab: Lab | None = None,
    clock: Clock | None = None,
) -> None:
    """Bring what the lesson gives beside files to a workspace that is there; again is no error.

    `lab` is the lesson's, where it has been read already. Raises Trouble when it cannot be done.
    """
    given = (lab or load_lab(workspace.lesson)).given
    if given is None:
        return
    bench = Bench(connection, workspace, deadline=GIVEN_SECONDS, clock=clock)
    try:
        given(bench)
    except CouldNotLook as blind:
        raise Trouble(blind.reason, blind.todo) from blind
    except Refusal as no:
        detail = "; ".join(each.found for each in no.evidence)
        raise Trouble(NOT_GIVEN.format(workspace=workspace.namespace), AGAIN, detail) from no
    finally:
        bench.close()


def _ground(connection: Connection, workspace: Workspace) -> Ground:
    return Ground(workspace.folder, workspace.kubeconfig(connection.cluster))
