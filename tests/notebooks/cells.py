"""Notebooks of a few cells, as they are stored after a run."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_code_cell, new_notebook, new_output


def cell(code: str, printed: str | None = None, tags: tuple[str, ...] = ()) -> Any:
    """A code cell as stored after a run; `printed` None: it printed nothing."""
    outputs = [] if printed is None else [new_output("stream", name="stdout", text=printed)]
    return new_code_cell(code, outputs=outputs, execution_count=1, metadata={"tags": [*tags]})


def stored(*cells: Any) -> Any:
    """A notebook of these cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[*cells], metadata={"kernelspec": kernel})
