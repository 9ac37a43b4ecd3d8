"""A lesson's source (jupytext py:percent) as cells with a language, tags and a line number.

Reads only. Which cells end up in which notebook is `build`'s affair, what is wrong is `lint`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import jupytext

from checker.authoring.errors import AuthoringError

# jupytext's own rule: a marker is followed by white space or the end of the line,
# so that `# %%shell` is the first line of a cell and not a marker.
_MARKER = re.compile(r"^# %%(?:\s|$)")


class SourceError(AuthoringError):
    """A source that cannot be read as cells; says the file and what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell of a source."""

    kind: Literal["markdown", "code"]
    source: str
    line: int
    """Line of the marker in the source file, from 1."""
    lang: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A lesson's source: its name (`01-storage`), its file and its cells in order."""

    lesson: str
    path: Path
    cells: tuple[Cell, ...]

    def code(self) -> Iterator[Cell]:
        """The code cells, solutions included."""
        return (cell for cell in self.cells if cell.kind == "code")

    def markdown(self, lang: str) -> Iterator[Cell]:
        """The markdown cells of one language."""
        return (cell for cell in self.cells if cell.kind == "markdown" and cell.lang == lang)


def read_source(path: Path) -> Source:
    """Read one source. Raises SourceError when text stands outside the cells."""
    text = path.read_text(encoding="utf-8")
    lines = [n for n, line in enumerate(text.splitlines(), 1) if _MARKER.match(line)]
    notebook = jupytext.reads(text, "py:percent")
    if len(lines) != len(notebook.cells):
        raise SourceError(
            f"{path}: {len(notebook.cells)} cells but {len(lines)} markers. "
            "Begin every cell, the first too, with a line '# %%' or '# %% [markdown] lang=\"en\"'."
        )
    return Source(
        lesson=path.stem,
        path=path,
        cells=tuple(
            Cell(
                kind="code" if raw.cell_type == "code" else "markdown",
                source=raw.source.strip("\n"),
                line=line,
                lang=raw.metadata.get("lang"),
                tags=tuple(raw.metadata.get("tags", ())),
            )
            for raw, line in zip(notebook.cells, lines, strict=True)
        ),
    )


def sources(folder: Path, lessons: list[str] | None = None) -> list[Source]:
    """The sources in `folder`, by name; only `lessons` where that is given.

    Raises SourceError for a lesson without a source and for a folder without any.
    """
    found = {path.stem: path for path in sorted(folder.glob("*.py"))}
    if not found:
        raise SourceError(f"{folder} holds no source. Run: podlab author new-lesson NN-topic")
    for lesson in lessons or ():
        if lesson not in found:
            raise SourceError(f"No source {folder / lesson}.py. There are: {', '.join(found)}")
    return [read_source(path) for name, path in found.items() if not lessons or name in lessons]
