from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.catalogue import Case, read_lab, solution, starter
from checker.grading.files import has_files, lay_out

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def case(lab_folder: Path) -> Case:
    return solution(read_lab(lab_folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "work" / "01-toy" / "lab"


def contents(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in folder.rglob("*")
        if file.is_file()
    }


def own_work(folder: Path) -> dict[str, str]:
    (folder / "app").mkdir(parents=True)
    (folder / "redis.yaml").write_text("mine", encoding="utf-8")
    (folder / "app" / "notes.txt").write_text("my notes", encoding="utf-8")
    return contents(folder)


def test_new_folder_gets_the_cases_files_and_no_backup(case: Case, folder: Path) -> None:
    assert not has_files(folder)
    assert lay_out(case, folder, NOW) is None
    assert contents(folder) == {
        "redis.yaml": "kind: Pod # right\n",
        "service.yaml": "kind: Service # right\n",
    }
    assert has_files(folder)
    assert not (folder.parent / "backups").exists()


def test_learners_files_are_copied_to_a_dated_folder_before_they_go(
    case: Case, folder: Path
) -> None:
    mine = own_work(folder)
    backup = lay_out(case, folder, NOW)
    assert backup == folder.parent / "backups" / "lab-2030-01-02T03-04-05"
    assert contents(backup) == mine
    assert set(contents(folder)) == set(case.files)
    assert not (folder / "app").exists()


def test_two_copies_in_one_second_do_not_overwrite_each_other(case: Case, folder: Path) -> None:
    mine = own_work(folder)
    first = lay_out(case, folder, NOW)
    (folder / "redis.yaml").write_text("mine, again", encoding="utf-8")
    second = lay_out(case, folder, NOW)
    assert first is not None
    assert second is not None
    assert contents(first) == mine
    assert contents(second)["redis.yaml"] == "mine, again"


def test_folder_that_holds_nothing_but_the_cases_files_needs_no_copy(
    case: Case, folder: Path
) -> None:
    lay_out(case, folder, NOW)
    assert lay_out(case, folder, NOW) is None


def test_single_file_of_another_name_is_reason_enough_for_a_copy(case: Case, folder: Path) -> None:
    lay_out(case, folder, NOW)
    (folder / "extra.txt").touch()
    assert lay_out(case, folder, NOW) is not None


def test_going_from_starter_to_solution_keeps_a_copy_of_the_starter(
    case: Case, folder: Path, lab_folder: Path
) -> None:
    lay_out(starter(read_lab(lab_folder)), folder, NOW)
    backup = lay_out(case, folder, NOW)
    assert backup is not None
    assert contents(backup) == {"redis.yaml": "kind: Pod # to do\n"}


def test_link_in_the_work_folder_is_kept_as_a_link_and_its_target_is_left_alone(
    case: Case, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("keep", encoding="utf-8")
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    backup = lay_out(case, folder, NOW)
    assert backup is not None
    assert (backup / "link").is_symlink()
    assert (outside / "precious.txt").read_text(encoding="utf-8") == "keep"


def test_folder_itself_stays_so_that_a_terminal_in_it_stays_too(case: Case, folder: Path) -> None:
    own_work(folder)
    before = folder.stat().st_ino
    lay_out(case, folder, NOW)
    assert folder.stat().st_ino == before
