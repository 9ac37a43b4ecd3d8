"""One place in a cell's output that changes while something takes its time.

What is shown last takes the place of all that was shown before: a notebook that is saved then
holds the result and nothing of the waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from IPython.display import publish_display_data

Bundle = Mapping[str, Any]


def show_bundle(bundle: Bundle, said: Bundle | None = None) -> None:
    """Show one output in several forms, by MIME type; the reader takes the richest it can.

    `said` is what is said of the output, and of each form by its MIME type.
    """
    _publish(bundle, metadata=dict(said or {}))


class Live:
    """The place. It is empty until something is shown."""

    def __init__(self) -> None:
        self._id = ""

    def __enter__(self) -> Live:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._id:
            self.show("")  # the error that follows says all

    def show(self, words: str) -> None:
        """Show words in place of what is there."""
        self.replace({"text/plain": words})

    def replace(self, bundle: Bundle) -> None:
        """Show a bundle in place of what is there."""
        begun = bool(self._id)
        self._id = self._id or uuid4().hex
        _publish(bundle, transient={"display_id": self._id}, update=begun)


def _publish(bundle: Bundle, **how: Any) -> None:
    publish_display_data(dict(bundle), **how)  # type: ignore[no-untyped-call]
