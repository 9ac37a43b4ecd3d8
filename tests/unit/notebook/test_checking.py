"""check() shows a card in place of its waiting, and raises only where a test run asks for it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.catalogue.errors import UnknownName
from checker.grading import Placed, Progress, TaskFinished, TaskStarted, Waiting
from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.notebook import checking
from checker.notebook.checking import Card, check, for_cells, hint, hold_to_expectation
from checker.notebook.plain import ExpectationError, PlainError
from checker.texts import Text

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def result(task: str, verdict: Verdict) -> TaskResult:
    message = Text("消息", f"message of {task}")
    return TaskResult(task, 1, Text("题", task), verdict, "id", message, (), 10, 1.0, NOW)


def report(**verdicts: Verdict) -> LabReport:
    results = tuple(result(task, verdict) for task, verdict in verdicts.items())
    return LabReport("01-toy", Text("玩具", "toy"), "lab-01-toy", results, NOW, 1.0)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("kubectl get pods", "%shell --lab kubectl get pods"),
        ("kubectl get pods\nkubectl top", "%%shell --lab\nkubectl get pods\nkubectl top"),
        ("podlab doctor", "podlab doctor"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_card_shows_commands_as_they_are_written_in_a_cell(command: str, shown: str) -> None:
    evidence = (Evidence(Text("有", "there"), "not there", command),)
    given = report(ping=Verdict.failed)
    given = replace(given, results=(replace(given.results[0], evidence=evidence),))
    assert for_cells(given).results[0].evidence[0].command == shown
    card = Card(given, "en")._repr_mimebundle_()
    assert shown.splitlines() == [] or shown.splitlines()[-1] in card["text/plain"]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], bool]]:
    """Every bundle that was published, and whether it took the place of the one before."""
    published: list[tuple[dict[str, str], bool]] = []

    def publish(data, transient=None, update=False):
        published.append((data, update))

    monkeypatch.setattr("checker.notebook.live.publish_display_data", publish)
    return published


@pytest.fixture
def lab(root: Path, course: Path) -> str:
    shutil.copytree(course / "labs", root / "labs")
    return "01-toy"


def grading(given: LabReport):
    """A stand-in for grading: tells what it does, and gives this report."""

    def grade(lab, workspace, tasks, on_event) -> LabReport:
        assert tasks is None or all(lab.task(task) for task in tasks)
        on_event(TaskStarted("ping", 1, 2, Text("有应答", "It answers"), 60))
        on_event(Waiting("ping", Text("等待", "waiting for \x1b[31mPod a")))
        on_event(TaskFinished(given.results[0]))
        return given

    return grade


def test_the_card_takes_the_place_of_the_waiting(lab, shown) -> None:
    check(lab, grade=grading(report(ping=Verdict.failed)))
    assert [update for _, update in shown] == [False] + [True] * (len(shown) - 1)
    assert "Checking 01-toy" in shown[0][0]["text/plain"]
    assert "0 of 3 tasks" in shown[0][0]["text/html"]
    assert "message of ping" in shown[-1][0]["text/plain"]
    assert "message of ping" in shown[-1][0]["text/html"]


def test_one_task_is_counted_with_what_it_needs(lab, shown) -> None:
    check(lab, "keep", grade=grading(report(ping=Verdict.failed)))
    assert "0 of 2 tasks" in shown[0][0]["text/plain"]


def test_all_is_chinese_in_the_chinese_notebook(lab, shown, chinese) -> None:
    check(lab, grade=grading(report(ping=Verdict.failed)))
    assert "正在检查 01-toy" in shown[0][0]["text/plain"]
    assert "消息" in shown[-1][0]["text/plain"]


def test_the_report_is_kept_for_those_who_look_later(lab, shown) -> None:
    check(lab, grade=grading(report(ping=Verdict.failed)))
    assert Progress.of("podlab", "lab-01-toy").last == report(ping=Verdict.failed)


def test_the_card_of_a_task_that_did_not_pass_carries_its_hints(lab, shown) -> None:
    check(lab, grade=grading(report(ping=Verdict.failed, keep=Verdict.passed)))
    html = shown[-1][0]["text/html"]
    assert "Hint 3 of 3" in html
    assert "A Service finds its Pods by label." in html
    assert "See where the data is written." not in html
    assert "Hint" not in shown[-1][0]["text/plain"]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_without_an_expectation_no_verdict_raises(lab, shown, verdict) -> None:
    assert check(lab, grade=grading(report(ping=verdict))).report.verdict is verdict


def test_a_broken_cluster_gives_a_card_and_no_error(lab, shown) -> None:
    """Nothing stands where the kubeconfig should be: grading itself has to bear it."""
    card = check(lab)
    assert card.report.verdict is Verdict.unknown
    assert len(card.report.results) == 3


def test_a_task_there_is_not_is_named_with_those_there_are(lab, shown) -> None:
    with pytest.raises(UnknownName) as caught:
        check(lab, 9, grade=grading(report(ping=Verdict.passed)))
    assert "ping, keep, apart" in caught.value.todo.en


def test_an_error_leaves_no_waiting_behind(lab, shown) -> None:
    def grade(lab, workspace, tasks, on_event):
        on_event(TaskStarted("ping", 1, 2, Text("有应答", "It answers"), 60))
        raise KeyboardInterrupt

    with pytest.raises(PlainError, match="interrupted the check"):
        check(lab, grade=grade)
    assert shown[-1] == ({"text/plain": ""}, True)


@pytest.mark.parametrize(
    ("expectation", "verdicts"),
    [
        ("unsolved", {"a": Verdict.passed, "b": Verdict.failed}),
        ("unsolved", {"a": Verdict.failed, "b": Verdict.unknown}),
        ("unsolved", {}),
        ("solved", {"a": Verdict.passed, "b": Verdict.failed}),
        ("solved", {"a": Verdict.passed, "b": Verdict.unknown}),
        ("solved", {}),
        ("sloved", {"a": Verdict.passed}),
    ],
)
def test_what_a_test_run_does_not_expect_raises(expectation: str, verdicts) -> None:
    with pytest.raises(ExpectationError):
        hold_to_expectation(report(**verdicts), expectation)


@pytest.mark.parametrize(
    ("expectation", "verdicts"),
    [
        ("unsolved", {"a": Verdict.failed, "b": Verdict.failed}),
        ("solved", {"a": Verdict.passed, "b": Verdict.passed}),
        ("", {"a": Verdict.passed, "b": Verdict.unknown}),
        ("", {}),
    ],
)
def test_what_a_test_run_expects_raises_nothing(expectation: str, verdicts) -> None:
    hold_to_expectation(report(**verdicts), expectation)


def test_the_environment_says_what_is_expected(lab, shown, monkeypatch) -> None:
    monkeypatch.setenv("PODLAB_EXPECT", "unsolved")
    with pytest.raises(ExpectationError, match="ping: passed"):
        check(lab, grade=grading(report(ping=Verdict.passed)))
    assert "message of ping" in shown[-1][0]["text/html"]


def test_hints_come_one_after_the_other(lab) -> None:
    given = [hint(lab, 1).en for _ in range(3)]
    assert given[0] == 'Task 1, "It answers", hint 1 of 3: Who answers'
    assert "hint 2 of 3: Look at the labels." in given[1]
    assert "hint 3 of 3" in given[2]


def test_a_hint_without_a_number_is_for_the_first_task_that_has_not_passed(lab, shown) -> None:
    check(lab, grade=grading(report(ping=Verdict.passed, keep=Verdict.failed)))
    assert hint(lab).en.startswith("Task 2,")


def test_reset_begins_anew_and_says_where_the_copy_is(lab, shown, monkeypatch, tmp_path) -> None:
    put = []

    def put_case(case, workspace, anew):
        put.append((case.kind, workspace.part, anew))
        return Placed(tmp_path / "backups", "")

    monkeypatch.setattr(checking, "put_case", put_case)
    checking.reset(lab)
    assert put == [("starter", "lab", True)]
    assert str(tmp_path / "backups") in shown[-1][0]["text/plain"]
