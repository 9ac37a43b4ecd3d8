"""`bench.team`: the same verbs in the lab's second namespace, where a lab has one."""

from __future__ import annotations

import math
from typing import Self

from checker.cluster import Step, ensure
from checker.observe.base import Base
from checker.observe.undo import Undo


class Team(Undo, Base):
    """A second namespace beside the lab's own: part `team` of the same lesson and learner."""

    def team(self) -> Self:
        """A bench on that namespace, with what is left of this one's time; made if missing.

        What it does is undone with what this one does, and after a kill by the next run.
        Raises ClusterError, a Trouble, when the namespace cannot be made.
        """
        ensure(self.connection, self.workspace.beside("team"))
        team = self._beside()
        self.later(Step("team", "Namespace", team.namespace))
        return team

    def _undo(self, step: Step) -> bool:
        if step.way != "team":
            return super()._undo(step)
        team = self._beside()
        if team.find("Namespace", team.namespace):
            team.undo()
        return True

    def _beside(self) -> Self:
        left = None if self._ends_at is None else self.left(math.inf)
        beside = self.workspace.beside("team")
        owner = self.journal.owner
        return type(self)(self.connection, beside, self.say, left, self.clock, owner)
