"""`podlab new`: the course that came with podlab, laid out in a folder of the learner's own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from checker.catalogue import lab_names
from checker.cli.ends import INTERRUPTED
from checker.cli.layout import entries, lay_out
from checker.cli.screen import say
from checker.paths import is_course, packaged_course
from checker.texts import Text, language
from checker.trouble import NOT_SO, USAGE, Trouble
from checker.version import difference, own_version

SHOWN = 3  # names of a folder that is not empty


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Missing or empty. 不存在或空的文件夹。")
    ],
) -> None:
    """Lay out the course in a folder of your own. 在你自己的文件夹里放好课程。

    Example: podlab new my-course
    """
    folder = folder.resolve()
    if is_course(folder):
        _tell_what_is_there(folder)
        return
    try:
        _require_room_for(folder)
        lay_out(packaged_course(), folder)
    except OSError as error:
        raise _refused(folder, error) from error
    except KeyboardInterrupt:
        raise Trouble(STOPPED, AGAIN, code=INTERRUPTED) from None
    say(
        DONE.format(folder=folder, lessons=len(lab_names(folder)), version=own_version()),
        language(),
    )
    say(_next(folder), language())


DONE = Text(
    "课程放好了：{folder}，共 {lessons} 课，版本 {version}。",
    "The course is in {folder}: {lessons} lessons, version {version}.",
)
THERE = Text(
    "{folder} 里已经有课程了，版本 {version}，没有改动。",
    "The course is in {folder} already, version {version}. Nothing was changed.",
)
STOPPED = Text("已停下，什么也没有留下。", "Stopped; nothing was left behind.")
AGAIN = Text("再运行同一条命令，就会从头放好。", "Run the same command again to lay it out.")
OTHER = Text("换一个文件夹：podlab new 另一个文件夹", "Name another one: podlab new OTHER-FOLDER")


def _tell_what_is_there(folder: Path) -> None:
    if differs := difference(folder):
        say(differs, language())
        raise typer.Exit(NOT_SO)
    say(THERE.format(folder=folder, version=own_version()), language())
    say(_next(folder), language())


def _next(folder: Path) -> Text:
    words = "podlab lab"
    if folder != Path.cwd():
        words = f"cd {shlex.quote(str(folder))} && {words}"
    return Text(f"下一步：{words}", f"Next: {words}")


def _require_room_for(folder: Path) -> None:
    """Raise Trouble unless the folder is empty, or could be made where it is to be."""
    if folder.is_dir():
        if there := entries(folder):
            names = ", ".join(there[:SHOWN]) + (", …" if len(there) > SHOWN else "")
            raise Trouble(
                Text(f"{folder} 不是空的：{names}", f"{folder} is not empty: {names}"),
                OTHER,
                code=USAGE,
            )
    elif folder.exists():
        raise Trouble(
            Text(f"{folder} 是文件，不是文件夹。", f"{folder} is a file, not a folder."),
            OTHER,
            code=USAGE,
        )
    elif not folder.parent.is_dir():
        raise Trouble(
            Text(f"没有文件夹 {folder.parent}。", f"There is no folder {folder.parent}."),
            Text.same(f"mkdir -p {shlex.quote(str(folder.parent))}"),
            code=USAGE,
        )


def _refused(folder: Path, error: OSError) -> Trouble:
    return Trouble(
        Text(
            f"没能在 {folder} 放好课程，什么也没有留下。",
            f"The course could not be laid out in {folder}; nothing was left behind.",
        ),
        Text(
            "腾出空间、改正权限，或换一个文件夹，然后再运行一次。",
            "Free some space, mend the permissions or name another folder; then run it again.",
        ),
        error.strerror or str(error),
    )
