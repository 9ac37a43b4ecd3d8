from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.catalogue import Lab, lab_names, load_lab
from checker.classroom.handout import Handout, handout, put, take_back
from checker.classroom.keys import Key
from checker.classroom.plan import desk_of
from checker.classroom.roster import Pupil
from checker.observe.images import IMAGES, REGISTRY

KEY = Key("the key\n", datetime(2027, 2, 3, 4, 5, tzinfo=UTC))


def given_to(pupil: Pupil, *labs: Lab) -> Handout:
    return handout(desk_of(pupil, labs), labs, KEY)


def test_a_learner_is_handed_key_words_tasks_and_first_files(with_team: Lab, ann: Pupil) -> None:
    given = given_to(ann, with_team)
    assert given.fresh.keys() == {"kubeconfig", "README.md"}
    assert given.fresh["kubeconfig"] == "the key\n"
    assert given.first.keys() == {
        "01-toy/redis.yaml",
        "01-toy/team/rules.yaml",
        "01-toy/TASKS.md",
    }
    assert given.first["01-toy/redis.yaml"] == "kind: Pod # to do\n"
    readme = given.fresh["README.md"]
    for word in (
        "Ann Lee",
        "2027-02-03 04:05",
        "kubectl config use-context lab-01-toy",
        "kubectl --context team-01-toy apply -f team",
        "kubectl apply -f .",
        "| `demo-01-toy` | `demo-01-toy-ann` |",
        "Your teacher grades",
    ):
        assert word in readme


def test_the_words_are_in_the_learners_language(lab: Lab) -> None:
    given = given_to(Pupil("bo", "王小明", "zh"), lab)
    assert "王小明" in given.fresh["README.md"]
    assert "实验由老师评分" in given.fresh["README.md"]
    assert "## 1. 有应答（20 分）" in given.first["01-toy/TASKS.md"]


def test_nobody_is_handed_a_solution(lab: Lab, ann: Pupil) -> None:
    given = given_to(ann, lab)
    assert "# right" not in "".join((given.first | given.fresh).values())


def test_scripts_of_a_starter_are_handed_out_and_named(
    lab: Lab, lab_folder: Path, ann: Pupil
) -> None:
    (lab_folder / "starter" / "steps.sh").write_text("echo hello\n")
    given = given_to(ann, load_lab("01-toy"))
    assert given.first["01-toy/steps.sh"] == "echo hello\n"
    assert "  bash steps.sh\n" in given.fresh["README.md"]


def test_names_of_the_cluster_stand_in_what_is_handed_out(
    monkeypatch: pytest.MonkeyPatch, ann: Pupil
) -> None:
    monkeypatch.setenv(IMAGES, "school.example/pods")
    monkeypatch.setenv(REGISTRY, "registry.school.example")
    given = given_to(ann, *(load_lab(name) for name in lab_names()))
    text = "".join(given.first.values())
    assert "school.example/pods/redis:8" in text
    assert "registry.school.example/janedoe" in text
    assert "localhost:30500" not in text
    assert "image: redis:8" not in text


def test_the_second_namespace_has_the_learners_own_name_in_the_tasks(ann: Pupil) -> None:
    tasks = given_to(ann, load_lab("05")).first["05-resources/TASKS.md"]
    assert "`team-05-resources-ann`" in tasks
    assert "`team-05-resources`" not in tasks


def test_files_are_for_the_owner_only_and_again_writes_none(
    lab: Lab, ann: Pupil, tmp_path: Path
) -> None:
    folder = tmp_path / "out" / "ann"
    given = given_to(ann, lab)
    assert put(given, folder) == 4
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "kubeconfig").stat().st_mode) == 0o600
    assert put(given, folder) == 0
    assert {p.name for p in folder.rglob("*") if p.is_file()} == {
        "kubeconfig",
        "README.md",
        "TASKS.md",
        "redis.yaml",
    }


def test_what_the_learner_wrote_stays_and_an_old_key_does_not(
    lab: Lab, ann: Pupil, tmp_path: Path
) -> None:
    given = given_to(ann, lab)
    put(given, tmp_path / "ann")
    (tmp_path / "ann" / "01-toy" / "redis.yaml").write_text("mine")
    (tmp_path / "ann" / "kubeconfig").write_text("old")
    assert put(given, tmp_path / "ann") == 1
    assert (tmp_path / "ann" / "01-toy" / "redis.yaml").read_text() == "mine"
    assert (tmp_path / "ann" / "kubeconfig").read_text() == "the key\n"


def test_taking_back_leaves_nothing_of_ours(lab: Lab, ann: Pupil, tmp_path: Path) -> None:
    folder = tmp_path / "ann"
    put(given_to(ann, lab), folder)
    assert take_back(given_to(ann, lab), folder) is False
    assert not folder.exists()


def test_taking_back_leaves_all_that_is_the_learners(lab: Lab, ann: Pupil, tmp_path: Path) -> None:
    folder = tmp_path / "ann"
    put(given_to(ann, lab), folder)
    (folder / "01-toy" / "redis.yaml").write_text("mine")
    (folder / "notes.txt").write_text("mine too")
    assert take_back(given_to(ann, lab), folder) is True
    left = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert left == {"01-toy/redis.yaml", "notes.txt"}
