"""The command `podlab`: one file per group of commands, errors and exit codes in one place.

Exit codes: 0 good, 1 not so, 2 usage, 3 could not be checked.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from checker.cli import authoring, course, environment, labs
from checker.environment.run import Interrupted, stop_all
from checker.texts import LANGUAGES, Text, language
from checker.trouble import NOT_CHECKED, Trouble

INTERRUPTED = 130  # what shells say of a program that Ctrl-C ended

app = typer.Typer(
    name="podlab",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    environment.up,
    environment.down,
    environment.status,
    environment.doctor,
    course.lab,
    course.shell,
    labs.start,
    labs.check,
    labs.hint,
    labs.solve,
    labs.reset,
    environment.purge,
):
    app.command()(command)
app.add_typer(authoring.author)


@app.callback()
def options(
    lang: Annotated[
        str | None, typer.Option(help="zh or en. 语言：zh 或 en。", metavar="zh|en")
    ] = None,
) -> None:
    """Pods and containers in production: a course on a real cluster. 在真实集群上学习 Pod。

    Example: podlab up
    """
    if lang is None:
        return
    if lang not in LANGUAGES:
        raise typer.BadParameter("zh | en", param_hint="--lang")
    os.environ["PODLAB_LANG"] = lang


def language_first(words: list[str]) -> list[str]:
    """The words with `--lang` in front, where the command line looks for it; people put it last."""
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return [*words[place : place + 2], *words[:place], *words[place + 2 :]]
        if word.startswith("--lang="):
            return [word, *words[:place], *words[place + 1 :]]
        if word in ("--", "-c", "--command"):
            break
    return words


def main() -> None:
    """Run the command line; every error ends in plain words and an exit code."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        app(args=language_first(sys.argv[1:]), standalone_mode=True)
    except Trouble as trouble:
        stop_all()
        print(trouble.render(language()), file=sys.stderr)
        sys.exit(trouble.code)
    except (KeyboardInterrupt, Interrupted):
        stop_all()
        words = Text(
            "已停下。做好的部分会保留；再运行同一条命令就会接着做。",
            "Stopped. What is finished is kept; run the same command again to go on.",
        )
        print("\n" + words.pick(language()), file=sys.stderr)
        sys.exit(INTERRUPTED)
    except OSError as broken:
        stop_all()
        words = Text(f"系统拒绝了：{broken}", f"The system refused: {broken}")
        print(words.pick(language()), file=sys.stderr)
        sys.exit(NOT_CHECKED)


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
