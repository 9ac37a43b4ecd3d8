"""Outputs of built notebooks: kept over a rebuild, cleaned after a run. Starts no kernel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from checker.authoring.build import is_compared
from checker.authoring.errors import AuthoringError

Clean = Callable[[str], str]
Patterns = tuple[tuple[re.Pattern[str], str], ...]

INTERACTIVE, PNG = "application/vnd.vegalite.v5+json", "image/png"

_PAIR = re.compile(r"^regex: (.*)\n^replace: (.*)$", re.MULTILINE)


class SanitizeError(AuthoringError):
    """A sanitize file of which nbval would silently leave something out."""


def sanitize_patterns(path: Path) -> Patterns:
    """The patterns of nbval's sanitize file. Raises SanitizeError for a pair that is not whole.

    nbval reads pairs with one expression and drops the rest without a word, for instance
    after an editor removed the blank at the end of an empty `replace: `.
    """
    text = path.read_text(encoding="utf-8")
    pairs = _PAIR.findall(text)
    for word in ("regex:", "replace:"):
        count = sum(line.startswith(word) for line in text.splitlines())
        if count != len(pairs):
            raise SanitizeError(
                f"{path}: {count} lines begin with '{word}' but {len(pairs)} pairs are whole. "
                "Write 'regex: …' and 'replace: …' on two lines that follow each other, "
                "with one blank after each colon."
            )
    return tuple((re.compile(regex), replace) for regex, replace in pairs)


def keep_outputs(built: NotebookNode, stored: NotebookNode) -> None:
    """Give each cell of `built` the outputs of the stored cell with the same text."""
    before = {cell.id: cell for cell in stored.cells if cell.cell_type == "code"}
    for cell in built.cells:
        if cell.cell_type == "code" and cell.id in before:
            cell.outputs = before[cell.id].outputs
            cell.execution_count = before[cell.id].execution_count


def clean_outputs(notebook: NotebookNode, patterns: Patterns, root: Path) -> None:
    """Write outputs as a learner would see them.

    Every cell: the names that the run gave to its workspaces become a learner's own
    (`patterns`, the same that nbval compares with). Only cells whose output nbval ignores:
    addresses in memory and this machine's folder, which tell a reader nothing.
    """

    def everywhere(text: str) -> str:
        for pattern, replacement in patterns:
            text = pattern.sub(replacement, text)
        return text

    def ignored(text: str) -> str:
        text = re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)
        return everywhere(text.replace(str(root), "."))

    for cell in notebook.cells:
        if cell.cell_type == "code":
            _rewrite(cell.outputs, everywhere if is_compared(cell) else ignored)
            cell.metadata.pop("execution", None)


def _rewrite(outputs: Iterable[NotebookNode], clean: Clean) -> None:
    for output in outputs:
        if "text" in output:
            output.text = clean(output.text)
        for kind, value in output.get("data", {}).items():
            output.data[kind] = _cleaned(value, clean)


def _cleaned(value: Any, clean: Clean) -> Any:
    """A form of an output with all its words cleaned; some forms are trees."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each, clean) for each in value]
    if isinstance(value, Mapping):
        return {key: _cleaned(each, clean) for key, each in value.items()}
    return value


def unseen_pictures(notebook: NotebookNode) -> int:
    """How many pictures a code host would not show: it knows nothing but PNG."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return sum(INTERACTIVE in o.get("data", {}) and PNG not in o.data for o in outputs)


def without_outputs(notebook: NotebookNode) -> list[dict[str, object]]:
    """The cells with text, id, tags and nothing a run wrote."""
    return [
        {
            **{k: v for k, v in cell.items() if k not in ("outputs", "execution_count")},
            "metadata": {k: v for k, v in cell.metadata.items() if k != "execution"},
        }
        for cell in notebook.cells
    ]
