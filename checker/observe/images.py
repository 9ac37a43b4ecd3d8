"""Which images are the course's own, and by what names this cluster knows them and the registry.

One of the course's images missing is never a learner's fault. On a cluster that cannot pull them
by their own names a teacher keeps them elsewhere: PODLAB_IMAGES is what stands before `redis:8`
there. PODLAB_REGISTRY is the registry's name on nodes that do not reach it as `localhost:30500`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from checker.paths import course_root

IMAGES = "PODLAB_IMAGES"
REGISTRY = "PODLAB_REGISTRY"
HOST = "localhost:30500"
"""The registry's name in an image, as the nodes know it: a NodePort."""


def official_images() -> tuple[str, ...]:
    """The images of `images/*/recipe.yaml` in full, by the names in manifests."""
    return _official(course_root())


def course_images(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The names in full (`docker.io/library/redis:8`) that this cluster has for them."""
    return frozenset(full_name(named(image, environ)) for image in official_images())


def named(image: str, environ: Mapping[str, str] = os.environ) -> str:
    """The name that this cluster has for an image; its own for one that is not the course's."""
    prefix = environ.get(IMAGES)
    if not prefix or full_name(image) not in official_images():
        return image
    return f"{prefix.rstrip('/')}/{image.rpartition('/')[2]}"


def registry_host(environ: Mapping[str, str] = os.environ) -> str:
    """What stands before the repository in the name of an image of the course's registry."""
    return environ.get(REGISTRY) or HOST


def renamed(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """A text, of a manifest or for people, with this cluster's names for images and registry."""
    text = text.replace(HOST, registry_host(environ))
    if not environ.get(IMAGES):
        return text
    ends = "|".join(re.escape(image.rpartition("/")[2]) for image in official_images())
    whole = rf"(?<![\w./-])(?:docker\.io/(?:library|podlab)/)?(?:{ends})(?![\w-]|\.\w)"
    return re.sub(whole, lambda found: named(found[0], environ), text)


def renamed_form(form: Any, environ: Mapping[str, str] = os.environ) -> Any:
    """A manifest, as data, with this cluster's names for the images of its containers."""
    if isinstance(form, list):
        return [renamed_form(each, environ) for each in form]
    if isinstance(form, dict):
        return {
            key: named(value, environ)
            if key == "image" and isinstance(value, str)
            else renamed_form(value, environ)
            for key, value in form.items()
        }
    return form


def full_name(image: str) -> str:
    """`redis:8` as containerd knows it: `docker.io/library/redis:8`."""
    first, _, rest = image.partition("/")
    if not rest:
        return f"docker.io/library/{image}"
    has_host = "." in first or ":" in first or first == "localhost"
    return image if has_host else f"docker.io/{image}"


@cache
def _official(root: Path) -> tuple[str, ...]:
    files = sorted((root / "images").glob("*/recipe.yaml"))
    return tuple(full_name(yaml.safe_load(file.read_text("utf-8"))["image"]) for file in files)
