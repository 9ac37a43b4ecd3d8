from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.catalogue import lab_names, load_lab, read_lab
from checker.classroom.scope import plan
from checker.model import Scope

J, A, F = Scope.judged, Scope.acts, Scope.files


def scopes(folder: Path, *, behaviour: bool, files: bool) -> list[Scope]:
    lab = read_lab(folder)
    return [task.scope for task in plan([lab], behaviour=behaviour, files=files)[0].tasks]


@pytest.mark.parametrize(
    ("marks", "behaviour", "files", "wanted"),
    [
        ("", False, False, [A, A, A]),
        ("", True, False, [J, J, J]),
        ("looks_only: true", False, False, [J, A, A]),
        ("looks_only: true", True, False, [J, J, J]),
        ("reads_files: true", True, False, [F, F, J]),
        ("reads_files: true", True, True, [J, J, J]),
        ("reads_files: true", False, True, [A, A, A]),
        ("reads_files: true\n    looks_only: true", False, False, [F, A, A]),
        ("reads_files: true\n    looks_only: true", False, True, [J, A, A]),
    ],
)
def test_task_is_judged_only_where_it_can_be_and_what_builds_on_it_likewise(
    lab_folder: Path,
    edit: Callable[[str, str, str], None],
    marks: str,
    behaviour: bool,
    files: bool,
    wanted: list[Scope],
) -> None:
    """Tasks: ping with these marks; keep, which needs it; apart."""
    edit("lab.yaml", "points: 20\n", f"points: 20\n    {marks}\n" if marks else "points: 20\n")
    assert scopes(lab_folder, behaviour=behaviour, files=files) == wanted


def test_plan_carries_titles_numbers_and_points(lab_folder: Path) -> None:
    lab = read_lab(lab_folder)
    made = plan([lab], behaviour=True, files=True)[0]
    assert (made.name, made.title, made.possible) == ("01-toy", lab.title, 100)
    assert [(t.number, t.id, t.title, t.points) for t in made.tasks] == [
        (t.number, t.id, t.title, t.points) for t in lab.tasks
    ]


def test_the_course_says_of_each_lab_what_can_be_judged_by_looking() -> None:
    """As the labs' authors mean it; a lab that is not here has no such task."""
    found = {
        lab.name: [task.id for task in lab.tasks if task.looks_only]
        for lab in map(load_lab, lab_names())
    }
    assert {name: tasks for name, tasks in found.items() if tasks} == {
        "00-start": ["answer", "fix"],
        "01-storage": ["ping"],
        "02-secrets": ["bytes", "immutable"],
        "03-registry": ["secret", "repair"],
        "04-sidecar": ["job"],
        "05-resources": ["qos"],
    }


def test_files_of_a_learner_are_read_only_where_the_lab_says_so() -> None:
    """A class is graded without those files, so a check may not read them unannounced."""
    for lab in map(load_lab, lab_names()):
        sources = "".join(file.read_text("utf-8") for file in lab.folder.glob("*.py"))
        reads = any(task.reads_files for task in lab.tasks)
        assert ("own_text" in sources) == reads, lab.name
        assert "workspace.folder" not in sources, lab.name
