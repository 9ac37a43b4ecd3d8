from __future__ import annotations

from pathlib import Path

import pytest

from checker.environment import machine, needs
from checker.environment.machine import GIB, Machine
from checker.trouble import Trouble

ALL = "CapEff:\t000001ffffffffff\n"
WITHOUT_SYS_RESOURCE = "CapEff:\t000001fffeffffff\n"


def look(tmp_path: Path, capabilities: str, *folders: str) -> Machine:
    proc = tmp_path / "proc"
    (proc / "self").mkdir(parents=True)
    (proc / "self/status").write_text(capabilities)
    cgroup = tmp_path / "cgroup"
    for folder in folders:
        (cgroup / folder).mkdir(parents=True)
    return machine.look(proc, cgroup)


def test_a_missing_capability_is_seen(tmp_path: Path) -> None:
    assert not look(tmp_path, WITHOUT_SYS_RESOURCE).can_raise_limits


def test_the_capability_is_seen(tmp_path: Path) -> None:
    assert look(tmp_path, ALL).can_raise_limits


def test_controllers_in_folders_mean_cgroup_v1_also_beside_a_unified_one(tmp_path: Path) -> None:
    assert look(tmp_path, ALL, "memory", "unified").cgroup_version == 1


def test_a_list_of_controllers_means_cgroup_v2(tmp_path: Path) -> None:
    (tmp_path / "cgroup").mkdir()
    (tmp_path / "cgroup/cgroup.controllers").write_text("cpu memory")
    assert look(tmp_path, ALL).cgroup_version == 2


def test_a_machine_without_cgroups_leaves_the_version_open(tmp_path: Path) -> None:
    assert look(tmp_path, ALL).cgroup_version is None


def test_free_space_is_told_for_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert machine.free_bytes(tmp_path / "a" / "b") == pytest.approx(
        machine.free_bytes(tmp_path), rel=0.1
    )


def test_too_little_memory_is_refused_before_any_work(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "MEMORY_GIB", 1000.0)
    with pytest.raises(Trouble, match=r"1000 GiB of memory; this machine has 8\.0 GiB"):
        needs.require_room(machine)


def test_a_disk_that_a_build_would_fill_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "free_bytes", lambda folder: 5 * GIB)
    with pytest.raises(Trouble, match=r"needs 14 GiB free; it has 5\.0 GiB"):
        needs.require_build_room()


def test_a_machine_with_room_is_accepted(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "free_bytes", lambda folder: 20 * GIB)
    needs.require_room(machine)
    needs.require_build_room()
