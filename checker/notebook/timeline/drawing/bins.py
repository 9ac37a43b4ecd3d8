"""Puts dots together that would lie on top of each other. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.notebook.timeline.data import NOTHING, Dot
from checker.notebook.timeline.drawing.style import BIN, WIDTH


def binned(dots: Iterable[Dot], span: float) -> Iterator[tuple[Dot, int]]:
    """Each dot that is drawn, and how many it stands for.

    Dots of one lane and one label that begin within BIN pixels of the first are one. Dots with
    words of their own stay as they are. `span` is what the picture's width stands for, in seconds.
    """
    first: dict[tuple[str, str], int] = {}
    found: list[tuple[Dot, int]] = []
    for dot in sorted(dots, key=lambda a: a.at):
        key = (dot.lane.key, dot.label.en)
        at = first.get(key)
        if at is not None and dot.says == NOTHING and dot.at - found[at][0].at < BIN / WIDTH * span:
            found[at] = (found[at][0], found[at][1] + 1)
        else:
            first[key] = len(found)
            found.append((dot, 1))
    # What went wrong is drawn last, so that nothing hides it.
    yield from sorted(found, key=lambda a: a[0].kind.value == "bad")
