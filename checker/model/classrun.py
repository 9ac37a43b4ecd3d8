"""One grading of a class: who was graded in what, and what came of it. Data only.

A task of a lab may be left out of a run: its check acts and nobody asked for that, or it reads
files that were not brought. Then there is no verdict on it, neither failed nor unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

from checker.model.results import LabReport, TaskResult
from checker.model.verdict import Verdict
from checker.texts import Lang, Text

Pair = tuple[str, str]
"""A learner's id and a lab's name."""


@dataclass(frozen=True)
class Pupil:
    """One learner of a class. `id` is part of the names of his namespaces, `name` is for people."""

    id: str
    name: str
    lang: Lang


class Scope(StrEnum):
    """Whether a run judges a task: yes, or why not."""

    judged = "judged"
    acts = "acts"
    files = "files"


@dataclass(frozen=True)
class TaskPlan:
    """A task of a lab, and whether the run judges it."""

    id: str
    number: int
    title: Text
    points: int
    scope: Scope

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        title = {"zh": self.title.zh, "en": self.title.en}
        return vars(self) | {"title": title, "scope": self.scope.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TaskPlan:
        """Take back what `to_dict` gave."""
        return cls(
            data["id"],
            data["number"],
            Text(**data["title"]),
            data["points"],
            Scope(data["scope"]),
        )


@dataclass(frozen=True)
class LabPlan:
    """A lab with all its tasks, judged or not."""

    name: str
    title: Text
    tasks: tuple[TaskPlan, ...]

    @cached_property
    def judged(self) -> tuple[TaskPlan, ...]:
        """The tasks on which the run gives verdicts."""
        return tuple(task for task in self.tasks if task.scope is Scope.judged)

    @property
    def possible(self) -> int:
        """Points of the tasks that are judged."""
        return sum(task.points for task in self.judged)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        title = {"zh": self.title.zh, "en": self.title.en}
        return {"name": self.name, "title": title, "tasks": [t.to_dict() for t in self.tasks]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LabPlan:
        """Take back what `to_dict` gave."""
        tasks = tuple(TaskPlan.from_dict(each) for each in data["tasks"])
        return cls(data["name"], Text(**data["title"]), tasks)


@dataclass(frozen=True)
class RunHead:
    """What was to be done: the first line of a run's file.

    `cluster` is the context's name and `uid` what tells the cluster from others of that name,
    `server` the version of its API server, `files` the folder with the learners' own files, if they
    were brought. `behaviour`: acting checks were asked for.
    """

    started_at: datetime
    cluster: str
    uid: str
    server: str
    podlab: str
    behaviour: bool
    files: str
    pupils: tuple[Pupil, ...]
    labs: tuple[LabPlan, ...]

    def pairs(self) -> Iterator[Pair]:
        """All that is to be graded, lab by lab: an interruption then hits all learners alike."""
        return ((pupil.id, lab.name) for lab in self.labs if lab.judged for pupil in self.pupils)

    def same_task(self, other: RunHead) -> bool:
        """Whether `other` was to do the very same."""
        may_differ = {"started_at": None, "server": "", "cluster": ""}
        mine, others = (vars(head) | may_differ for head in (self, other))
        return mine == others

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return vars(self) | {
            "started_at": self.started_at.isoformat(),
            "pupils": [vars(pupil) for pupil in self.pupils],
            "labs": [lab.to_dict() for lab in self.labs],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RunHead:
        """Take back what `to_dict` gave."""
        return cls(
            started_at=datetime.fromisoformat(data["started_at"]),
            cluster=data["cluster"],
            uid=data["uid"],
            server=data["server"],
            podlab=data["podlab"],
            behaviour=data["behaviour"],
            files=data["files"],
            pupils=tuple(
                Pupil(each["id"], each["name"], cast(Lang, each["lang"])) for each in data["pupils"]
            ),
            labs=tuple(LabPlan.from_dict(each) for each in data["labs"]),
        )


@dataclass(frozen=True)
class ClassRun:
    """What came of it, as far as it has come. `reports` holds the last one of each pair.

    `torn` counts lines of the file that cannot be read: a run that was killed may leave half a one.
    """

    head: RunHead
    reports: Mapping[Pair, LabReport]
    torn: int = 0

    def result(self, pupil: str, lab: str, task: str) -> TaskResult | None:
        """The verdict on a task with all that belongs to it; None where there is none."""
        report = self.reports.get((pupil, lab))
        return next((r for r in report.results if r.task == task), None) if report else None

    def missing(self) -> tuple[Pair, ...]:
        """What was not graded."""
        return tuple(pair for pair in self.head.pairs() if pair not in self.reports)

    def unknown(self) -> tuple[Pair, ...]:
        """What was graded with something left that could not be checked."""
        return tuple(
            pair
            for pair in self.head.pairs()
            if pair in self.reports
            and any(r.verdict is Verdict.unknown for r in self.reports[pair].results)
        )
