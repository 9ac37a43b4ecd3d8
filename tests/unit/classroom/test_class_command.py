from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakeclass import ClassApi
from typer.testing import CliRunner

from checker.catalogue import Lab, UnknownLab
from checker.cli import app, class_create
from checker.cli.options import chosen_lessons
from checker.cluster import Connection
from checker.trouble import USAGE, Trouble

Podlab = Callable[..., Any]
ROSTER = "id,name,language\nann,Ann Lee,en\nbo,王小明,zh\n"


@pytest.fixture
def podlab(
    connection: Connection,
    lively: ClassApi,
    lab: Lab,
    toy_course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Podlab:
    """`podlab class create` on a cluster in memory, with a roster of two."""
    connection.client.configuration.host = "https://127.0.0.1:1"
    monkeypatch.setattr(class_create, "connect", lambda **_: connection)
    monkeypatch.setattr(connection, "version", lambda: "v1.37.0")
    monkeypatch.setenv("PODLAB_LANG", "en")
    monkeypatch.chdir(tmp_path)
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER, encoding="utf-8")

    def run(*words: str) -> Any:
        return CliRunner().invoke(app.app, ["class", "create", "--roster", str(roster), *words])

    return run


def test_help_shows_an_example() -> None:
    assert "Example: podlab class" in CliRunner().invoke(app.app, ["class", "create", "-h"]).stdout


def test_a_class_is_made_and_the_teacher_is_told_what_to_hand_out(
    podlab: Podlab, tmp_path: Path
) -> None:
    done = podlab()
    assert done.exit_code == 0
    assert "Ready. Learners: 2, lessons: 1. New or completed: 2" in done.stdout
    assert "ends on 20" in done.stdout
    assert "127.0.0.1:1, which is this machine's own" in done.stdout
    assert (tmp_path / "class" / "bo" / "README.md").is_file()


def test_again_says_that_nothing_was_to_be_done(podlab: Podlab) -> None:
    podlab()
    done = podlab()
    assert "Nothing was to be done: the learners (number: 2) have everything." in done.stdout
    assert done.exit_code == 0


def test_trouble_with_some_is_told_by_learner_and_ends_with_one(
    podlab: Podlab, api: ClassApi
) -> None:
    api.put("/api/v1/namespaces/lab-01-toy-bo", {"metadata": {"labels": {"team": "shop"}}})
    done = podlab()
    assert done.exit_code == 1
    assert "Ready. Learners: 1," in done.stdout
    assert "bo  王小明\nThe namespace lab-01-toy-bo is there" in done.stdout
    assert "→ Delete it" in done.stdout


def test_removing_asks_first_and_does_nothing_without_an_answer(
    podlab: Podlab, api: ClassApi
) -> None:
    podlab()
    there = set(api.store)
    done = podlab("--remove")
    assert isinstance(done.exception, Trouble)
    assert done.exception.code == USAGE
    assert set(api.store) == there


def test_removing_takes_all_of_it_away(podlab: Podlab, api: ClassApi, tmp_path: Path) -> None:
    podlab()
    done = podlab("--remove", "--yes")
    assert "Gone. Learners: 2, namespaces: 4." in done.stdout
    assert not [path for path in api.store if "ann" in path or path.endswith("bo")]
    assert not (tmp_path / "class" / "ann").exists()
    assert "no namespaces of these learners" in podlab("--remove", "--yes").stdout


def test_removing_counts_those_whose_things_are_gone_and_nobody_else(
    podlab: Podlab, api: ClassApi
) -> None:
    podlab()
    api.trouble = lambda method, path: 503 if path.endswith("lab-01-toy-ann") else None
    done = podlab("--remove", "--yes")
    assert done.exit_code == 1
    assert "Gone. Learners: 1, namespaces: 2." in done.stdout
    done = podlab("--remove", "--yes")
    assert "no namespaces" not in done.stdout
    assert "Learners who are not done: 1." in done.stdout


def test_removing_some_lessons_asks_for_these(podlab: Podlab) -> None:
    podlab()
    done = podlab("--remove", "--lessons", "01")
    assert isinstance(done.exception, Trouble)
    assert "of these lessons" in done.exception.what.en
    assert "01-toy" in done.exception.what.zh


def test_other_learners_are_named_and_left_alone(podlab: Podlab, tmp_path: Path) -> None:
    podlab()
    (tmp_path / "roster.csv").write_text("id,name,language\nann,Ann,en\n")
    assert "left alone (number: 1): bo" in podlab().stdout


def test_a_bad_roster_or_name_is_told_before_the_cluster_is_asked(
    podlab: Podlab, api: ClassApi, tmp_path: Path
) -> None:
    assert isinstance(podlab("--images", "https://x").exception, Trouble)
    assert isinstance(podlab("--lessons", "77").exception, UnknownLab)
    (tmp_path / "roster.csv").write_text("id,name,language\nA,Ann,en\n")
    assert isinstance(podlab().exception, Trouble)
    assert api.log == []


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (None, ["00-start", "09-capstone"]),
        (["01,03"], ["01-storage", "03-registry"]),
        (["03", "storage", "01"], ["01-storage", "03-registry"]),
        ([" 01 , "], ["01-storage"]),
    ],
)
def test_lessons_are_named_as_anywhere_else(words: list[str] | None, meant: list[str]) -> None:
    assert set(meant) <= set(chosen_lessons(words))
    assert words is None or chosen_lessons(words) == meant
