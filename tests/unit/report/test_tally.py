from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from toyclass import class_run, earlier, head, labs, report

from checker.model import ClassRun, LabReport, Scope, Verdict
from checker.report.tally import Cell, Change, Score, cell, changes, score, tally
from checker.texts import Text

P, F, U = Verdict.passed, Verdict.failed, Verdict.unknown
J, A = Scope.judged, Scope.acts
ANN = "ann-0"


def run_of(*verdicts: Sequence[Verdict] | None, scopes: Sequence[Scope] = (J, J)) -> ClassRun:
    """One lab; each learner's verdicts on the judged tasks, None for one who was not graded."""
    plan = labs(1, scopes)[0]
    whole = head(len(verdicts), (plan,))
    reports = {
        (pupil.id, plan.name): report(pupil.id, plan, given)
        for pupil, given in zip(whole.pupils, verdicts, strict=True)
        if given is not None
    }
    return ClassRun(whole, reports)


def cells(run: ClassRun) -> list[list[Cell]]:
    lab = run.head.labs[0]
    return [[cell(run, pupil, lab, task) for task in lab.tasks] for pupil in run.head.pupils]


def test_each_cell_says_one_of_five_things() -> None:
    run = run_of((P, F), (U, P), None, scopes=(J, A, J))
    assert cells(run) == [
        [Cell.passed, Cell.left_out, Cell.failed],
        [Cell.unknown, Cell.left_out, Cell.passed],
        [Cell.missing, Cell.left_out, Cell.missing],
    ]


def test_tasks_are_counted_by_cell() -> None:
    run = run_of((P, F), (P, U), (F, U), None)
    first, second = tally(run, run.head.labs[0])
    assert [first.counts[kind] for kind in Cell] == [2, 1, 0, 0, 1]
    assert [second.counts[kind] for kind in Cell] == [0, 1, 2, 0, 1]


def test_score_counts_judged_points_and_tells_what_is_open() -> None:
    run = run_of((P, F), (P, U), None, (P, P))
    lab = run.head.labs
    found = [score(run, pupil, lab) for pupil in run.head.pupils]
    assert found == [Score(20, 40), Score(20, 40, 20), Score(0, 40, 0, 40), Score(40, 40)]
    assert [each.final for each in found] == [True, False, False, True]


def test_points_of_tasks_that_are_left_out_are_not_possible() -> None:
    run = run_of((P,), scopes=(A, J, A))
    assert score(run, run.head.pupils[0], run.head.labs) == Score(20, 20)
    none = run_of(None, scopes=(A, A))
    assert not score(none, none.head.pupils[0], none.head.labs).final


def test_scores_of_labs_add_up() -> None:
    assert Score(1, 2, 3, 4) + Score(10, 20, 30, 40) == Score(11, 22, 33, 44)


def with_message(run: ClassRun, pupil: str, message_id: str, text: str = "m") -> ClassRun:
    key = (pupil, "01-toy")
    old: LabReport = run.reports[key]
    first = dataclasses.replace(old.results[0], message_id=message_id, message=Text.same(text))
    new = dataclasses.replace(old, results=(first, *old.results[1:]))
    return ClassRun(run.head, {**run.reports, key: new})


def test_most_common_message_of_the_failed_comes_first_and_doubts_last() -> None:
    run = run_of(*[(F, P)] * 3, *[(U, P)] * 4)
    run = with_message(run, "ann-0", "rare")
    problems = tally(run, run.head.labs[0])[0].problems
    assert [(p.verdict, len(p.pupils)) for p in problems] == [(F, 2), (F, 1), (U, 4)]
    assert problems[1].message_id == "rare"
    assert problems[1].example.message == Text.same("m")
    assert [pupil.id for pupil in problems[1].pupils] == ["ann-0"]


def test_doubts_of_different_reasons_are_told_apart_whoever_has_them() -> None:
    run = run_of(*[(U, P)] * 3)
    for pupil in ("ann-0", "ann-1"):
        run = with_message(run, pupil, "not-observed", f"no namespace lab-01-toy-{pupil}")
    run = with_message(run, "ann-2", "not-observed", "too busy")
    problems = tally(run, run.head.labs[0])[0].problems
    assert [len(problem.pupils) for problem in problems] == [2, 1]


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        (F, P, Change.better),
        (P, F, Change.worse),
        (P, P, None),
        (F, F, None),
        (U, P, None),
        (P, U, None),
        (U, F, None),
        (None, F, None),
    ],
)
def test_change_is_what_passes_now_or_passes_no_more(
    then: Verdict | None, now: Verdict, change: Change | None
) -> None:
    before = run_of(None if then is None else (then, P))
    found = changes(run_of((now, P)), before)
    assert found.get((ANN, "01-toy", "task-1")) is change
    assert len(found) == (change is not None)


def test_without_an_earlier_run_nothing_has_changed() -> None:
    assert changes(class_run(), None) == {}


def test_task_that_the_earlier_run_left_out_has_not_changed() -> None:
    before = run_of((F,), scopes=(J, A))
    assert changes(run_of((P, P)), before) == {(ANN, "01-toy", "task-1"): Change.better}


def test_toy_runs_hold_something_of_everything() -> None:
    run = class_run(40, 2)
    seen = {each.verdict for report in run.reports.values() for each in report.results}
    assert seen == set(Verdict)
    assert set(changes(run, earlier(run)).values()) == set(Change)
