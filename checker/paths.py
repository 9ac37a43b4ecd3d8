"""Where things are: the course, the learner's work, the course's own state, the user's cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def course_root(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds `labs/`, `manifests/` and `notebooks/`.

    PODLAB_COURSE names it; else it is the folder above this package.
    """
    named = environ.get("PODLAB_COURSE")
    return Path(named).resolve() if named else Path(__file__).resolve().parent.parent


def state_dir() -> Path:
    """`.podlab/`: kubeconfigs and the like. Safe to delete while no cluster runs."""
    return course_root() / ".podlab"


def work_dir() -> Path:
    """`work/`: what the learner writes. Never deleted by the course."""
    return course_root() / "work"


def cache_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """What takes long to make and is kept for ever: tools and images.

    PODLAB_CACHE names it; else `podlab` in the user's cache folder (XDG base directories).
    """
    if named := environ.get("PODLAB_CACHE"):
        return Path(named).resolve()
    home = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "podlab"
