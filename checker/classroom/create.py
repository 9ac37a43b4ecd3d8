"""Makes a class: first what its cluster needs once, then each learner's place. Again is no harm."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from checker.catalogue import Lab
from checker.classroom.crowd import HaltingClock, for_each
from checker.classroom.furnish import Furniture
from checker.classroom.handout import KEY, handout, put, read_file
from checker.classroom.keys import Key, key_in, new_key
from checker.classroom.names import keep_names, recall_names
from checker.classroom.plan import Desk, desk_of, parts_of
from checker.classroom.pulls import must_be_pulled, needed_images
from checker.classroom.seat import Seat, look, unable
from checker.classroom.standing import Standing
from checker.cluster import API_ERRORS, Connection, Workspace
from checker.grading import give
from checker.model import Pupil
from checker.observe.images import named
from checker.trouble import Trouble

GIVE_TRIES = 3
GIVE_PAUSE = 2.0


@dataclass(frozen=True)
class Made:
    """What became of one learner. `wrote` counts objects and files that were made or put right."""

    wrote: int = 0
    ends: datetime | None = None
    trouble: Trouble | None = None


class Building:
    """One run for a class. `labs` are all of the course's by name, `chosen` those to make now."""

    def __init__(
        self,
        connection: Connection,
        labs: Mapping[str, Lab],
        chosen: Sequence[str],
        out: Path,
        days: int,
    ) -> None:
        self._connection = connection
        self._labs = labs
        self._chosen = [labs[name] for name in chosen]
        self._out = out
        self._days = days
        self._clock = HaltingClock()
        self._standing: Standing | None = None

    def furnish(self) -> int:
        """What the cluster needs once; how many objects were made. Raises Trouble."""
        furniture = Furniture(self._connection, self._clock)
        try:
            kept = recall_names(self._connection)
            furniture.rights()
            furniture.system()
            needed = needed_images(self._chosen)
            found = set(kept.get("checked", "").split())
            if missing := {i: labs for i, labs in needed.items() if named(i) not in found}:
                must_be_pulled(self._connection, missing, self._clock)
            # Only now: a wrong name of the images must not take a probe Pod away that works.
            furniture.probe()
            furniture.registry(self._chosen)
            checked = sorted(found | {named(image) for image in needed})
            new = keep_names(self._connection, " ".join(checked), os.environ)
        except API_ERRORS as error:
            raise unable(error, self._connection.context) from error
        return furniture.wrote + new

    def seat_all(
        self, pupils: Sequence[Pupil], tell: Callable[[Pupil, Made], None], at_once: int
    ) -> set[str]:
        """Every learner's place, side by side. Returns learners of other rosters that are there."""
        self._standing = look(self._connection)
        for_each(pupils, self._seat, tell, self._clock.halt, at_once)
        return self._standing.learners() - {pupil.id for pupil in pupils}

    def _seat(self, pupil: Pupil) -> Made:
        """Nothing that is wrong with one learner keeps the others waiting."""
        seat = Seat(self._connection, desk_of(pupil, self._chosen), self._clock)
        try:
            uid = seat.make(self._standing or look(self._connection))
            self._give(pupil)
            ends, files = self._hand_out(pupil, uid)
        except Trouble as trouble:
            return Made(seat.wrote, trouble=trouble)
        except API_ERRORS as error:
            return Made(seat.wrote, trouble=unable(error, pupil.id))
        return Made(seat.wrote + files, ends)

    def _give(self, pupil: Pupil) -> None:
        for lab in self._chosen:
            for part in parts_of(lab) if lab.given else ():
                if part != "team":
                    self._give_lab(lab, Workspace(lab.name, part, pupil.id))

    def _give_lab(self, lab: Lab, space: Workspace) -> None:
        """A registry to which a whole class comes at once may be late with an answer."""
        for left in reversed(range(GIVE_TRIES)):
            try:
                return give(space, self._connection, lab, self._clock)
            except Trouble:
                if not left:
                    raise
                self._clock.pause(GIVE_PAUSE)

    def _hand_out(self, pupil: Pupil, uid: str) -> tuple[datetime, int]:
        labs, folder = self._all_labs(pupil), self._out / pupil.id
        desk = desk_of(pupil, labs)
        key = self._key(desk, uid, read_file(folder / KEY) or "")
        return key.ends, put(handout(desk, labs, key), folder)

    def _key(self, desk: Desk, uid: str, old: str) -> Key:
        kept = key_in(old, self._connection, desk, uid, self._clock.wall())
        return kept or new_key(self._connection, desk, self._days)

    def _all_labs(self, pupil: Pupil) -> list[Lab]:
        """The labs of this run and those of earlier ones, for which the learner has places."""
        spaces = self._standing.spaces_of(pupil.id) if self._standing else ()
        names = {space.lesson for space in spaces} | {lab.name for lab in self._chosen}
        return [self._labs[name] for name in sorted(names & set(self._labs))]
