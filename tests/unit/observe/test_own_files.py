from __future__ import annotations

from pathlib import Path

import pytest
from fakecluster import FakeApi

from checker.cluster import Connection, Workspace
from checker.observe import Bench
from checker.observe.files import MOST

WORKSPACE = Workspace("08-termination-message", "lab", "ann")


@pytest.fixture
def brought(connected: tuple[Connection, FakeApi], tmp_path: Path) -> Bench:
    folder = tmp_path / "brought"
    folder.mkdir()
    return Bench(connected[0], WORKSPACE, files=folder)


def test_files_are_in_the_workspaces_folder_unless_they_were_brought(
    connected: tuple[Connection, FakeApi], brought: Bench, tmp_path: Path
) -> None:
    assert Bench(connected[0], WORKSPACE).files == WORKSPACE.folder
    assert brought.files == tmp_path / "brought"


def test_text_of_a_file_is_read_whatever_its_bytes_are(brought: Bench) -> None:
    (brought.files / "query.txt").write_bytes(b"{.status}\xff\n")
    assert brought.own_text("query.txt") == "{.status}\ufffd\n"


def test_file_that_is_not_there_is_empty(brought: Bench) -> None:
    (brought.files / "folder").mkdir()
    assert [brought.own_text(name) for name in ("query.txt", "folder")] == ["", ""]


def test_link_out_of_the_folder_shows_nothing_of_the_machine(
    brought: Bench, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("the teacher's")
    (brought.files / "query.txt").symlink_to(tmp_path / "secret")
    (brought.files / "up").symlink_to(tmp_path)
    (brought.files / "here").write_text("mine")
    (brought.files / "link").symlink_to("here")
    assert [brought.own_text(name) for name in ("query.txt", "up/secret")] == ["", ""]
    assert brought.own_text("link") == "mine"


def test_flood_is_cut(brought: Bench) -> None:
    (brought.files / "query.txt").write_text("x" * MOST * 2)
    assert len(brought.own_text("query.txt")) == MOST
