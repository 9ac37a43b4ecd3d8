"""The errors of the catalogue: a course file that is wrong, and a name that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from checker.texts import Text
from checker.trouble import NOT_CHECKED, USAGE, Trouble


class CatalogueError(Trouble):
    """A file of the course is not as it must be. `file` and `field` say where, `problem` what.

    This is an author's mistake, never a learner's; so `problem` speaks English only.
    """

    def __init__(self, file: Path, field: str, problem: str) -> None:
        self.file = file
        self.field = field
        self.problem = problem
        where = f"{file}: {field}" if field else f"{file}"
        super().__init__(
            Text.same(f"{where}: {problem}"),
            Text("这是课程文件的错误，请更正它。", "A file of the course is wrong; correct it."),
            code=NOT_CHECKED,
        )


class UnknownName(Trouble):
    """A lab or a task that was asked for is not there; `known` names those that are."""

    def __init__(self, what: Text, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        names = ", ".join(self.known) or "-"
        super().__init__(
            Text(f"没有{what.zh} {name}。", f"There is no {what.en} {name}."),
            Text(f"有这些：{names}", f"There are: {names}"),
            code=USAGE,
        )


def known_keys(word: str, known: Iterable[str]) -> str:
    """What to say about a key nobody knows: the nearest known one, else all of them."""
    names = sorted(known)
    if near := difflib.get_close_matches(word, names, n=1):
        return f"do you mean `{near[0]}`?"
    return f"known here: {', '.join(names)}" if names else "nothing is known here"
