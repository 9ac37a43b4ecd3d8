"""Which images are the course's own: one of those missing is never a learner's fault."""

from __future__ import annotations

import yaml

from checker.paths import course_root


def course_images() -> frozenset[str]:
    """The names in `images/*/recipe.yaml`, in full (`docker.io/library/redis:8`)."""
    found = set()
    for file in sorted((course_root() / "images").glob("*/recipe.yaml")):
        recipe = yaml.safe_load(file.read_text(encoding="utf-8"))
        found.add(full_name(recipe["image"]))
    return frozenset(found)


def full_name(image: str) -> str:
    """`redis:8` as containerd knows it: `docker.io/library/redis:8`."""
    first, _, rest = image.partition("/")
    if not rest:
        return f"docker.io/library/{image}"
    has_host = "." in first or ":" in first or first == "localhost"
    return image if has_host else f"docker.io/{image}"
