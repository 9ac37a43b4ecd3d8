"""podlab class grade and podlab class report, with a cluster that grades as it is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from checker.catalogue import Lab
from checker.classroom.results import read_run, runs_in
from checker.cli import app, class_grade, class_report
from checker.cli.class_watching import ClassWatching
from checker.cluster import ClusterError, Workspace
from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.texts import Text
from checker.trouble import NOT_CHECKED, USAGE, Trouble

ROSTER = "id,name,language\nann,Ann Lee,en\nbo,王小明,zh\ncy,Cy,en\n"
P, F, U = Verdict.passed, Verdict.failed, Verdict.unknown
Run = Callable[..., Result]


class Grader:
    """Stands for Outside. `verdicts` by learner; `during(learner)` may raise as Ctrl-C does."""

    def __init__(self) -> None:
        self.verdicts: dict[str, Verdict] = {}
        self.graded: list[tuple[str, str]] = []
        self.acts: list[bool] = []
        self.kept: Callable[[int], None] = lambda count: None

    def __call__(self, connection: object, *, acts: bool) -> Grader:
        self.acts.append(acts)
        return self

    def stop(self) -> None:
        """Nothing waits."""

    def grade(self, lab: Lab, workspace: Workspace, tasks: list[str], files: object) -> LabReport:
        self.graded.append((str(workspace.learner), lab.name))
        verdict = self.verdicts.get(str(workspace.learner), P)
        now = datetime(2030, 1, 1, tzinfo=UTC)
        seen = (Evidence(Text.same("x"), "y", "kubectl get pods"),)
        results = tuple(
            TaskResult(
                task.id, task.number, task.title, verdict, "m", Text.same(f"{verdict} m"), seen,
                task.points, 1.0, now,
            )
            for task in lab.with_needs(tasks)
        )  # fmt: skip
        return LabReport(lab.name, lab.title, workspace.namespace, results, now, 1.0)


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch, course: Path, edit: Callable[..., None]) -> Grader:
    """A toy course whose first task looks only, and the grader of its class."""
    edit("lab.yaml", "points: 20\n", "points: 20\n    looks_only: true\n")
    monkeypatch.setenv("PODLAB_COURSE", str(course))
    monkeypatch.setenv("PODLAB_LANG", "en")
    fake = Grader()
    connection = SimpleNamespace(context="kind-podlab", version=lambda: "v1.37.2")
    monkeypatch.setattr(class_grade, "connect", lambda **_: connection)
    monkeypatch.setattr(class_grade, "system_uid", lambda _: "uid-1")
    monkeypatch.setattr(class_grade, "recall_names", lambda _: {})
    monkeypatch.setattr(class_grade, "Outside", fake)
    return fake


@pytest.fixture
def podlab(tmp_path: Path, grader: Grader) -> Run:
    """`podlab class …`; a Trouble is raised as the command line's end would print it."""
    (tmp_path / "class.csv").write_text(ROSTER, encoding="utf-8")

    def run(*words: str) -> Result:
        result = CliRunner().invoke(app.app, ["class", *words], catch_exceptions=True)
        if isinstance(result.exception, Trouble | KeyboardInterrupt):
            raise result.exception
        return result

    return run


@pytest.fixture
def grade(podlab: Run, tmp_path: Path) -> Run:
    """`podlab class grade` with the roster."""
    return lambda *words: podlab("grade", "--roster", str(tmp_path / "class.csv"), *words)


def results(course: Path) -> list[Path]:
    return runs_in(course / "results")


@pytest.mark.parametrize("name", ["create", "grade", "report"])
def test_help_of_each_command_shows_an_example(name: str) -> None:
    shown = CliRunner().invoke(app.app, ["class", name, "--help"])
    assert shown.exit_code == 0
    assert "Example: podlab class" in shown.stdout


def test_all_are_graded_and_the_command_says_where_the_results_are(
    grade: Run, grader: Grader, course: Path
) -> None:
    done = grade()
    assert done.exit_code == 0
    (file,) = results(course)
    assert set(grader.graded) == {(who, "01-toy") for who in ("ann", "bo", "cy")}
    assert grader.acts == [False]
    assert str(file) in done.stdout
    assert f"podlab class report {file}" in done.stdout
    assert "✓   3  ✗   0  ?   0  1 ping" in done.stdout
    assert "judged only with --behaviour: 2 keep, 3 apart" in done.stdout
    run = read_run(file)
    assert (run.head.cluster, run.head.server) == ("kind-podlab", "v1.37.2")
    assert run.missing() == ()


def test_failures_are_results_and_no_failure_of_the_command(grade: Run, grader: Grader) -> None:
    grader.verdicts = {"ann": F, "bo": F, "cy": F}
    assert grade().exit_code == 0


def test_doubt_ends_with_3_and_says_at_whom_why_and_how_to_try_again(
    grade: Run, grader: Grader, course: Path
) -> None:
    grader.verdicts = {"bo": U}
    done = grade()
    assert done.exit_code == NOT_CHECKED
    assert "? bo: unknown m" in done.stdout
    assert f"podlab class grade --resume {results(course)[0]}" in done.stdout


def test_the_commands_that_are_shown_can_be_pasted(
    grade: Run, grader: Grader, tmp_path: Path
) -> None:
    grader.verdicts = {"bo": U}
    out, mine = tmp_path / "My Course", ("--kubeconfig", "/k c/admin", "--context", "big")
    done = grade("--out", str(out), *mine)
    (run,) = runs_in(out)
    assert f"podlab class report '{run}'" in done.stdout
    again = f"podlab class grade --resume '{run}' --kubeconfig '/k c/admin' --context big"
    assert again in done.stdout


def test_doubts_are_tried_again_and_nothing_else(
    podlab: Run, grade: Run, grader: Grader, course: Path
) -> None:
    grader.verdicts = {"bo": U}
    grade()
    grader.verdicts = {}
    grader.graded.clear()
    assert podlab("grade", "--resume", str(results(course)[0])).exit_code == 0
    assert grader.graded == [("bo", "01-toy")]
    assert len(results(course)) == 1


def test_after_an_interruption_the_same_command_goes_on(
    grade: Run, grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ClassWatching, "tell", interrupt)
        ended = grade("--at-once", "1")
        assert ended.exit_code == 130
        assert "--new" not in ended.stderr
    before = len(read_run(results(course)[0]).reports)
    assert 1 <= before < 3, "what was told had been kept"
    grader.graded.clear()
    done = grade()
    assert "Going on with" in done.stdout
    assert len(grader.graded) == 3 - before
    assert len(results(course)) == 1
    assert grade("--new").exit_code == 0
    assert len(results(course)) == 2


def test_interrupted_new_run_says_that_the_same_command_would_begin_anew(
    grade: Run, grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ClassWatching, "tell", interrupt)
    assert "leave out --new" in grade("--new").stderr


def test_behaviour_lets_the_checks_act_and_judges_everything(
    grade: Run, grader: Grader, course: Path
) -> None:
    grade("--behaviour")
    assert grader.acts == [True]
    run = read_run(results(course)[0])
    assert len(run.reports["ann", "01-toy"].results) == 3


def test_results_go_where_they_are_told_to(grade: Run, tmp_path: Path, course: Path) -> None:
    grade("--out", str(tmp_path / "mine"))
    assert len(runs_in(tmp_path / "mine")) == 1
    assert results(course) == []


def test_what_cannot_be_graded_is_told_before_anybody_is(
    podlab: Run, grade: Run, grader: Grader, edit: Callable[..., None], course: Path, tmp_path: Path
) -> None:
    with pytest.raises(Trouble, match="Without a roster"):
        podlab("grade")
    with pytest.raises(Trouble, match="is no folder"):
        grade("--files", str(tmp_path / "none"))
    with pytest.raises(Trouble, match="77"):
        grade("--labs", "77")
    edit("lab.yaml", "    looks_only: true\n", "")
    with pytest.raises(Trouble, match="can be judged without touching") as caught:
        grade()
    assert caught.value.code == USAGE
    assert "--behaviour" in caught.value.todo.en
    assert grader.graded == []
    assert results(course) == []


@pytest.mark.parametrize(
    "more", [("--roster", "x"), ("--labs", "01"), ("--behaviour",), ("--new",), ("--out", "x")]
)
def test_resumed_run_is_told_by_its_file_alone(
    podlab: Run, grade: Run, course: Path, more: tuple[str, ...]
) -> None:
    grade()
    with pytest.raises(Trouble, match="--resume goes on with a run"):
        podlab("grade", "--resume", str(results(course)[0]), *more)


def test_cluster_without_the_courses_namespace_is_told_before_anybody_is_graded(
    grade: Run, grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: object) -> None:
        raise ClusterError(Text.same("no podlab-system"), Text.same("x"), Text.same("create"))

    monkeypatch.setattr(class_grade, "system_uid", missing)
    with pytest.raises(ClusterError, match="no podlab-system"):
        grade()
    assert grader.graded == []


def test_lab_that_only_acts_is_named(grade: Run, course: Path, lab_folder: Path) -> None:
    other = course / "labs" / "02-toy"
    other.mkdir()
    text = (lab_folder / "lab.yaml").read_text("utf-8").replace("    looks_only: true\n", "")
    (other / "lab.yaml").write_text(text.replace("01-toy", "02-toy"), encoding="utf-8")
    (other / "checks.py").write_text((lab_folder / "checks.py").read_text("utf-8"))
    assert "Judged only with --behaviour: 02-toy" in grade().stdout


# Reports


def test_report_of_the_last_run_lies_beside_it(podlab: Run, grade: Run, course: Path) -> None:
    grade()
    done = podlab("report")
    folder = results(course)[0].with_suffix("")
    assert {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} == {
        *("report.zh.html", "report.en.html", "results.csv", "junit.xml"),
        *("nbgrader.csv", "moodle.csv", "canvas.csv"),
        *("feedback/ann.txt", "feedback/bo.txt", "feedback/cy.txt"),
    }
    assert str(folder / "report.en.html") in done.stdout
    assert "合计" in (folder / "feedback" / "bo.txt").read_text("utf-8")
    assert b"\r\n" in (folder / "canvas.csv").read_bytes()


def test_report_compares_with_the_run_before(
    podlab: Run, grade: Run, grader: Grader, course: Path, tmp_path: Path
) -> None:
    grader.verdicts = {"ann": F}
    grade()
    grader.verdicts = {"bo": F}
    grade()
    podlab("report", "--out", str(tmp_path / "out"))
    table = (tmp_path / "out" / "results.csv").read_text("utf-8-sig").splitlines()
    changes = {line.split(",")[0]: line.split(",")[8] for line in table if ",ping," in line}
    assert changes == {"ann": "better", "bo": "worse", "cy": ""}
    first, last = results(course)
    podlab("report", str(last), "--since", str(last), "--out", str(tmp_path / "same"))
    assert ",better," not in (tmp_path / "same" / "results.csv").read_text("utf-8")
    podlab("report", str(first), "--out", str(tmp_path / "first"))
    assert ",better," not in (tmp_path / "first" / "results.csv").read_text("utf-8")


def test_file_beside_the_runs_that_is_none_does_no_harm(
    podlab: Run, grade: Run, course: Path
) -> None:
    grade()
    (course / "results" / "0-notes.jsonl").write_text("mine")
    assert podlab("report").exit_code == 0


def test_report_says_which_scores_are_not_final(podlab: Run, grade: Run, grader: Grader) -> None:
    grader.verdicts = {"ann": U}
    grade()
    assert "1 scores are not final" in podlab("report").stdout


def test_report_without_a_run_and_into_a_file_is_told(
    podlab: Run, grade: Run, tmp_path: Path
) -> None:
    with pytest.raises(Trouble, match="no results in") as caught:
        podlab("report")
    assert "podlab class grade" in caught.value.todo.en
    grade()
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="cannot be written"):
        podlab("report", "--out", str(tmp_path / "file"))


def test_report_needs_no_cluster() -> None:
    assert not hasattr(class_report, "connect")


# Progress


def report_of(*verdicts: Verdict) -> Any:
    return SimpleNamespace(results=[SimpleNamespace(verdict=each) for each in verdicts])


def test_terminal_shows_a_bar_with_counts_so_far() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with ClassWatching("en", 3, console) as watching:
        watching.tell(("ann", "01-toy"), report_of(P, F))
        watching.tell(("bo", "01-toy"), report_of(P, U))
        watching._progress.refresh()
    for words in ("Grading ✓ 2 ✗ 1 ? 1", "bo 01-toy", "2/3"):
        assert words in screen.getvalue()


def test_log_gets_a_line_for_each_that_is_done() -> None:
    screen = io.StringIO()
    with ClassWatching("en", 2, Console(file=screen, width=40)) as watching:
        watching.tell(("ann", "01-toy"), report_of(P, F, U))
        watching.tell(("bo", "01-toy"), report_of(P, P, P))
    assert screen.getvalue() == "1/2 ann 01-toy ✓✗?\n2/2 bo 01-toy ✓✓✓\n"
