"""Lab, Task and Check: what a lesson asks and who judges it. Data; the loader reads files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.catalogue.errors import UnknownName
from checker.texts import Text

# A Bench is built one room above this one, so a check's argument has no type here.
CheckFunction = Callable[[Any], Any]


@dataclass(frozen=True)
class Check:
    """The function that judges one task."""

    task: str
    function: CheckFunction

    def __call__(self, bench: Any) -> Any:
        """Judge the workspace behind `bench`."""
        return self.function(bench)


def check(task: str) -> Callable[[CheckFunction], Check]:
    """Mark a function of checks.py as the judge of the task with this id."""
    return lambda function: Check(task, function)


@dataclass(frozen=True)
class Given:
    """The function that brings to a workspace what a lesson gives beside files."""

    function: CheckFunction

    def __call__(self, bench: Any) -> Any:
        """Bring it to the workspace behind `bench`; again is no error."""
        return self.function(bench)


def given(function: CheckFunction) -> Given:
    """Mark a function of checks.py that prepares each workspace of its lesson, demo and lab.

    It runs before files are applied, and must bear to be run twice: a user of a registry, say,
    whose password stands in no file.
    """
    return Given(function)


@dataclass(frozen=True)
class Task:
    """One task. `deadline` is in seconds; `messages` holds the common ones and its own.

    `parallel`: may be judged beside others so marked. `exclusive`: its cases want a quiet machine.
    `looks_only`: judged without touching anything. `reads_files`: judges the learner's own files.
    `imposed_wait`: seconds that Kubernetes itself lets the solution wait.
    A message of its own with a common id is its own wording of it.
    """

    id: str
    number: int
    title: Text
    text: Text
    points: int
    needs: tuple[str, ...]
    deadline: int
    hints: tuple[Text, ...]
    messages: Mapping[str, Text]
    own_messages: frozenset[str] = field(default=frozenset())
    parallel: bool = False
    looks_only: bool = False
    reads_files: bool = False
    exclusive: bool = False
    imposed_wait: float = 0.0


class UnknownTask(UnknownName):
    """A task id or number that the lab does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(Text("任务", "task"), name, known)


@dataclass(frozen=True)
class Lab:
    """One lesson's lab. `checks` has exactly one entry for each task.

    `minutes` is what the whole lesson takes, its lab among it. `given` prepares a workspace, in a
    lesson that gives more than files.
    """

    name: str
    folder: Path
    title: Text
    minutes: int
    tasks: tuple[Task, ...]
    checks: Mapping[str, Check]
    given: Given | None = None

    @property
    def points(self) -> int:
        """The points of all tasks."""
        return sum(task.points for task in self.tasks)

    def task(self, name: str | int) -> Task:
        """The task with this id or number (from 1). Raises UnknownTask."""
        for task in self.tasks:
            if str(name) in (task.id, str(task.number)):
                return task
        raise UnknownTask(str(name), (task.id for task in self.tasks))

    def with_needs(self, names: Iterable[str | int]) -> tuple[Task, ...]:
        """These tasks and all that they need, in the lab's order."""
        wanted: set[str] = set()
        open_ = [self.task(name).id for name in names]
        while open_:
            task = self.task(open_.pop())
            if task.id not in wanted:
                wanted.add(task.id)
                open_.extend(task.needs)
        return tuple(task for task in self.tasks if task.id in wanted)
