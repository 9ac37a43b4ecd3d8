from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest

from checker.model import (
    ClassRun,
    LabPlan,
    LabReport,
    Pupil,
    RunHead,
    Scope,
    TaskPlan,
    TaskResult,
    Verdict,
)
from checker.texts import Text

START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
TITLE = Text("有应答", "It answers")
TASKS = tuple(
    TaskPlan(name, number, TITLE, 10, scope)
    for number, (name, scope) in enumerate(
        [("ping", Scope.judged), ("keep", Scope.acts), ("query", Scope.files)], start=1
    )
)
LAB = LabPlan("01-toy", TITLE, TASKS)
NOTHING = LabPlan("02-toy", TITLE, TASKS[1:])
HEAD = RunHead(
    started_at=START,
    cluster="kind-podlab",
    uid="uid-1",
    server="v1.37.2",
    podlab="0.1.0",
    behaviour=False,
    files="/brought",
    pupils=(Pupil("ann", "Ann", "en"), Pupil("bo", "王", "zh")),
    labs=(LAB, NOTHING),
)


def report(verdict: Verdict) -> LabReport:
    result = TaskResult("ping", 1, TITLE, verdict, "m", TITLE, (), 10, 1.0, START)
    return LabReport("01-toy", TITLE, "lab-01-toy-ann", (result,), START, 1.0)


def test_head_read_back_from_json_is_the_same() -> None:
    assert RunHead.from_dict(json.loads(json.dumps(HEAD.to_dict()))) == HEAD


def test_points_and_pairs_are_those_of_what_is_judged() -> None:
    assert [task.id for task in LAB.judged] == ["ping"]
    assert (LAB.possible, NOTHING.possible) == (10, 0)
    assert list(HEAD.pairs()) == [("ann", "01-toy"), ("bo", "01-toy")]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"started_at": START + timedelta(hours=1)}, True),
        ({"server": "v1.38.0"}, True),
        ({"behaviour": True}, False),
        ({"cluster": "workshop"}, True),
        ({"uid": "uid-2"}, False),
        ({"pupils": HEAD.pupils[:1]}, False),
        ({"labs": (LAB,)}, False),
        ({"files": ""}, False),
        ({"podlab": "0.2.0"}, False),
    ],
)
def test_two_runs_are_of_one_task_whenever_they_began(
    changes: dict[str, object], same: bool
) -> None:
    other = dataclasses.replace(HEAD, **changes)  # type: ignore[arg-type]
    assert HEAD.same_task(other) is same


def test_run_tells_what_is_missing_and_what_is_in_doubt() -> None:
    ann, bo = HEAD.pairs()
    assert ClassRun(HEAD, {}).missing() == (ann, bo)
    run = ClassRun(HEAD, {ann: report(Verdict.unknown)})
    assert (run.missing(), run.unknown()) == ((bo,), (ann,))
    run = ClassRun(HEAD, {ann: report(Verdict.passed), bo: report(Verdict.failed)})
    assert (run.missing(), run.unknown()) == ((), ())


def test_verdict_is_found_by_learner_lab_and_task() -> None:
    run = ClassRun(HEAD, {("ann", "01-toy"): report(Verdict.passed)})
    found = run.result("ann", "01-toy", "ping")
    assert found
    assert found.verdict is Verdict.passed
    assert run.result("ann", "01-toy", "keep") is None
    assert run.result("bo", "01-toy", "ping") is None
