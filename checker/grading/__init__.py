"""Runs a lab's checks against a workspace: time limits, verdicts, progressive tasks."""

from checker.grading.events import Event, OnEvent, TaskFinished, TaskStarted, Waiting
from checker.grading.files import has_files
from checker.grading.live import Placed, give, grade, put_case, reopen
from checker.grading.outside import Outside
from checker.grading.progress import Hint, Progress

__all__ = [
    "Event",
    "Hint",
    "OnEvent",
    "Outside",
    "Placed",
    "Progress",
    "TaskFinished",
    "TaskStarted",
    "Waiting",
    "give",
    "grade",
    "has_files",
    "put_case",
    "reopen",
]
