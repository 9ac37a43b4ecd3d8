"""Asking before something of a person's is taken away."""

from __future__ import annotations

import sys

import typer

from checker.cli.screen import say
from checker.texts import Lang, Text
from checker.trouble import NOT_SO, USAGE, Trouble

ADD_YES = Text("要执行，请加 --yes。", "Add --yes to do it.")
LEFT = Text("什么也没有改动。", "Nothing was changed.")


def confirm(question: Text, yes: bool, lang: Lang) -> None:
    """Return if the answer is yes; else end the command. Without a terminal --yes is needed."""
    if yes:
        return
    if not asked_by_a_person():
        raise Trouble(question, ADD_YES, code=USAGE)
    if not typer.confirm(question.pick(lang)):
        say(LEFT, lang)
        raise typer.Exit(NOT_SO)


def asked_by_a_person() -> bool:
    """Whether somebody sits at a terminal who can answer."""
    return sys.stdin.isatty()
