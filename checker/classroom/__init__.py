"""A class: its roster, the workspaces of all its learners, and their results."""

from checker.classroom.create import Building, Made
from checker.classroom.names import recall_names, use_names
from checker.classroom.remove import Clearing, Gone
from checker.classroom.roster import read_roster
from checker.model import Pupil

__all__ = [
    "Building",
    "Clearing",
    "Gone",
    "Made",
    "Pupil",
    "read_roster",
    "recall_names",
    "use_names",
]
