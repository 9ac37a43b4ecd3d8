"""The installed command on the live cluster, in a course that it laid out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.package.programs import Installed

LESSON = "00-start"
pytestmark = [pytest.mark.timeout(400), pytest.mark.usefixtures("up")]


@pytest.fixture(scope="module", autouse=True)
def lesson(installed: Installed, course: Path, up: None) -> Iterator[Future[CompletedProcess[str]]]:
    """A run of the lesson's notebook, which mostly waits: beside the tests before it is asked."""
    words = ("--nbval", f"{LESSON}.ipynb")
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(installed.run, "pytest", *words, cwd=course / "notebooks" / "en")


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


def test_a_lesson_runs_as_it_is_stored(lesson: Future[CompletedProcess[str]]) -> None:
    done = lesson.result()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "notebooks: 1, cells: " in done.stdout, "the gate of the notebooks was not there"
