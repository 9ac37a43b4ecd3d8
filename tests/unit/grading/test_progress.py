from __future__ import annotations

from pathlib import Path

import pytest

from checker.catalogue import Lab, read_lab
from checker.grading.progress import Progress


@pytest.fixture
def lab(lab_folder: Path) -> Lab:
    return read_lab(lab_folder)


@pytest.fixture(autouse=True)
def _state(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODLAB_COURSE", str(course))


def progress(namespace: str = "lab-01-toy") -> Progress:
    return Progress.of("podlab", namespace)


def test_hints_go_on_where_the_last_call_ended(lab: Lab) -> None:
    assert progress().next_hint(lab, "ping").number == 1
    assert progress().next_hint(lab, 1).number == 2


def test_each_task_and_each_workspace_counts_its_own_hints(lab: Lab) -> None:
    progress().next_hint(lab, "ping")
    assert progress().next_hint(lab, "keep").number == 1
    assert progress("lab-01-toy-ann").next_hint(lab, "ping").number == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"passed": 1, "hints": 2}', "\ud800"])
def test_file_that_cannot_be_read_costs_nothing_but_a_hint_seen_twice(lab: Lab, text: str) -> None:
    progress().next_hint(lab, "ping")
    file = progress().file
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert progress().next_hint(lab, "ping").number == 1


def test_forgetting_what_was_never_noted_is_no_error() -> None:
    progress().forget()
