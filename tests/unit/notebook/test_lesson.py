"""A lesson begins with a clean demo, and never touches what a learner has written."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from checker.cluster import ClusterError
from checker.grading import Placed
from checker.notebook import lesson as module
from checker.notebook.lesson import begin
from checker.notebook.plain import NotReadyError
from checker.notebook.session import Session
from checker.texts import Text


class Cluster:
    """A stand-in for the rooms below: notes what was asked of the cluster, in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.cluster = "podlab"
        self.error: ClusterError | None = None

    def version(self) -> str:
        if self.error:
            raise self.error
        return "v1.37.2"

    def reset(self, connection, workspace) -> None:
        self.asked.append(("reset", workspace.namespace))

    def reopen(self, workspace, connection) -> bool:
        self.asked.append(("reopen", workspace.namespace))
        return False

    def put_case(self, case, workspace, anew, connection) -> Placed:
        self.asked.append((f"{case.kind}, anew={anew}", workspace.namespace))
        return Placed(None, "")

    def recorder(self, connection, namespace) -> SimpleNamespace:
        return SimpleNamespace(
            start=lambda: self.asked.append(("listen", namespace)), stop=lambda: None
        )


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, root: Path, course: Path) -> Cluster:
    shutil.copytree(course / "labs", root / "labs")
    cluster = Cluster()
    monkeypatch.delenv("PODLAB_LEARNER", raising=False)
    monkeypatch.delenv("PODLAB_CLUSTER", raising=False)
    monkeypatch.setattr(module, "connect", lambda: cluster)
    monkeypatch.setattr(module, "Recorder", cluster.recorder)
    for name in ("reset", "reopen", "put_case"):
        monkeypatch.setattr(module, name, getattr(cluster, name))
    return cluster


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(
        "checker.notebook.live.publish_display_data",
        lambda data, **how: words.append(data["text/plain"]),
    )
    return words


def test_the_demo_is_reset_and_a_new_lab_gets_its_first_files(cluster, shown) -> None:
    begin(Session(), "01-toy")
    assert cluster.asked == [
        ("reset", "demo-01-toy"),
        ("starter, anew=False", "lab-01-toy"),
        ("listen", "demo-01-toy"),
    ]
    assert shown[-1].startswith("Ready:")
    assert "first files" in shown[-1]


def test_no_recorder_goes_on_listening_when_a_beginning_is_interrupted(
    cluster, shown, monkeypatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    stop = lambda: cluster.asked.append(("stop", ""))  # noqa: E731
    monkeypatch.setattr(
        module, "Recorder", lambda *_: SimpleNamespace(start=interrupted, stop=stop)
    )
    with pytest.raises(KeyboardInterrupt):
        begin(Session(), "01-toy")
    assert cluster.asked[-1] == ("stop", "")


def test_a_lab_with_files_is_left_as_it_is(cluster, shown, root: Path) -> None:
    mine = root / "work" / "01-toy" / "lab" / "mine.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("# mine\n")
    begin(Session(), "01-toy")
    assert cluster.asked[1] == ("reopen", "lab-01-toy")
    assert "as you left it" in shown[-1]
    assert mine.read_text() == "# mine\n"


def test_after_it_shells_go_to_the_two_workspaces(cluster, shown, root: Path) -> None:
    session = Session()
    begin(session, "01")
    state = root / ".podlab" / "podlab" / "workspaces"
    assert session.environment("demo")["KUBECONFIG"] == str(state / "demo-01-toy.yaml")
    assert session.environment("lab")["KUBECONFIG"] == str(state / "lab-01-toy.yaml")
    assert session.environment("demo")["WORK"] == str(root / "work" / "01-toy" / "lab")


def test_a_lab_with_files_for_a_team_has_a_second_namespace(cluster, shown, root: Path) -> None:
    session = Session()
    begin(session, "01")
    assert "team" not in session.places
    (root / "work" / "01-toy" / "lab" / "team").mkdir(parents=True)
    begin(session, "01")
    assert session.place("team").namespace == "team-01-toy"
    assert session.environment("team")["KUBECONFIG"].endswith("/team-01-toy.yaml")


def test_a_learners_name_is_part_of_the_workspaces(cluster, shown, monkeypatch) -> None:
    monkeypatch.setenv("PODLAB_LEARNER", "ann")
    begin(Session(), "01-toy")
    assert cluster.asked[0] == ("reset", "demo-01-toy-ann")


def test_a_cluster_that_does_not_answer_changes_nothing(cluster, shown) -> None:
    words = Text("没有应答。", "It does not answer.")
    cluster.error = ClusterError(words, words, words)
    session = Session()
    with pytest.raises(ClusterError):
        begin(session, "01-toy")
    assert cluster.asked == []
    assert session.lesson == ""
    assert shown[-1] == ""


def test_another_lesson_ends_the_listening_of_the_one_before(cluster, shown) -> None:
    stopped = []
    session = Session()
    session.listening = SimpleNamespace(stop=lambda: stopped.append(True))
    begin(session, "01-toy")
    assert stopped == [True]


@pytest.fixture
def restarted(cluster, monkeypatch) -> Session:
    """The session of a kernel that was restarted in the notebook of 01-toy, whose demo is there."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/course/notebooks/en/01-toy.ipynb")
    monkeypatch.setattr(module, "must_be_there", lambda connection, workspace: None)
    monkeypatch.setattr(module, "write_kubeconfig", lambda connection, workspace: None)
    return Session(carry_on=module.carry_on)


def test_a_restarted_kernel_takes_the_lesson_up_and_resets_nothing(
    cluster, restarted: Session, capsys
) -> None:
    assert restarted.begun() == "01-toy"
    assert ("reset", "demo-01-toy") not in cluster.asked
    assert cluster.asked[-1] == ("listen", "demo-01-toy")
    assert restarted.place("demo").namespace == "demo-01-toy"
    assert capsys.readouterr().out.startswith("Carrying on with 01-toy")


def test_it_is_taken_up_once(cluster, restarted: Session, capsys) -> None:
    restarted.begun()
    asked = list(cluster.asked)
    restarted.begun()
    assert cluster.asked == asked


def test_a_notebook_that_is_no_lesson_has_nothing_to_carry_on(
    cluster, restarted: Session, monkeypatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ann/Untitled.ipynb")
    with pytest.raises(NotReadyError, match=r"lesson\(…\)"):
        restarted.begun()
    assert cluster.asked == []


def test_a_lesson_whose_demo_is_not_there_has_to_begin(
    cluster, restarted: Session, monkeypatch
) -> None:
    def absent(connection, workspace) -> None:
        words = Text("没有。", "There is none.")
        raise ClusterError(words, words, words)

    monkeypatch.setattr(module, "must_be_there", absent)
    with pytest.raises(NotReadyError, match=r"lesson\(…\)"):
        restarted.begun()
    assert cluster.asked == []
