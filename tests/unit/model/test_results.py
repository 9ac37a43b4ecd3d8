from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.texts import Text

START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def result(verdict: Verdict, points: int = 10) -> TaskResult:
    evidence = Evidence(Text("应答", "an answer"), "<silence>", "kubectl get pods")
    return TaskResult(
        task="ping",
        number=1,
        title=Text("有应答", "It answers"),
        verdict=verdict,
        message_id="silent",
        message=Text("没有应答。", "No answer."),
        evidence=(evidence,),
        points=points,
        seconds=1.5,
        started_at=START,
    )


def report(*results: TaskResult) -> LabReport:
    return LabReport("01-toy", Text("玩具", "Toy"), "lab-01-toy", results, START, 3.0)


def test_report_read_back_from_json_equals_the_first() -> None:
    first = report(result(Verdict.passed), result(Verdict.failed), result(Verdict.unknown))
    assert LabReport.from_dict(json.loads(json.dumps(first.to_dict()))) == first


def test_only_passed_tasks_earn_their_points() -> None:
    mixed = report(
        result(Verdict.passed, 20), result(Verdict.failed, 30), result(Verdict.unknown, 50)
    )
    assert (mixed.earned, mixed.possible, mixed.undecided) == (20, 100, 50)


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ((), Verdict.unknown),
        ((Verdict.passed, Verdict.passed), Verdict.passed),
        ((Verdict.passed, Verdict.unknown), Verdict.unknown),
        ((Verdict.passed, Verdict.failed), Verdict.failed),
        ((Verdict.unknown, Verdict.failed), Verdict.failed),
    ],
)
def test_report_passes_only_when_something_was_judged_and_all_of_it_passed(
    verdicts: tuple[Verdict, ...], whole: Verdict
) -> None:
    assert report(*map(result, verdicts)).verdict is whole


def test_dict_holds_the_sums_for_readers_who_cannot_work_them_out() -> None:
    data = report(result(Verdict.passed, 20), result(Verdict.failed, 30)).to_dict()
    assert (data["earned"], data["possible"], data["verdict"]) == (20, 50, "failed")
    assert [each["earned"] for each in data["results"]] == [20, 0]


def test_reading_a_verdict_nobody_knows_is_refused() -> None:
    data = report(result(Verdict.passed)).to_dict()
    data["results"][0]["verdict"] = "maybe"
    with pytest.raises(ValueError, match="maybe"):
        LabReport.from_dict(data)
