"""Image archives: several images in one file, shared layers once, under the names Pods use."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from checker.environment.engine import Engine

SAVE_SECONDS = 600.0


def save(engine: Engine, images: Mapping[str, str], archive: Path) -> None:
    """Write `images` (the name in the archive -> the name in the engine's store) to `archive`."""
    with _named(engine, images):
        several = ["--multi-image-archive"] if engine.name == "podman" else []
        engine.run("save", *several, "-o", str(archive), *images, timeout=SAVE_SECONDS)


@contextlib.contextmanager
def _named(engine: Engine, images: Mapping[str, str]) -> Iterator[None]:
    """Give images their official names for the moment of saving.

    An image built here must not stay in the user's store under an official name, and one that the
    user has there must keep its name: what was there before is put back.
    """
    before = {name: image_id(engine, name) for name in images}
    try:
        for name, stored in images.items():
            engine.run("tag", stored, name)
        yield
    finally:
        for name, old in before.items():
            if old:
                engine.run("tag", old, name)
            else:
                engine.run(*untag(engine, name))


def untag(engine: Engine, name: str) -> tuple[str, ...]:
    """The engine's words that take this one name from an image."""
    # podman takes all names of the image unless the name is given twice.
    return ("untag", name, name) if engine.name == "podman" else ("rmi", "--no-prune", name)


def image_id(engine: Engine, name: str) -> str | None:
    """The id of an image in the store, or None."""
    if not engine.has_image(name):
        return None
    return engine.query("image", "inspect", "--format", "{{.Id}}", name)
