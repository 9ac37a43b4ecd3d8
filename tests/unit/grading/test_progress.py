from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.catalogue import Lab, read_lab
from checker.environment.engine import Engine
from checker.environment.kind import KindCluster
from checker.grading.progress import Progress
from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.texts import Text

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def lab(lab_folder: Path) -> Lab:
    return read_lab(lab_folder)


@pytest.fixture(autouse=True)
def _state(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODLAB_COURSE", str(course))


def progress(namespace: str = "lab-01-toy") -> Progress:
    return Progress.of("podlab", namespace)


def report(**verdicts: Verdict) -> LabReport:
    found = (Evidence(Text("有", "there"), "half a pair: \ud800", "kubectl get pods"),)
    message = Text("消息", "message")
    results = tuple(
        TaskResult(task, 1, Text("题", task), verdict, "id", message, found, 20, 1.0, NOW)
        for task, verdict in verdicts.items()
    )
    return LabReport("01-toy", Text("玩具", "toy"), "lab-01-toy", results, NOW, 1.0)


def test_the_last_report_is_read_back_as_it_was() -> None:
    assert progress().last is None
    progress().note(report(ping=Verdict.passed))
    last = report(ping=Verdict.passed, keep=Verdict.failed)
    progress().note(last)
    assert progress().last == last


def test_a_hint_leaves_the_last_report_alone(lab: Lab) -> None:
    progress().note(report(ping=Verdict.failed))
    progress().next_hint(lab, "ping")
    assert progress().last == report(ping=Verdict.failed)


def test_the_score_is_of_all_checks_and_not_of_the_last_alone(lab: Lab) -> None:
    assert progress().earned(lab) == 0
    progress().note(report(ping=Verdict.passed, keep=Verdict.failed))
    progress().note(report(apart=Verdict.passed))
    assert progress().earned(lab) == 20 + 50


@pytest.mark.parametrize(("verdict", "earned"), [(Verdict.failed, 0), (Verdict.unknown, 20)])
def test_a_task_that_fails_later_costs_its_points_and_one_not_looked_at_does_not(
    lab: Lab, verdict: Verdict, earned: int
) -> None:
    progress().note(report(ping=Verdict.passed))
    progress().note(report(ping=verdict))
    assert progress().earned(lab) == earned


def test_it_outlives_the_cluster_and_ends_with_a_new_beginning(lab: Lab) -> None:
    progress().note(report(ping=Verdict.passed))
    KindCluster("podlab", Engine("podman")).forget()
    assert progress().earned(lab) == 20
    progress().forget()
    assert (progress().earned(lab), progress().last) == (0, None)


def test_hints_go_on_where_the_last_call_ended(lab: Lab) -> None:
    assert progress().next_hint(lab, "ping").number == 1
    assert progress().next_hint(lab, 1).number == 2


def test_each_task_and_each_workspace_counts_its_own_hints(lab: Lab) -> None:
    progress().next_hint(lab, "ping")
    assert progress().next_hint(lab, "keep").number == 1
    assert progress("lab-01-toy-ann").next_hint(lab, "ping").number == 1


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "\ud800", '{"passed": 1, "hints": 2, "last": null}'),
        '{"passed": [], "hints": {}, "last": {"lab": "01-toy"}}',
    ],
)
def test_file_that_cannot_be_read_costs_nothing_but_a_hint_seen_twice(lab: Lab, text: str) -> None:
    progress().next_hint(lab, "ping")
    file = progress().file
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert progress().next_hint(lab, "ping").number == 1


def test_forgetting_what_was_never_noted_is_no_error() -> None:
    progress().forget()
