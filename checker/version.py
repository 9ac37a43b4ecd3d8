"""The version of this podlab, and that of the course it works on."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from checker.texts import Text

FILE = "VERSION"


def own_version() -> str:
    """The version that is installed."""
    return metadata.version("podlab")


def course_version(course: Path) -> str | None:
    """The version of podlab that laid the course out. None for a checkout: it is always today's."""
    file = course / FILE
    return file.read_text(encoding="utf-8", errors="replace").strip() if file.is_file() else None


def difference(course: Path) -> Text | None:
    """What to know where the course is of another version than podlab; None where it is not."""
    theirs, ours = course_version(course), own_version()
    if theirs in (None, ours):
        return None
    return Text(
        f"{course} 里的课程是 podlab {theirs} 放的，现在运行的是 podlab {ours}。"
        "要配套的课程：podlab new 另一个文件夹；你在 work/ 里的文件不受影响。",
        f"The course in {course} was laid out by podlab {theirs}; this is podlab {ours}. "
        "For the course that goes with it: podlab new OTHER-FOLDER. Your files in work/ stay.",
    )
