from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import typer
from typer.testing import CliRunner, Result

from checker.catalogue import Case, Lab, UnknownLab, UnknownTask
from checker.cli import asking, labs
from checker.cluster import Busy, ClusterError, Workspace
from checker.grading import Placed, Progress
from checker.grading.files import lay_out
from checker.model import LabReport, TaskResult, Verdict
from checker.texts import Text
from checker.trouble import NOT_CHECKED, USAGE, Trouble

START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
Podlab = Callable[..., Result]


class Cluster:
    """Stands for the cluster: gives the verdicts it is told, keeps what was put on it."""

    def __init__(self) -> None:
        self.verdicts: dict[str, Verdict] = {}
        self.asked: list[object] = []
        self.put: list[tuple[str, bool]] = []
        self.trouble: Exception | None = None

    def grade(self, lab: Lab, workspace: Workspace, tasks: Any, on_event: Any) -> LabReport:
        self.asked.append(tasks)
        chosen = lab.tasks if tasks is None else lab.with_needs(tasks)
        results = tuple(
            TaskResult(
                task=task.id,
                number=task.number,
                title=task.title,
                verdict=self.verdicts.get(task.id, Verdict.passed),
                message_id="passed",
                message=Text("话", "words"),
                evidence=(),
                points=task.points,
                seconds=1.0,
                started_at=START,
            )
            for task in chosen
        )
        return LabReport(lab.name, lab.title, workspace.namespace, results, START, 1.0)

    def put_case(self, case: Case, workspace: Workspace, *, anew: bool) -> Placed:
        self._answer()
        self.put.append((case.kind, anew))
        return Placed(lay_out(case, workspace.folder, START), "pod/redis created\n")

    def reopen(self, workspace: Workspace) -> bool:
        self._answer()
        return False

    def _answer(self) -> None:
        if self.trouble:
            raise self.trouble


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    fake = Cluster()
    for name in ("grade", "put_case", "reopen"):
        monkeypatch.setattr(labs, name, getattr(fake, name))
    return fake


@pytest.fixture
def podlab(course: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Podlab:
    monkeypatch.setenv("PODLAB_COURSE", str(course))
    monkeypatch.setenv("PODLAB_LANG", "en")
    monkeypatch.delenv("PODLAB_LEARNER", raising=False)
    monkeypatch.delenv("PODLAB_CLUSTER", raising=False)
    app = typer.Typer()
    for command in (labs.start, labs.check, labs.hint, labs.solve, labs.reset):
        app.command()(command)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def folder(course: Path) -> Path:
    return course / "work" / "01-toy" / "lab"


@pytest.mark.parametrize("name", ["01", "toy", "01-toy"])
def test_start_lays_out_the_starter_and_shows_every_task(
    podlab: Podlab, cluster: Cluster, folder: Path, name: str
) -> None:
    done = podlab("start", name)
    assert done.exit_code == 0
    assert cluster.put == [("starter", False)]
    assert (folder / "redis.yaml").is_file()
    for words in ("1. It answers (20 points)", "2. The data stays", "Another thing is right too."):
        assert words in done.output


def test_second_start_leaves_what_the_learner_wrote(
    podlab: Podlab, cluster: Cluster, folder: Path
) -> None:
    podlab("start", "01")
    (folder / "redis.yaml").write_text("mine", encoding="utf-8")
    done = podlab("start", "01")
    assert done.exit_code == 0
    assert len(cluster.put) == 1
    assert (folder / "redis.yaml").read_text(encoding="utf-8") == "mine"
    assert "podlab reset 01-toy" in done.output


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ({}, 0),
        ({"ping": Verdict.failed}, 1),
        ({"ping": Verdict.unknown}, 3),
        ({"ping": Verdict.unknown, "apart": Verdict.failed}, 1),
    ],
)
def test_check_ends_with_the_code_of_the_verdict(
    podlab: Podlab, cluster: Cluster, verdicts: dict[str, Verdict], code: int
) -> None:
    cluster.verdicts = verdicts
    done = podlab("check", "01")
    assert done.exit_code == code
    assert "Score" in done.output


def test_check_of_one_task_asks_for_that_task(podlab: Podlab, cluster: Cluster) -> None:
    assert podlab("check", "01", "--task", "2").exit_code == 0
    assert cluster.asked == [["2"]]


def test_json_is_all_that_stands_on_standard_output(podlab: Podlab) -> None:
    done = podlab("check", "01", "--json")
    assert LabReport.from_dict(json.loads(done.stdout)).verdict is Verdict.passed


def test_the_report_is_kept_for_those_who_look_later(podlab: Podlab) -> None:
    done = podlab("check", "01", "--json")
    kept = Progress.of("podlab", "lab-01-toy").last
    assert kept == LabReport.from_dict(json.loads(done.stdout))


def test_junit_is_written_beside_the_report(
    podlab: Podlab, cluster: Cluster, tmp_path: Path
) -> None:
    cluster.verdicts = {"apart": Verdict.failed}
    file = tmp_path / "report.xml"
    done = podlab("check", "01", "--junit", str(file))
    assert "Score" in done.stdout
    suite = ET.parse(file).getroot().find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "1"


def test_junit_file_that_cannot_be_written_is_told_after_the_report(
    podlab: Podlab, tmp_path: Path
) -> None:
    done = podlab("check", "01", "--junit", str(tmp_path / "no" / "report.xml"))
    assert "Score" in done.stdout
    assert isinstance(done.exception, Trouble)
    assert done.exception.code == USAGE


@pytest.mark.parametrize("command", ["start", "check", "hint", "solve", "reset"])
def test_unknown_lab_lists_the_known_ones(podlab: Podlab, command: str) -> None:
    error = podlab(command, "storag").exception
    assert isinstance(error, UnknownLab)
    assert error.code == USAGE
    assert "01-toy" in error.render("en")


@pytest.mark.parametrize("command", ["check", "hint"])
def test_unknown_task_lists_the_known_ones(podlab: Podlab, command: str) -> None:
    error = podlab(command, "01", "--task", "9").exception
    assert isinstance(error, UnknownTask)
    assert "ping, keep, apart" in error.render("en")


def test_each_call_gives_the_next_hint_and_after_the_last_the_last_again(podlab: Podlab) -> None:
    said = [podlab("hint", "01", "--task", "ping").output for _ in range(4)]
    assert [words.splitlines()[-1] for words in said] == [
        "Who answers",
        "Look at the labels.",
        "A Service finds its Pods by label.",
        "A Service finds its Pods by label.",
    ]
    assert 'Task 1, "It answers", hint 2 of 3:' in said[1]


def test_hint_without_a_task_is_for_the_first_one_not_passed_yet(
    podlab: Podlab, cluster: Cluster
) -> None:
    assert "Task 1" in podlab("hint", "01").output
    cluster.verdicts = {"keep": Verdict.failed}
    podlab("check", "01")
    assert "Task 2" in podlab("hint", "01").output


@pytest.mark.parametrize(
    ("verdict", "task"), [(Verdict.failed, "Task 1"), (Verdict.unknown, "Task 2")]
)
def test_task_that_fails_again_is_open_again_and_one_not_seen_stays_passed(
    podlab: Podlab, cluster: Cluster, verdict: Verdict, task: str
) -> None:
    cluster.verdicts = {"keep": Verdict.failed}
    podlab("check", "01")
    cluster.verdicts["ping"] = verdict
    podlab("check", "01")
    assert task in podlab("hint", "01").output


def test_solve_keeps_the_learners_files_and_empties_the_namespace(
    podlab: Podlab, cluster: Cluster, folder: Path
) -> None:
    podlab("start", "01")
    (folder / "redis.yaml").write_text("mine", encoding="utf-8")
    done = podlab("solve", "01", "--yes")
    assert done.exit_code == 0
    assert cluster.put[-1] == ("solution", True)
    backup = folder.parent / "backups" / "lab-2030-01-02T03-04-05"
    assert (backup / "redis.yaml").read_text(encoding="utf-8") == "mine"
    assert str(backup) in done.output


def test_reset_begins_anew_and_forgets_hints_and_passes(podlab: Podlab, cluster: Cluster) -> None:
    podlab("check", "01")
    podlab("hint", "01", "--task", "1")
    assert podlab("reset", "01", "--yes").exit_code == 0
    assert cluster.put == [("starter", True)]
    assert "hint 1 of 3" in podlab("hint", "01").output


@pytest.mark.parametrize("command", ["solve", "reset"])
def test_nothing_is_emptied_without_a_yes_when_nobody_can_be_asked(
    podlab: Podlab, cluster: Cluster, command: str
) -> None:
    error = podlab(command, "01").exception
    assert isinstance(error, Trouble)
    assert "--yes" in error.todo.en
    assert cluster.put == []


@pytest.mark.parametrize("command", ["solve", "reset"])
def test_answer_no_changes_nothing(
    podlab: Podlab, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(asking, "asked_by_a_person", lambda: True)
    monkeypatch.setattr(typer, "confirm", lambda question: False)
    assert podlab(command, "01").exit_code == 1
    assert cluster.put == []


@pytest.mark.parametrize(
    "trouble",
    [
        ClusterError(Text("断", "Lost."), Text("在", "Be."), Text("看", "Look.")),
        Busy(Workspace("01-toy", "lab"), "ann", None),
    ],
)
@pytest.mark.parametrize("words", [("start", "01"), ("solve", "01", "--yes")])
def test_cluster_that_cannot_be_used_is_told_in_words_with_code_3(
    podlab: Podlab, cluster: Cluster, trouble: Exception, words: tuple[str, ...]
) -> None:
    cluster.trouble = trouble
    error = podlab(*words).exception
    assert isinstance(error, Trouble)
    assert error.code == NOT_CHECKED


def test_words_are_in_the_readers_language(podlab: Podlab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODLAB_LANG", "zh")
    for words in (["start", "01"], ["check", "01"], ["hint", "01"], ["reset", "01", "--yes"]):
        output = podlab(*words).output.replace("\n", "")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in output)
        assert "It answers" not in output


@pytest.mark.parametrize("command", [labs.start, labs.check, labs.hint, labs.solve, labs.reset])
def test_help_of_every_command_ends_with_an_example(command: Callable[..., None]) -> None:
    lines = (command.__doc__ or "").strip().splitlines()
    assert lines[-1].strip().startswith(f"Example: podlab {command.__name__}")
