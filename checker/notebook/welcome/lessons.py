"""The course's lessons in order, and how far a learner has come in each. Reads files only.

The order, the minutes and the points are the catalogue's, the title is the first heading of the
notebook, and the standing is what checks have left in `.podlab/` and `work/`: all of it is there
without a cluster.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from checker.catalogue import Lab, lab_names, load_lab
from checker.cluster import Workspace, learner_name
from checker.grading import Progress, has_files
from checker.model import LabReport
from checker.paths import cluster_name, course_root
from checker.texts import Lang


@dataclass(frozen=True)
class Lesson:
    """One lesson in one language. `name` is 01-storage, its `number` 01."""

    name: str
    title: str
    lab: Lab

    @property
    def number(self) -> str:
        """The digits at the head of its name."""
        return self.name.partition("-")[0]

    @property
    def file(self) -> str:
        """Its notebook, seen from another one of the same language."""
        return f"{self.name}.ipynb"


class State(StrEnum):
    """How far a lesson is: nothing done, begun, judged at least once."""

    new = "new"
    started = "started"
    judged = "judged"


@dataclass(frozen=True)
class Standing:
    """How far a learner has come. `earned` counts all checks, `last` is the report of the last."""

    state: State
    earned: int = 0
    last: LabReport | None = None


def lessons(lang: Lang, root: Path | None = None) -> tuple[Lesson, ...]:
    """All lessons in the course's order. Raises CatalogueError."""
    root = root or course_root()
    found = []
    for name in lab_names(root):
        lab = load_lab(name, root)
        title = heading(root / "notebooks" / lang / f"{name}.ipynb") or lab.title.pick(lang)
        found.append(Lesson(name, title, lab))
    return tuple(found)


def heading(notebook: Path) -> str:
    """The first heading of a notebook; empty where it has none or cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    lines = (line for text in texts for line in text.splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def lab_of(lesson: Lesson) -> Workspace:
    """The workspace of this learner's lab."""
    return Workspace(lesson.name, "lab", learner_name())


def standing(lesson: Lesson) -> Standing:
    """How far this learner is in the lesson, now."""
    workspace = lab_of(lesson)
    progress = Progress.of(cluster_name(), workspace.namespace)
    if progress.last:
        return Standing(State.judged, progress.earned(lesson.lab), progress.last)
    return Standing(State.started if has_files(workspace.folder) else State.new)
