"""The installed command on the live cluster, in a course that it laid out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.version import FILE
from tests.package.programs import Installed

LESSON = "00-start"
pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("up")]


def verdicts(installed: Installed, course: Path, code: int) -> tuple[int, set[str]]:
    """The points that the lab has earned, and what became of its tasks."""
    done = installed.podlab("check", LESSON, "--json", cwd=course / "notebooks" / "zh")
    assert done.returncode == code, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report["earned"], {result["verdict"] for result in report["results"]}


def test_the_starter_earns_nothing_and_the_solution_all(installed: Installed, course: Path) -> None:
    started = installed.podlab("start", LESSON, cwd=course)
    assert started.returncode == 0, started.stderr
    assert verdicts(installed, course, 1) == (0, {"failed"})
    solved = installed.podlab("solve", LESSON, "--yes", cwd=course)
    assert solved.returncode == 0, solved.stderr
    earned, found = verdicts(installed, course, 0)
    assert found == {"passed"}
    assert earned > 0


def test_a_lesson_runs_as_it_is_stored(installed: Installed, course: Path) -> None:
    folder = course / "notebooks" / "en"
    done = installed.run("pytest", "--nbval", f"{LESSON}.ipynb", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "notebooks: 1, cells: " in done.stdout


def test_a_course_of_another_podlab_is_told(installed: Installed, course: Path) -> None:
    version = (course / FILE).read_text()
    (course / FILE).write_text("0.0.1\n")
    try:
        done = installed.podlab("up", cwd=course)
    finally:
        (course / FILE).write_text(version)
    assert done.returncode == 0, done.stderr
    assert "was laid out by podlab 0.0.1" in done.stderr
