"""The command `podlab`: one file per group of commands, errors and exit codes in one place.

Exit codes: 0 good, 1 not so, 2 usage, 3 could not be checked.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from checker.cli import course, environment, labs
from checker.cli.classroom import class_app
from checker.cli.ends import end_in_words
from checker.cli.new import new
from checker.texts import LANGUAGES
from checker.version import own_version

app = typer.Typer(
    name="podlab",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    new,
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
app.add_typer(class_app)


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def author(context: typer.Context) -> None:
    """For authors of lessons. 供课程作者使用。

    A program of its own: what it needs for notebooks takes seconds to load, which learners
    should not wait for.

    Example: podlab author build --check
    """
    program = [sys.executable, "-m", "checker.cli.authoring", *context.args]
    os.execv(program[0], program)  # noqa: S606 - Ctrl-C is then its own


def show_version(wanted: bool) -> None:
    """Print the version and end, if that is wanted."""
    if wanted:
        print(f"podlab {own_version()}")
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[
        str | None, typer.Option(help="zh or en. 语言：zh 或 en。", metavar="zh|en")
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Its version. 版本。"),
    ] = False,
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
    end_in_words(app, language_first(sys.argv[1:]))
