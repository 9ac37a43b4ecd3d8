"""Solutions in learners' notebooks: finds them by their text. Trusts no tag and no build step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from checker.authoring.source import Source

SHORTEST = 10
"""A shorter line (`spec:`, `ports:`) says nothing about where it comes from."""


def solution_lines(source: Source, root: Path) -> frozenset[str]:
    """The lines that only a solution of this lesson has, without their indentation.

    From the source's solution cells, but for lines that other cells share, and from
    labs/<lesson>/solution. What stands in the starter or the lesson's manifests is no secret.
    """
    secret = {
        line for cell in source.code() if "solution" in cell.tags for line in _lines(cell.source)
    }
    secret -= {
        line for cell in source.cells if "solution" not in cell.tags for line in _lines(cell.source)
    }
    lab = root / "labs" / source.lesson
    secret |= _in_files(lab / "solution")
    return frozenset(
        secret - _in_files(lab / "starter") - _in_files(root / "manifests" / source.lesson)
    )


def leaks(notebook: NotebookNode, secret: frozenset[str]) -> Iterator[str]:
    """The secret lines that stand in a notebook: in text, code or output."""
    for cell in notebook.cells:
        texts = [cell.source]
        for output in cell.get("outputs", ()):
            texts.append(str(output.get("text", "")))
            texts += [str(value) for value in output.get("data", {}).values()]
        for text in texts:
            yield from (line for line in _lines(text) if line in secret)


def _in_files(folder: Path) -> set[str]:
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "case.yaml"]
    return {line for file in files for line in _lines(file.read_text(encoding="utf-8"))}


def _lines(text: str) -> set[str]:
    # A list item is the same line with and without its dash.
    stripped = (line.strip().removeprefix("- ").strip() for line in text.splitlines())
    return {line for line in stripped if len(line) >= SHORTEST and not line.startswith("%%")}
