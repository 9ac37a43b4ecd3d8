from __future__ import annotations

from pathlib import Path

import pytest

from checker.cluster import ClusterError, Workspace, learner_name


def test_workspace_of_who_sits_here_has_no_learner_in_its_names(course_folder: Path) -> None:
    mine = Workspace("01-storage", "lab")
    assert mine.namespace == "lab-01-storage"
    assert mine.folder == course_folder / "work/01-storage/lab"
    assert mine.kubeconfig("c") == course_folder / ".podlab/c/workspaces/lab-01-storage.yaml"
    assert "podlab/learner" not in mine.labels


def test_workspace_of_a_learner_is_apart_from_all_others(course_folder: Path) -> None:
    hers = Workspace("01-storage", "demo", "ann")
    assert hers.namespace == "demo-01-storage-ann"
    assert hers.folder == course_folder / "work/ann/01-storage/demo"
    assert hers.labels == {
        "podlab/learner": "ann",
        "podlab/lesson": "01-storage",
        "podlab/part": "demo",
    }


@pytest.mark.parametrize("learner", ["Ann", "a b", "", "-ann", "../ann", "安", "a" * 60, "ann\n"])
def test_learner_whose_name_cannot_be_a_namespace_is_refused(learner: str) -> None:
    with pytest.raises(ClusterError, match="PODLAB_LEARNER"):
        Workspace("01-storage", "lab", learner)


def test_lesson_that_is_a_path_is_refused() -> None:
    with pytest.raises(ClusterError):
        Workspace("../etc", "lab")


def test_part_nobody_knows_is_refused() -> None:
    with pytest.raises(ClusterError):
        Workspace("01-storage", "exam")  # type: ignore[arg-type]


def test_learner_name_comes_from_the_environment_and_empty_means_none() -> None:
    assert learner_name({"PODLAB_LEARNER": "ann"}) == "ann"
    assert learner_name({"PODLAB_LEARNER": ""}) is None
