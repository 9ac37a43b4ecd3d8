"""Takes a class away: what was made for the learners of a roster, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubernetes import client

from checker.catalogue import Lab
from checker.classroom.crowd import HaltingClock, for_each
from checker.classroom.finalizers import let_go
from checker.classroom.furnish import clear_away
from checker.classroom.handout import handout, take_back
from checker.classroom.keys import Key
from checker.classroom.names import recall_names
from checker.classroom.plan import HOME, desk_of
from checker.classroom.seat import look, unable
from checker.classroom.standing import Standing
from checker.cluster import (
    API_ERRORS,
    SYSTEM,
    ClusterError,
    Connection,
    Objects,
    Workspace,
    remove,
)
from checker.cluster.lifecycle import until_gone
from checker.model import Pupil
from checker.observe.registry import forget_users
from checker.trouble import Trouble

HELD_SECONDS = 30.0
"""For a namespace to go by itself; what is in it after that is held by a finalizer."""


@dataclass(frozen=True)
class Gone:
    """What became of one learner. `kept` is his folder, where files of his own are still in it."""

    spaces: int = 0
    kept: Path | None = None
    trouble: Trouble | None = None


class Clearing:
    """One run. `labs` are all of the course's; `chosen` are the lessons to clear, None for all."""

    def __init__(
        self,
        connection: Connection,
        labs: Mapping[str, Lab],
        chosen: Sequence[str] | None,
        out: Path,
    ) -> None:
        self._connection = connection
        self._labs = labs
        self._chosen = chosen
        self._out = out
        self._clock = HaltingClock()
        self._standing: Standing | None = None

    def clear_all(
        self, pupils: Sequence[Pupil], tell: Callable[[Pupil, Gone], None], at_once: int
    ) -> None:
        """Every learner's places, side by side. Raises Trouble when the cluster does not answer."""
        self._standing = look(self._connection)
        try:
            recall_names(self._connection)
            for_each(pupils, self._clear, tell, self._clock.halt, at_once)
            self._tidy(pupils)
        except API_ERRORS as error:
            raise unable(error, self._connection.context) from error

    def _clear(self, pupil: Pupil) -> Gone:
        standing = self._standing or look(self._connection)
        every = standing.spaces_of(pupil.id)
        spaces = [s for s in every if self._chosen is None or s.lesson in self._chosen]
        try:
            if len(spaces) == len(every):
                self._close(pupil, standing)
            for space in spaces:
                remove(self._connection, space, self._clock, wait_until_gone=False)
            for space in spaces:
                self._see_it_go(space)
            kept = self._take_back(pupil) if len(spaces) == len(every) else None
        except Trouble as trouble:
            return Gone(trouble=trouble)
        except API_ERRORS as error:
            return Gone(trouble=unable(error, pupil.id))
        return Gone(len(spaces), kept)

    def _see_it_go(self, space: Workspace) -> None:
        try:
            until_gone(self._connection, space, self._clock, HELD_SECONDS)
        except ClusterError:
            let_go(self._connection, space)
            until_gone(self._connection, space, self._clock)

    def _close(self, pupil: Pupil, standing: Standing) -> None:
        """The account first: from then on nothing new comes into the namespaces."""
        account = desk_of(pupil, ()).account
        if account in standing.accounts:
            Objects(self._connection, HOME).delete("ServiceAccount", account)

    def _take_back(self, pupil: Pupil) -> Path | None:
        folder = self._out / pupil.id
        if not folder.is_dir():
            return None
        labs = list(self._labs.values())
        given = handout(desk_of(pupil, labs), labs, Key("", self._clock.wall()))
        return folder if take_back(given, folder) else None

    def _tidy(self, pupils: Sequence[Pupil]) -> None:
        """What stands elsewhere: Leases of checks that were killed, users of the registry.

        Of all namespaces that are not there, so that a run that was cut off leaves nothing behind.
        """
        standing = look(self._connection)
        gone = self._namespaces(pupils, list(self._labs.values())) - standing.spaces.keys()
        leases: Any = self._connection.api(client.CoordinationV1Api)
        for lease in leases.list_namespaced_lease(SYSTEM, label_selector="podlab/learner").items:
            if lease.metadata.name.removeprefix("check-") in gone:
                leases.delete_namespaced_lease(lease.metadata.name, SYSTEM)
        with_users = [lab for lab in self._labs.values() if lab.given]
        forget_users(
            self._connection, sorted(gone & self._namespaces(pupils, with_users)), self._clock
        )
        if not standing.learners():
            clear_away(self._connection)

    def _namespaces(self, pupils: Sequence[Pupil], labs: Sequence[Lab]) -> set[str]:
        return {each.namespace for pupil in pupils for each in desk_of(pupil, labs).spaces}
