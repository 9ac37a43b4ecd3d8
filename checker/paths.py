"""Where things are: the course, the learner's work, its cluster's name, the user's cache."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from checker.texts import Text
from checker.trouble import USAGE, Trouble

# What a folder holds that is a course, be it a checkout or laid out by `podlab new`.
MARKS = ("images/versions.toml", "labs", "manifests", "notebooks")
PACKAGE = Path(__file__).resolve().parent


def course_root(environ: Mapping[str, str] = os.environ) -> Path:
    """The course in use. Raises Trouble where there is none."""
    if found := find_course(environ):
        return found
    raise Trouble(
        Text(
            "这里和上层文件夹里都没有课程。",
            "There is no course here, nor in the folders above.",
        ),
        Text(
            "podlab new my-course 会放好一份；已经有了，就 cd 进去，或用 PODLAB_COURSE 指定。",
            "podlab new my-course lays one out; if you have one, cd into it or name it with "
            "PODLAB_COURSE.",
        ),
        code=USAGE,
    )


def find_course(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The course that PODLAB_COURSE names; else the nearest at or above the current folder; else
    the checkout that this package stands in; else None.

    Raises Trouble where PODLAB_COURSE names no folder.
    """
    if named := environ.get("PODLAB_COURSE"):
        return _named(Path(named).resolve())
    places = (*_here_and_above(), PACKAGE.parent)
    return next((folder for folder in places if is_course(folder)), None)


def is_course(folder: Path) -> bool:
    """Whether the folder is a course."""
    return all(os.path.exists(folder / mark) for mark in MARKS)  # False where we may not look


def packaged_course() -> Path:
    """What `podlab new` lays out: the course in the wheel, else the checkout that this is."""
    inside = PACKAGE / "course"
    return inside if inside.is_dir() else PACKAGE.parent


def images_dir() -> Path:
    """`images/`: recipes and versions, of the package itself where there is no course yet."""
    return (find_course() or packaged_course()) / "images"


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


def _named(folder: Path) -> Path:
    if folder.is_dir():
        return folder
    raise Trouble(
        Text(
            f"PODLAB_COURSE 指向 {folder}，没有这个文件夹。",
            f"PODLAB_COURSE names {folder}, which is no folder.",
        ),
        Text("改正它，或者去掉这个变量。", "Correct it, or unset it."),
        code=USAGE,
    )


def _here_and_above() -> tuple[Path, ...]:
    try:
        here = Path.cwd()
    except FileNotFoundError:  # somebody removed the folder that we stand in
        return ()
    return (here, *here.parents)
