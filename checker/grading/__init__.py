"""Runs a lab's checks against a workspace: time limits, verdicts, progressive tasks."""

from checker.grading.events import Event, OnEvent, TaskFinished, TaskStarted, Waiting

__all__ = ["Event", "OnEvent", "TaskFinished", "TaskStarted", "Waiting"]
