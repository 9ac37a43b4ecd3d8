"""A class: its roster, the workspaces of all its learners, and their results."""

from checker.classroom.roster import Pupil, read_roster

__all__ = ["Pupil", "read_roster"]
