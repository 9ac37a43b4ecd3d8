"""Learners' notebooks and the solved ones, from a source. Pure: cells in, notebook out.

One way only: a notebook is never read back into its source. Same source, same bytes:
cell ids come from the cell's text, and no time or version is written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode, from_dict

from checker.authoring.source import Cell, Source
from checker.catalogue import seal_reveals
from checker.texts import Lang

IGNORED_OUTPUT = "nbval-ignore-output"
SPOILER = "spoiler"
"""A cell whose output would tell a reader what they are to find out: it is not stored."""
SKIPPED = frozenset({"nbval-skip", "skip-execution"})


def cells_of(source: Source, lang: Lang, *, solved: bool = False) -> Iterator[Cell]:
    """The cells of one notebook, in order.

    A learner gets the exercises and never a solution; a solved notebook has each exercise
    replaced by the solution that follows it.
    """
    left_out = "exercise" if solved else "solution"
    for cell in source.cells:
        mine = cell.kind == "code" or cell.lang == lang
        if mine and left_out not in cell.tags:
            yield cell


def notebook(source: Source, lang: Lang, *, solved: bool = False) -> NotebookNode:
    """The notebook of `source` in `lang`, without outputs."""
    made_by = {
        "lesson": source.lesson,
        "made_by": f"podlab author build {source.lesson}",
        "source": f"notebooks/source/{source.lesson}.py",
    }
    built: NotebookNode = from_dict(  # type: ignore[no-untyped-call]
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3 (ipykernel)",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
                "podlab": made_by,
            },
            "cells": list(_nodes(cells_of(source, lang, solved=solved), source.lesson)),
        }
    )
    return built


def _nodes(cells: Iterable[Cell], lesson: str) -> Iterator[dict[str, object]]:
    seen: Counter[str] = Counter()
    for cell in cells:
        name = hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:12]
        seen[name] += 1
        yield {
            "cell_type": cell.kind,
            # The same text twice (`check()` in each task) is told apart by its turn.
            "id": name if seen[name] == 1 else f"{name}-{seen[name]}",
            "metadata": {"tags": _tags(cell)} if cell.tags else {},
            "source": seal_reveals(lesson, cell.source) if cell.kind == "code" else cell.source,
            **({"outputs": [], "execution_count": None} if cell.kind == "code" else {}),
        }


def _tags(cell: Cell) -> list[str]:
    # A solution has no stored output to compare: it exists in no learner's notebook.
    added = {IGNORED_OUTPUT} if "solution" in cell.tags else set()
    return sorted({*cell.tags, *added})


def is_compared(cell: NotebookNode) -> bool:
    """Does nbval compare this cell of a built notebook, once it has an output?"""
    tags = set(cell.metadata.get("tags", ()))
    return cell.cell_type == "code" and not tags & {IGNORED_OUTPUT, *SKIPPED}
