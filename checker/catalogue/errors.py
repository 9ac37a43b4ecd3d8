"""The one error of the catalogue: it names the file and the field, and says what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class CatalogueError(Exception):
    """A file of the course is not as it must be. `file` and `field` say where, `problem` what.

    This is an author's mistake, never a learner's; so it speaks English only.
    """

    def __init__(self, file: Path, field: str, problem: str) -> None:
        self.file = file
        self.field = field
        self.problem = problem
        where = f"{file}: {field}" if field else f"{file}"
        super().__init__(f"{where}: {problem}")


def known_keys(word: str, known: Iterable[str]) -> str:
    """What to say about a key nobody knows: the nearest known one, else all of them."""
    names = sorted(known)
    if near := difflib.get_close_matches(word, names, n=1):
        return f"do you mean `{near[0]}`?"
    return f"known here: {', '.join(names)}" if names else "nothing is known here"
