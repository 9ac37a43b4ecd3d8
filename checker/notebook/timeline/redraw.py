"""Draws the timelines of a stored notebook anew, from what was stored with them. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_output

from checker.notebook.timeline.show import TABLE, TimelinePicture
from checker.notebook.timeline.stored import TIMELINE_MIME, load
from checker.texts import Lang


def redraw(notebook: NotebookNode, lang: Lang) -> None:
    """Put the pictures and tables of today in the place of those that are stored."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = list(_outputs(cell.outputs, lang))


def _outputs(stored: Iterable[NotebookNode], lang: Lang) -> Iterator[NotebookNode]:
    for output in stored:
        data = output.get("data", {})
        if TIMELINE_MIME in data:
            picture = TimelinePicture(load(data[TIMELINE_MIME]), lang)
            for forms, said in (picture.picture(), picture.table()):
                yield new_output("display_data", forms, metadata=said)  # type: ignore[no-untyped-call]
        elif output.get("metadata") != TABLE:
            yield output
