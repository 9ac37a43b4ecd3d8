"""The folder `notebooks/` on disk: writes what sources build, and says where the two differ."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from checker.authoring import build
from checker.authoring.files import read_notebook, write_notebook
from checker.authoring.leaks import leaks, solution_lines
from checker.authoring.outputs import (
    Patterns,
    keep_outputs,
    sanitize_patterns,
    unseen_pictures,
    without_outputs,
)
from checker.authoring.source import Source, sources
from checker.texts import LANGUAGES, Lang

LEAST_COMPARED = 8
"""Cells with a fact that nbval compares, in each lesson: fewer would prove too little."""
LESSON = re.compile(r"[0-9]{2}-.+")


def least_compared(name: str) -> int:
    """As many cells must be compared in the notebook `name`; a page beside the lessons has one."""
    return LEAST_COMPARED if LESSON.fullmatch(name) else 1


MOST_BYTES = 800_000
"""Of one notebook. Above 1 MB code hosts show them late or not at all."""


@dataclass(frozen=True)
class Course:
    """The folder `notebooks/` of a course."""

    folder: Path

    @property
    def root(self) -> Path:
        """The course's own folder."""
        return self.folder.parent

    def sources(self, lessons: list[str] | None = None) -> list[Source]:
        """The sources, all or those named. Raises SourceError."""
        return sources(self.folder / "source", lessons)

    def built(self, lang: Lang, lesson: str) -> Path:
        """Where the notebook of a lesson lies."""
        return self.folder / lang / f"{lesson}.ipynb"

    def patterns(self) -> Patterns:
        """What nbval is told to treat as equal. Raises SanitizeError."""
        return sanitize_patterns(self.folder / "sanitize.cfg")

    def rebuild(self, source: Source, lang: Lang) -> NotebookNode:
        """The notebook with the stored outputs of cells whose text did not change."""
        notebook = build.notebook(source, lang)
        path = self.built(lang, source.lesson)
        if path.exists():
            keep_outputs(notebook, read_notebook(path))
        return notebook

    def write(self, source: Source, lang: Lang, notebook: NotebookNode) -> Path:
        """Store a notebook, without what its spoilers printed."""
        for cell in notebook.cells:
            if build.SPOILER in cell.metadata.get("tags", ()):
                cell.outputs = []
        return write_notebook(self.built(lang, source.lesson), notebook)

    def write_solved(self, source: Source, lang: Lang, folder: Path) -> Path:
        """Store the solved notebook in `folder/lang`, with all that pytest needs to run it."""
        notebook = build.notebook(source, lang, solved=True)
        stored = self.built(lang, source.lesson)
        if stored.exists():
            keep_outputs(notebook, read_notebook(stored))
        path = write_notebook(folder / lang / stored.name, notebook)
        for name in ("conftest.py", "sanitize.cfg"):
            shutil.copy(self.folder / name, folder / name)
        return path

    def remove_orphans(self) -> list[Path]:
        """Delete notebooks whose source is gone."""
        gone = list(self._orphans())
        for path in gone:
            path.unlink()
        return gone

    def differences(self, lessons: list[str] | None = None) -> Iterator[str]:
        """Sentences: where a stored notebook is not what its source builds, and the cure."""
        for source in self.sources(lessons):
            for lang in LANGUAGES:
                path = self.built(lang, source.lesson)
                if path.exists():
                    stored = read_notebook(path)
                    yield from self._differences(path, build.notebook(source, lang), stored)
                else:
                    yield f"{path} is missing. Run: podlab author build {source.lesson}"
        if not lessons:
            for path in self._orphans():
                yield f"{path} has no source. Run: podlab author build"

    def leaks(self, lessons: list[str] | None = None) -> Iterator[str]:
        """Sentences: where a stored notebook holds a line of a solution."""
        for source in self.sources(lessons):
            secret = solution_lines(source, self.root)
            for path in (self.built(lang, source.lesson) for lang in LANGUAGES):
                for line in leaks(read_notebook(path), secret) if path.exists() else ():
                    yield (
                        f"{path} holds a line of the solution: {line!r}. "
                        "Take it out of the source, or give it to the learner in the starter"
                    )

    def _differences(self, path: Path, built: NotebookNode, stored: NotebookNode) -> Iterator[str]:
        cure = f"Run: podlab author build {path.stem}"
        want, have = without_outputs(built), without_outputs(stored)
        for number, (one, other) in enumerate(zip(want, have, strict=False), 1):
            if one != other:
                yield f"{path}: cell {number} is not what the source builds: {_head(one)}. {cure}"
                return
        if len(want) != len(have):
            yield f"{path}: {len(have)} cells, the source builds {len(want)}. {cure}"
        elif built.metadata != stored.metadata:
            yield f"{path}: other metadata than the build writes. {cure}"
        else:
            yield from _without_facts(path, stored)
            yield from _for_code_hosts(path, stored)

    def _orphans(self) -> Iterator[Path]:
        known = {path.stem for path in (self.folder / "source").glob("*.py")}
        for lang in LANGUAGES:
            for path in sorted((self.folder / lang).glob("*.ipynb")):
                if path.stem not in known:
                    yield path


def _without_facts(path: Path, stored: NotebookNode) -> Iterator[str]:
    # nbval never compares a cell that was stored unrun, so green would prove nothing.
    cure = f"Run: podlab author build --run {path.stem}"
    compared = [cell for cell in stored.cells if build.is_compared(cell)]
    unrun = [cell for cell in compared if cell.execution_count is None]
    if unrun:
        yield f"{path}: {len(unrun)} cells have no stored run: {_head(unrun[0])}. {cure}"
        return
    facts = sum(bool(cell.outputs) for cell in compared)
    least = least_compared(path.stem)
    if facts < least:
        yield (
            f"{path}: {facts} cells print something that nbval compares, "
            f"at least {least} must. Add cells that print facts "
            f"(-o jsonpath, counts, True or False) to the source. {cure}"
        )


def _for_code_hosts(path: Path, stored: NotebookNode) -> Iterator[str]:
    """What would keep a host that only shows notebooks from showing all of this one."""
    cure = f"Run: podlab author build --draw {path.stem}"
    if unseen := unseen_pictures(stored):
        yield f"{path}: {unseen} pictures have no PNG. {cure}"
    if (size := path.stat().st_size) > MOST_BYTES:
        yield (
            f"{path}: {size} bytes, more than {MOST_BYTES}: code hosts are slow to show it. "
            "Record less, or draw fewer lanes"
        )


def _head(cell: Mapping[str, object]) -> str:
    return repr(str(cell["source"]).partition("\n")[0][:60])
