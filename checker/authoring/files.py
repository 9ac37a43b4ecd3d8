"""Notebook files, read and written in one way."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from checker.authoring.errors import AuthoringError


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file, in nbformat 4. Raises AuthoringError for a file that is none."""
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (ValueError, nbformat.ValidationError) as error:
        raise AuthoringError(
            f"{path} is no notebook: {str(error).splitlines()[0]}. "
            f"Remove it and run: podlab author build {path.stem}"
        ) from error
    return notebook


def write_notebook(path: Path, notebook: NotebookNode) -> Path:
    """Store a valid notebook; folders are made."""
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path
