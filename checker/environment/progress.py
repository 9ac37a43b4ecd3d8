"""How long work tells where it is. The command line draws it; a program may stay quiet."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Protocol

from checker.texts import Text


class Step(Protocol):
    """One step under way."""

    def at(self, fraction: float) -> None:
        """Say how far it is, from 0 to 1."""


class Progress(Protocol):
    """Where steps are shown. Several may be under way at once."""

    def step(self, title: Text) -> contextlib.AbstractContextManager[Step]:
        """Show a step while the context lasts."""

    def note(self, words: Text) -> None:
        """Say one plain sentence that stays on the screen."""


class Quiet:
    """Shows nothing."""

    @contextlib.contextmanager
    def step(self, title: Text) -> Iterator[Step]:
        """Show nothing."""
        yield self

    def at(self, fraction: float) -> None:
        """Show nothing."""

    def note(self, words: Text) -> None:
        """Say nothing."""
