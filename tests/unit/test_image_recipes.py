"""Every recipe under `images/` has the right form, and agrees with the files beside it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from checker.environment.recipes import Recipe, read_recipes
from checker.environment.versions import read_versions
from checker.paths import course_root
from checker.trouble import Trouble

RECIPES = read_recipes()
BUILT_ON_DEBIAN = re.compile(r"^ARG BASE=debian:(\S+)-slim\nFROM \$\{BASE\}", re.MULTILINE)
SCRIPTS = [
    file
    for recipe in RECIPES
    for file in sorted((recipe.folder / "files").rglob("*"))
    if file.is_file() and file.read_bytes().startswith(b"#!")
]


def id_of(recipe: Recipe) -> str:
    return recipe.name


each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=id_of)


def test_the_images_of_the_lessons_all_have_a_recipe() -> None:
    assert {recipe.image for recipe in RECIPES} >= {
        "docker.io/library/redis:8",
        "docker.io/library/nginx:1",
        "docker.io/library/busybox:1.37",
        "docker.io/library/registry:3",
        "docker.io/podlab/git:2",
    }


def test_no_two_recipes_make_the_same_image() -> None:
    assert len({recipe.image for recipe in RECIPES}) == len(RECIPES)


@each_recipe
def test_a_recipe_builds_on_the_base_that_the_builder_gives_it(recipe: Recipe) -> None:
    words = (recipe.folder / "Containerfile").read_text(encoding="utf-8")
    base = BUILT_ON_DEBIAN.search(words)
    assert base, f"{recipe.name} does not start with ARG BASE and FROM ${{BASE}}"
    assert base.group(1) == read_versions().apps_debian


@each_recipe
def test_a_recipe_leaves_no_package_index_in_its_image(recipe: Recipe) -> None:
    words = (recipe.folder / "Containerfile").read_text(encoding="utf-8")
    last_stage = words[words.rindex("\nFROM ") :]
    assert "apt-get update" not in last_stage or "/var/lib/apt/lists/*" in last_stage


def test_only_an_image_of_the_courses_own_cannot_be_pulled() -> None:
    own = {recipe.image for recipe in RECIPES if not recipe.pullable}
    assert own == {
        recipe.image for recipe in RECIPES if recipe.image.startswith("docker.io/podlab")
    }


@each_recipe
def test_a_recipe_says_how_its_image_differs_from_the_official_one(recipe: Recipe) -> None:
    assert bool(recipe.contract.differs) == recipe.pullable


def test_the_stamp_of_the_registry_is_the_version_that_is_built() -> None:
    (registry,) = (recipe for recipe in RECIPES if recipe.name == "registry")
    wanted = read_versions().registry
    assert registry.go is not None
    assert registry.go.stamps == [
        f"github.com/distribution/distribution/v3/version.version={wanted}"
    ]
    module = (registry.folder / registry.go.module / "go.mod").read_text(encoding="utf-8")
    assert f"github.com/distribution/distribution/v3 {wanted} " in module


def test_there_are_scripts_to_look_at() -> None:
    assert SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_a_script_can_be_run_and_read_by_a_plain_shell(script: Path) -> None:
    assert os.access(script, os.X_OK), f"{script} cannot be run"
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(script)], check=True)


def write_recipe(folder: Path, old: str, new: str) -> Path:
    """A copy of the recipe of redis in which `old` is `new`."""
    words = (course_root() / "images" / "redis" / "recipe.yaml").read_text(encoding="utf-8")
    assert words.count(old) == 1, f"{old!r} is not there once"
    (folder / "redis").mkdir()
    (folder / "redis" / "recipe.yaml").write_text(words.replace(old, new), encoding="utf-8")
    return folder


def test_a_recipe_without_a_mistake_is_read(tmp_path: Path) -> None:
    (recipe,) = read_recipes(write_recipe(tmp_path, "user:", "user:"))
    assert recipe.image == "docker.io/library/redis:8"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("version:", "versoin:", "versoin"),
        ("working_dir:", "workdir:", "contract.workdir"),
        ("log: stdout", "log: syslog", "contract.service.log"),
        ("docker.io/library/redis:8", "redis:8", "image"),
        ("docker.io/library/redis:8", "docker.io/library/redis:latest", "image"),
        ('redis: "999:999"', "redis: redis", "contract.ids.redis"),
        ("type: dir", "type: folder", "contract.paths./data.type"),
    ],
)
def test_a_mistake_is_refused_and_its_field_is_named(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    folder = write_recipe(tmp_path, old, new)
    with pytest.raises(Trouble) as caught:
        read_recipes(folder)
    assert named in caught.value.detail.splitlines()
