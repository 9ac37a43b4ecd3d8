"""Rules for code cells: they fail loudly, hold no prose, stay short, and carry known tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.authoring.build import IGNORED_OUTPUT, SKIPPED, SPOILER
from checker.authoring.course import least_compared
from checker.authoring.problem import Finding, Problem
from checker.authoring.source import Cell, Source

MOST_LINES = 6
LONG = "long-cell"
TAGS = frozenset({"exercise", "solution", LONG, SPOILER, IGNORED_OUTPUT, *SKIPPED})

_CELL_MAGIC = re.compile(r"^\s*%%")
_SHELL = re.compile(r"^\s*(?:[\w, ]+=\s*)?(?:!|%(?:sx|sc|system|bash|sh)\b)")
_SHELL_CELL = re.compile(r"^\s*%%(?:!|bash\b|sh\b|script\b|sx\b|system\b)")
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_COMMENT = re.compile(r"(?:^|\s)#(?!!).*[^\W\d_]")


def lint_code(source: Source) -> Iterator[Problem]:
    """What is wrong with the code cells of a source."""
    cells = list(source.code())
    for cell in cells:
        for finding in _lint_cell(cell):
            yield finding.at(source.path, cell.line)
    yield from _exercises(source)
    compared = [cell for cell in cells if not {IGNORED_OUTPUT, "solution", *SKIPPED} & {*cell.tags}]
    least = least_compared(source.lesson)
    if len(compared) < least:
        yield Problem(
            source.path,
            1,
            "facts",
            f"nbval compares {len(compared)} cells, at least {least} are needed",
            f"Add cells that print facts (-o jsonpath, counts), without the tag {IGNORED_OUTPUT}",
        )


def _lint_cell(cell: Cell) -> Iterator[Finding]:
    yield from _tags(cell)
    if cell.lang is not None:
        yield Finding(
            "lang", "a code cell has a language", "Both languages share code; take it out"
        )
    if _runs_bare_shell(cell.source):
        yield Finding(
            "shell",
            "a shell that hides failures",
            "Write %shell COMMAND or a %%shell cell: both raise, and have a time limit",
        )
    for line in cell.source.splitlines():
        if _COMMENT.search(_QUOTED.sub("''", line)):
            yield Finding(
                "comment",
                f"words in a comment: {line.strip()}",
                "Say it in a markdown cell, in both languages",
            )
            break
    lines = sum(bool(line.strip()) for line in cell.source.splitlines())
    if lines > MOST_LINES and not {LONG, "solution"} & {*cell.tags}:
        yield Finding(
            "length",
            f"{lines} lines, at most {MOST_LINES} are read at a glance",
            f"Split the cell, or give it the tag {LONG}",
        )


def _runs_bare_shell(code: str) -> bool:
    if _CELL_MAGIC.match(code):
        return bool(_SHELL_CELL.match(code))
    return any(_SHELL.match(line) for line in code.splitlines())


def _tags(cell: Cell) -> Iterator[Finding]:
    for tag in cell.tags:
        if tag == "raises-exception":
            yield Finding(
                "tag",
                "raises-exception means that a cell may fail, not that it must",
                "Use %shell --fails COMMAND, or assert the failure inside the cell",
            )
        elif tag not in TAGS:
            yield Finding("tag", f"unknown tag {tag}", f"Known are: {', '.join(sorted(TAGS))}")
    if len(SKIPPED & {*cell.tags}) == 1:
        yield Finding(
            "skip",
            "nbval skips this cell and nbclient runs it, or the reverse",
            f"Give it both tags: {', '.join(sorted(SKIPPED))}",
        )


def _exercises(source: Source) -> Iterator[Problem]:
    code = [*source.code()]
    for cell, after in zip(code, [*code[1:], None], strict=True):
        if "exercise" in cell.tags and (after is None or "solution" not in after.tags):
            yield Problem(
                source.path,
                cell.line,
                "exercise",
                "an exercise without a solution, the solved notebook would lack it",
                "Put a cell with the tag solution after it",
            )
