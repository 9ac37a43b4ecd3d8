"""What stands in the wheel, and in the course that `podlab new` makes of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.package.programs import ROOT, Installed, uv

PARTS = ("notebooks", "manifests", "labs", "images")
NEW_FILES = {"README.md", "README.zh.md", "VERSION", "pytest.ini"}
LEFT_BY_PROGRAMS = {"__pycache__", ".ipynb_checkpoints"}
pytestmark = pytest.mark.timeout(300)


def tree(folder: Path, *parts: str) -> dict[str, tuple[bool, bytes]]:
    """Names below the folder, or below parts of it: whether each can be run, and what it holds."""
    files = (file for part in parts or (".",) for file in (folder / part).rglob("*"))
    return {
        file.relative_to(folder).as_posix(): (bool(file.stat().st_mode & 0o100), file.read_bytes())
        for file in files
        if file.is_file() and not LEFT_BY_PROGRAMS & {*file.relative_to(folder).parts}
    }


def test_the_wheel_holds_the_package_and_the_course_and_nothing_else(
    wheel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    wanted = {*tree(ROOT, "checker"), *(f"checker/course/{name}" for name in tree(ROOT, *PARTS))}
    assert len(wanted) > 500
    found = {name for name in names if ".dist-info/" not in name}
    assert found ^ wanted == set()
    with capsys.disabled():
        print(f"\n{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, {len(names)} files")


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    uv("build", "--quiet", "--wheel", "--out-dir", str(tmp_path))
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_the_course_is_laid_out_as_it_stands_in_the_checkout(
    installed: Installed, tmp_path: Path
) -> None:
    assert installed.podlab("new", "fresh", cwd=tmp_path).returncode == 0
    laid_out, wanted = tree(tmp_path / "fresh"), tree(ROOT, *PARTS)
    assert {*laid_out} - {*wanted} == NEW_FILES
    assert [name for name in wanted if laid_out.get(name) != wanted[name]] == []


def test_the_course_that_is_laid_out_keeps_the_rules_of_the_house(
    installed: Installed, course: Path
) -> None:
    done = installed.podlab("author", "lint", cwd=course / "notebooks")
    assert done.returncode == 0, done.stdout + done.stderr
    sources = len(list((course / "notebooks" / "source").glob("*.py")))
    assert sources > len(list((course / "labs").glob("*/lab.yaml"))) > 0
    assert done.stdout == f"{sources} lessons keep the rules\n"


def test_where_there_is_no_course_it_is_told_and_what_needs_none_works(
    installed: Installed, wheel: Path, tmp_path: Path
) -> None:
    said = installed.podlab("--version", cwd=tmp_path).stdout
    assert wheel.name.startswith(said.strip().replace(" ", "-") + "-")
    assert installed.podlab("--help", cwd=tmp_path).returncode == 0
    assert "podlab new" in installed.podlab("doctor", cwd=tmp_path).stdout
    done = installed.podlab("start", "00", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no course here" in done.stderr
    assert "podlab new my-course" in done.stderr
