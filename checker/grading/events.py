"""What grading tells while it works, for a terminal or a card to show. Data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checker.model import TaskResult
from checker.texts import Text


@dataclass(frozen=True)
class TaskStarted:
    """A task's check begins. `number` is its place in the lab, `deadline` its seconds.

    `of` is how many tasks this run judges: some runs leave tasks out.
    """

    task: str
    number: int
    of: int
    title: Text
    deadline: float


@dataclass(frozen=True)
class Waiting:
    """The check of `task` waits for something, or tells what it does now."""

    task: str
    what: Text


@dataclass(frozen=True)
class TaskFinished:
    """A task has its verdict."""

    result: TaskResult


Event = TaskStarted | Waiting | TaskFinished
OnEvent = Callable[[Event], None]


def ignore(event: Event) -> None:
    """For those who only want the report."""
