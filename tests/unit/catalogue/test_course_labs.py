"""The labs of the course itself: whole, with enough cases, and no message misused."""

from __future__ import annotations

import pytest
from test_common_messages import OBSERVE, used

from checker.authoring.leaks import solution_lines
from checker.authoring.source import read_source
from checker.catalogue import Lab, cases, lab_names, load_lab
from checker.catalogue.source import message_faults
from checker.paths import course_root

# The first lab is a welcome; every other one owes its learners more.
VARIANTS = {"00-start": 1}
NEAR_MISSES = {"00-start": 3}


@pytest.fixture(params=lab_names())
def lab(request: pytest.FixtureRequest) -> Lab:
    return load_lab(request.param)


def test_list_of_labs_is_not_empty() -> None:
    assert "00-start" in lab_names()


def test_checks_use_the_messages_their_tasks_have_and_all_of_them(lab: Lab) -> None:
    vocabulary = set().union(*(used(file.read_text()) for file in OBSERVE.glob("*.py")))
    assert message_faults(lab, vocabulary) == []


def test_lab_has_enough_right_and_wrong_answers(lab: Lab) -> None:
    kinds = [case.kind for case in cases(lab)]
    assert kinds.count("variant") >= VARIANTS.get(lab.name, 3)
    assert kinds.count("near-miss") >= NEAR_MISSES.get(lab.name, 8)


def test_every_task_has_three_hints_and_a_near_miss(lab: Lab) -> None:
    missed = {case.aim for case in cases(lab) if case.kind == "near-miss"}
    assert {task.id for task in lab.tasks} == missed
    assert {len(task.hints) for task in lab.tasks} == {3}


def test_no_hint_holds_a_line_of_the_solution() -> None:
    """Cards carry the hints, and notebooks are stored with their cards."""
    sources = course_root() / "notebooks" / "source"
    secret = {
        name: solution_lines(read_source(sources / f"{name}.py"), course_root())
        for name in lab_names()
    }
    assert any(secret.values())
    hints = [
        (name, words)
        for name in lab_names()
        for task in load_lab(name).tasks
        for hint in task.hints
        for words in (hint.zh, hint.en)
    ]
    assert [(name, line) for name, words in hints for line in secret[name] if line in words] == []
