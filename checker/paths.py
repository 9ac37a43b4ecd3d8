"""Where things are: the course, the learner's work, its cluster's name, the user's cache."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from checker.texts import Text
from checker.trouble import USAGE, Trouble


def course_root(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds `labs/`, `manifests/` and `notebooks/`.

    PODLAB_COURSE names it; else it is the folder above this package.
    """
    named = environ.get("PODLAB_COURSE")
    return Path(named).resolve() if named else Path(__file__).resolve().parent.parent


def state_dir() -> Path:
    """`.podlab/`: kubeconfigs, scores and the like. Safe to delete while no cluster runs."""
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


def cluster_name(environ: Mapping[str, str] = os.environ) -> str:
    """The short name of podlab's own cluster: PODLAB_CLUSTER, else `podlab`.

    Raises Trouble for what cannot be part of a container's name.
    """
    name = environ.get("PODLAB_CLUSTER") or "podlab"
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", name):
        raise Trouble(
            Text(f"集群名字 {name!r} 不能用。", f"The cluster name {name!r} cannot be used."),
            Text(
                "PODLAB_CLUSTER 只能有小写字母、数字和连字符，最多 40 个。",
                "PODLAB_CLUSTER takes lower-case letters, digits and hyphens, 40 at most.",
            ),
            code=USAGE,
        )
    return name
