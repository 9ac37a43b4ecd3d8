from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from checker.catalogue import Lab, read_lab, starter
from checker.cluster import Workspace
from checker.grading import grade, live, put_case
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

    def apply(case: object, folder: Path, kubeconfig: Path) -> str:
        lines.append(f"apply {sorted(file.name for file in folder.iterdir())} {kubeconfig.name}")
        return "done"

    monkeypatch.setattr(live, "Lease", lease)
    monkeypatch.setattr(live, "ensure", lambda *words: lines.append("ensure"))
    monkeypatch.setattr(live, "reset", lambda *words: lines.append("reset"))
    monkeypatch.setattr(live, "apply_case", apply)
    return lines


@pytest.mark.parametrize(("anew", "first"), [(False, "ensure"), (True, "reset")])
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
