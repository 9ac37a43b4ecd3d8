from __future__ import annotations

import dataclasses
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.catalogue import Case, read_lab, solution
from checker.environment.run import run as real_run
from checker.grading.apply import Ground, apply_case, apply_folder
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

KUBECONFIG = Path("/state/workspaces/lab-01-toy.yaml")
REFUSED = Trouble(Text("失败", "failed"), Text("看", "look"), "spec.ports: Required", NOT_CHECKED)
MISSING = Trouble(Text("没有", "no kubectl"), Text("装", "install"), "", NOT_CHECKED)


class Tool:
    """Stands for a program; keeps what it was called with."""

    def __init__(self, ending: Trouble | None = None) -> None:
        self.ending = ending
        self.argv: list[str] = []
        self.env: Mapping[str, str] = {}
        self.cwd: Path | None = None

    def __call__(
        self, argv: list[str], *, env: Mapping[str, str], cwd: Path, timeout: float
    ) -> str:
        assert timeout > 0
        self.argv, self.env, self.cwd = argv, env, cwd
        if self.ending:
            raise self.ending
        return "pod/redis created"


@pytest.fixture
def case(lab_folder: Path) -> Case:
    return solution(read_lab(lab_folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "lab"
    folder.mkdir()
    for name in ("service.yaml", "redis.yaml", "docker.json", "notes.txt"):
        (folder / name).touch()
    return folder


def test_every_yaml_file_of_the_folder_is_applied_and_nothing_else(
    case: Case, folder: Path
) -> None:
    tool = Tool()
    assert apply_case(case, Ground(folder, KUBECONFIG), run=tool) == "pod/redis created"
    assert tool.argv == ["kubectl", "apply", "-f", "redis.yaml", "-f", "service.yaml"]
    assert tool.cwd == folder
    assert tool.env["KUBECONFIG"] == str(KUBECONFIG)


def test_steps_do_the_applying_where_there_are_any(case: Case, folder: Path) -> None:
    tool = Tool()
    steps = Path("/labs/steps.sh")
    apply_case(dataclasses.replace(case, steps=steps), Ground(folder, KUBECONFIG), run=tool)
    assert tool.argv == ["bash", "-euo", "pipefail", str(steps)]
    assert tool.cwd == folder


def test_steps_see_the_workspaces_kubeconfig_and_stop_at_the_first_failure(
    case: Case, folder: Path
) -> None:
    steps = folder.parent / "steps.sh"
    steps.write_text("cat <<< $KUBECONFIG > seen\nfalse\ntouch never\n", encoding="utf-8")
    with pytest.raises(Trouble):
        apply_case(dataclasses.replace(case, steps=steps), Ground(folder, KUBECONFIG), run=real_run)
    assert (folder / "seen").read_text(encoding="utf-8").strip() == str(KUBECONFIG)
    assert not (folder / "never").exists()


def test_kubectl_of_the_course_is_found_before_any_other(
    case: Case, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODLAB_COURSE", str(tmp_path))
    for place, says in ((tmp_path / ".podlab/bin", "ours"), (tmp_path / "other", "theirs")):
        place.mkdir(parents=True)
        program = place / "kubectl"
        program.write_text(f"#!/bin/sh\necho {says} $*\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path / "other"), prepend=":")
    assert apply_case(case, Ground(folder, KUBECONFIG)).startswith("ours apply")


def test_refused_manifest_of_a_case_is_told_with_kubectls_own_words(
    case: Case, folder: Path
) -> None:
    with pytest.raises(Trouble) as caught:
        apply_case(case, Ground(folder, KUBECONFIG), run=Tool(REFUSED))
    assert caught.value.what.en == "Not all files of 01-toy/solution were applied."
    assert caught.value.detail == "spec.ports: Required"


def test_files_are_applied_again_where_the_quota_was_busy_counting(
    case: Case, folder: Path
) -> None:
    busy = 'Operation cannot be fulfilled on resourcequotas "podlab": the object has been modified'
    tool = Tool(Trouble(Text("失败", "failed"), Text("看", "look"), busy, NOT_CHECKED))
    calls = []

    def run(argv: list[str], **more: object) -> str:
        calls.append(argv)
        if len(calls) == 2:
            tool.ending = None
        return tool(argv, **more)

    assert apply_case(case, Ground(folder, KUBECONFIG), run=run) == "pod/redis created"
    assert len(calls) == 2
    tool.ending = REFUSED
    with pytest.raises(Trouble):
        apply_case(case, Ground(folder, KUBECONFIG), run=run)
    assert len(calls) == 3


def test_case_that_must_be_refused_is_content_with_a_refusal(case: Case, folder: Path) -> None:
    refused = dataclasses.replace(case, applies=False)
    assert (
        apply_case(refused, Ground(folder, KUBECONFIG), run=Tool(REFUSED)) == "spec.ports: Required"
    )


def test_case_that_must_be_refused_and_is_accepted_is_an_error(case: Case, folder: Path) -> None:
    with pytest.raises(Trouble, match="accepted"):
        apply_case(dataclasses.replace(case, applies=False), Ground(folder, KUBECONFIG), run=Tool())


@pytest.mark.parametrize("applies", [True, False])
def test_missing_kubectl_is_no_refusal(case: Case, folder: Path, applies: bool) -> None:
    with pytest.raises(Trouble, match="no kubectl"):
        apply_case(
            dataclasses.replace(case, applies=applies),
            Ground(folder, KUBECONFIG),
            run=Tool(MISSING),
        )


def test_folder_without_manifests_applies_nothing(case: Case, tmp_path: Path) -> None:
    tool = Tool()
    assert apply_case(case, Ground(tmp_path, KUBECONFIG), run=tool) == ""
    assert tool.argv == []


def test_a_learners_files_go_back_to_a_new_cluster_as_they_stand(folder: Path) -> None:
    tool = Tool()
    assert apply_folder(Ground(folder, KUBECONFIG), tool)
    assert tool.argv == ["kubectl", "apply", "-f", "redis.yaml", "-f", "service.yaml"]
    assert tool.env["KUBECONFIG"] == str(KUBECONFIG)


def test_half_done_files_that_are_refused_end_nothing(folder: Path, tmp_path: Path) -> None:
    assert not apply_folder(Ground(folder, KUBECONFIG), Tool(REFUSED))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert apply_folder(Ground(empty, KUBECONFIG), Tool(REFUSED))


def test_files_of_the_second_namespace_go_there_and_before_the_others(
    case: Case, folder: Path, tmp_path: Path
) -> None:
    team = Ground(tmp_path / "team", Path("/state/workspaces/team-01-toy.yaml"))
    team.folder.mkdir()
    (team.folder / "limits.yaml").touch()
    calls: list[tuple[str, str]] = []

    def tool(argv: list[str], *, env: Mapping[str, str], cwd: Path, timeout: float) -> str:
        calls.append((cwd.name, env["KUBECONFIG"]))
        return f"{argv[-1]} created\n"

    said = apply_case(case, team, Ground(folder, KUBECONFIG), run=tool)
    assert calls == [("team", str(team.kubeconfig)), ("lab", str(KUBECONFIG))]
    assert said == "limits.yaml created\nservice.yaml created"


def test_lab_files_are_applied_also_where_the_second_namespace_refused(
    case: Case, folder: Path, tmp_path: Path
) -> None:
    team = Ground(tmp_path / "team", KUBECONFIG)
    team.folder.mkdir()
    (team.folder / "limits.yaml").touch()
    tool = Tool(REFUSED)
    apply_case(dataclasses.replace(case, applies=False), team, Ground(folder, KUBECONFIG), run=tool)
    assert tool.cwd == folder
