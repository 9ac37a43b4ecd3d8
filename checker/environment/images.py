"""The application images of the course: pulled, else built here, and kept as one archive."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from checker.environment import archive
from checker.environment.base import ensure_base
from checker.environment.cache import kept, key_of, make_once
from checker.environment.engine import Engine
from checker.environment.gobuild import ensure_program
from checker.environment.machine import Machine
from checker.environment.progress import Progress
from checker.environment.recipes import Recipe, read_recipes
from checker.environment.registry import Registries
from checker.environment.versions import read_versions
from checker.texts import Text

BUILD_SECONDS = 1200.0
FACTS = "images.json"
ARCHIVE = "images.tar"


@dataclass(frozen=True)
class AppImage:
    """What `podlab status` tells of an image: its true version and where it comes from."""

    image: str
    version: str
    origin: Literal["pulled", "built"]


@dataclass(frozen=True)
class AppImages:
    """All application images, in one archive."""

    archive: Path
    images: tuple[AppImage, ...]


def key() -> str:
    """Changes whenever a recipe or a version does."""
    versions = read_versions()
    return key_of(*(recipe.folder for recipe in read_recipes()), versions.apps_debian)


def known() -> AppImages | None:
    """The images, if they are in the cache."""
    folder = kept("images", "apps", key())
    return _read(folder) if folder.is_dir() else None


def ensure_images(
    engine: Engine, registries: Registries, machine: Machine, progress: Progress
) -> AppImages:
    """The images, made first where the cache does not have them."""

    def make(folder: Path) -> None:
        recipes = read_recipes()
        stored, facts = {}, []
        for number, recipe in enumerate(recipes, 1):
            title = Text(
                f"镜像 {recipe.name}（{number}/{len(recipes)}）",
                f"Image {recipe.name} ({number} of {len(recipes)})",
            )
            with progress.step(title):
                name, origin = obtain(recipe, engine, registries, machine)
            stored[recipe.image] = name
            facts.append(AppImage(recipe.image, true_version(engine, name, recipe), origin))
        with progress.step(Text("把镜像存进缓存", "Keeping the images in the cache")):
            archive.save(engine, stored, folder / ARCHIVE)
        (folder / FACTS).write_text(json.dumps([asdict(fact) for fact in facts], indent=2))

    return _read(make_once("images", "apps", key(), make))


def obtain(
    recipe: Recipe, engine: Engine, registries: Registries, machine: Machine
) -> tuple[str, Literal["pulled", "built"]]:
    """The image's name in the engine's store, and whether it was pulled or built."""
    if recipe.pullable and registries.pull(recipe.image):
        return recipe.image, "pulled"
    base = ensure_base(engine, registries, machine, read_versions().apps_debian)
    return build(recipe, engine, base), "built"


def build(recipe: Recipe, engine: Engine, base: str) -> str:
    """Build the image on `base` and return its name in the engine's store."""
    name = f"localhost/podlab/{recipe.name}:{key_of(recipe.folder, base)}"
    if engine.has_image(name):
        return name
    programs = ensure_program(recipe.program) if recipe.program else None

    def context(folder: Path) -> None:
        shutil.copytree(recipe.folder, folder, dirs_exist_ok=True)
        fix_modes(folder)
        if programs:
            shutil.copytree(programs, folder / "bin")

    place = make_once("contexts", recipe.name, key_of(recipe.folder, base), context)
    try:
        build_image(engine, place, name, {"BASE": base})
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return name


def build_image(
    engine: Engine, context: Path, name: str, args: dict[str, str], target: str = ""
) -> None:
    """Run the engine's build of `context/Containerfile`."""
    words = ["build", "--network", "host", "--file", str(context / "Containerfile"), "--tag", name]
    if engine.name == "podman":
        # Without the first podman asks registries for a base that is in its own store; without
        # the second it keeps every intermediate layer, gigabytes for the stages that compile.
        words += ["--pull=never", "--layers=false"]
    for key_, value in args.items():
        words += ["--build-arg", f"{key_}={value}"]
    if target:
        words += ["--target", target]
    engine.run(*words, str(context), timeout=BUILD_SECONDS)


def fix_modes(folder: Path) -> None:
    """Give all files 0644, or 0755 where they can be executed, whatever the checkout's umask."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def true_version(engine: Engine, name: str, recipe: Recipe) -> str:
    """The version that the program in the image gives of itself."""
    program: Sequence[str] = recipe.version
    printed = engine.run(
        "run", "--rm", "--network", "none", "--entrypoint", program[0], name, *program[1:]
    )
    found = re.search(r"\d+\.\d+(?:\.\d+)?", printed)
    return found.group(0) if found else "?"


def _read(folder: Path) -> AppImages:
    facts = json.loads((folder / FACTS).read_text())
    return AppImages(folder / ARCHIVE, tuple(AppImage(**fact) for fact in facts))
