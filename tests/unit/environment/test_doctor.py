from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checker.environment import doctor
from checker.environment.engine import Engine
from checker.environment.machine import GIB, Machine
from checker.environment.versions import read_versions
from checker.version import FILE as VERSION


@pytest.fixture
def facts(machine: Machine) -> doctor.Facts:
    return doctor.Facts(
        machine=machine,
        engine=Engine("podman"),
        engine_version="4.3.1",
        free_gib=100.0,
        go="1.26.8",
        mmdebstrap=True,
        kind=True,
        node_built=True,
        images_kept=True,
        chinese_fonts=True,
        course=Path("/course"),
        writable=True,
    )


def signs(facts: doctor.Facts) -> dict[str, str]:
    return {f.name.en: f.sign for f in doctor.findings(facts, read_versions())}


def test_a_good_machine_has_nothing_to_mend(facts: doctor.Facts) -> None:
    found = signs(facts)
    assert len(found) >= 10
    assert set(found.values()) == {"good"}


@pytest.mark.parametrize(
    ("change", "name", "sign"),
    [
        ({"engine": None}, "container engine", "bad"),
        ({"free_gib": 1.0}, "free disk", "bad"),
        ({"writable": False}, "course folder", "bad"),
        ({"course": None, "writable": False}, "course folder", "bad"),
        ({"kind": False, "go": None}, "kind", "bad"),
        ({"node_built": False}, "node image", "note"),
        ({"node_built": False, "go": None}, "Go (for building only)", "note"),
        ({"mmdebstrap": False, "images_kept": False}, "mmdebstrap (for building only)", "note"),
        ({"chinese_fonts": False}, "Chinese font (for pictures)", "note"),
    ],
)
def test_each_lack_is_named_with_what_mends_it(
    facts: doctor.Facts, change: dict, name: str, sign: str
) -> None:
    lacking = replace(facts, **change)
    finding = next(f for f in doctor.findings(lacking, read_versions()) if f.name.en == name)
    assert finding.sign == sign
    assert finding.mend is not None
    assert finding.mend.zh
    assert finding.mend.en


def test_little_memory_is_bad_and_cgroup_v1_only_a_note(facts: doctor.Facts) -> None:
    small = replace(facts.machine, memory_bytes=2 * GIB, cgroup_version=1)
    found = signs(replace(facts, machine=small))
    assert found["memory"] == "bad"
    assert found["cgroup"] == "note"


def test_a_course_of_another_version_is_noted(facts: doctor.Facts, tmp_path: Path) -> None:
    (tmp_path / VERSION).write_text("0.0.1")
    found = doctor.findings(replace(facts, course=tmp_path), read_versions())
    finding = next(f for f in found if f.name.en == "course folder")
    assert finding.sign == "note"
    assert finding.mend is not None
    assert "0.0.1" in finding.mend.en
