from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from checker.catalogue import Lab, read_lab, starter
from checker.cluster import Workspace
from checker.grading import grade, live, put_case
from checker.grading.apply import Ground
from checker.model import Verdict
from checker.texts import Text
from checker.trouble import Trouble

WORKSPACE = Workspace("01-toy", "lab", "ann")
DOWN = Trouble(Text("断了。", "Down."), Text("启动。", "Start it."))


class Connection:
    cluster = "podlab"


@pytest.fixture
def lab(lab_folder: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("PODLAB_COURSE", str(course))
    return read_lab(lab_folder)


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done to the cluster, in order, without one."""
    lines: list[str] = []

    @contextmanager
    def lease(connection: object, workspace: Workspace) -> Iterator[None]:
        lines.append(f"lease {workspace.namespace}")
        yield
        lines.append("release")

    def apply(case: object, *grounds: Ground) -> str:
        for each in grounds:
            names = sorted(file.name for file in each.folder.iterdir())
            lines.append(f"apply {names} {each.kubeconfig.name}")
        return "done"

    monkeypatch.setattr(live, "Lease", lease)
    monkeypatch.setattr(live, "ensure", lambda _, space: lines.append(f"ensure {space.part}"))
    monkeypatch.setattr(live, "reset", lambda _, space: lines.append(f"reset {space.part}"))
    monkeypatch.setattr(live, "apply_case", apply)
    return lines


@pytest.mark.parametrize(("anew", "first"), [(False, "ensure lab"), (True, "reset lab")])
def test_case_is_put_under_the_lease_on_a_workspace_that_is_ready(
    lab: Lab, diary: list[str], anew: bool, first: str
) -> None:
    connection: Any = Connection()
    placed = put_case(starter(lab), WORKSPACE, anew=anew, connection=connection)
    assert (placed.backup, placed.output) == (None, "done")
    assert diary == [
        "lease lab-01-toy-ann",
        first,
        "apply ['redis.yaml'] lab-01-toy-ann.yaml",
        "release",
    ]


def test_lab_with_a_second_namespace_gets_both(
    lab: Lab, lab_folder: Path, diary: list[str]
) -> None:
    (lab_folder / "starter" / "team").mkdir()
    (lab_folder / "starter" / "team" / "limits.yaml").touch()
    connection: Any = Connection()
    put_case(starter(lab), WORKSPACE, anew=True, connection=connection)
    assert diary == [
        "lease lab-01-toy-ann",
        "reset team",
        "reset lab",
        "apply ['limits.yaml'] team-01-toy-ann.yaml",
        "apply ['redis.yaml', 'team'] lab-01-toy-ann.yaml",
        "release",
    ]


def test_files_stay_as_they_are_when_the_namespace_cannot_be_emptied(
    lab: Lab, diary: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*words: object) -> None:
        raise DOWN

    monkeypatch.setattr(live, "reset", refuse)
    WORKSPACE.folder.mkdir(parents=True)
    (WORKSPACE.folder / "redis.yaml").write_text("mine", encoding="utf-8")
    connection: Any = Connection()
    with pytest.raises(Trouble):
        put_case(starter(lab), WORKSPACE, anew=True, connection=connection)
    assert (WORKSPACE.folder / "redis.yaml").read_text(encoding="utf-8") == "mine"


def test_cluster_that_is_not_there_gives_unknown_and_says_what_to_do(
    lab: Lab, diary: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DOWN

    monkeypatch.setattr(live, "connect", refuse)
    report = grade(lab, WORKSPACE)
    assert {result.verdict for result in report.results} == {Verdict.unknown}
    assert "Start it." in report.results[0].message.en
    assert diary == []


GIVES = """
from checker.catalogue import given
from checker.observe import CouldNotLook
from checker.texts import Text


@given
def login(bench):
    bench.diary.append(f"given {bench.space}")
    if bench.broken:
        raise CouldNotLook(Text("没有仓库", "no registry"), Text("再来", "again"))
"""


class GivenBench:
    diary: list[str]
    broken = False

    def __init__(
        self, connection: object, workspace: Workspace, deadline: float, clock: object = None
    ) -> None:
        assert deadline > 0
        self.space = workspace.part

    def close(self) -> None:
        self.diary.append("closed")


@pytest.fixture
def gives(lab_folder: Path, diary: list[str], monkeypatch: pytest.MonkeyPatch) -> type[GivenBench]:
    checks = lab_folder / "checks.py"
    checks.write_text(checks.read_text(encoding="utf-8") + GIVES, encoding="utf-8")
    monkeypatch.setattr(GivenBench, "diary", diary, raising=False)
    monkeypatch.setattr(live, "Bench", GivenBench)
    return GivenBench


def test_what_a_lesson_gives_is_there_before_files_are_applied(
    lab: Lab, gives: type[GivenBench], diary: list[str]
) -> None:
    connection: Any = Connection()
    put_case(starter(lab), WORKSPACE, anew=True, connection=connection)
    assert diary[1:4] == ["reset lab", "given lab", "closed"]
    assert diary[4].startswith("apply")


def test_what_a_lesson_gives_is_brought_again_when_a_lab_is_reopened(
    lab: Lab, gives: type[GivenBench], diary: list[str]
) -> None:
    connection: Any = Connection()
    WORKSPACE.folder.mkdir(parents=True)
    live.reopen(WORKSPACE, connection)
    assert diary == ["ensure lab", "given lab", "closed"]


def test_what_cannot_be_given_is_told_with_what_to_do(
    lab: Lab, gives: type[GivenBench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gives, "broken", True)
    connection: Any = Connection()
    with pytest.raises(Trouble, match="no registry") as caught:
        live.give(WORKSPACE, connection)
    assert caught.value.todo.en == "again"
    assert gives.diary == ["given lab", "closed"]
