"""Puts dots together or apart that would lie on top of each other. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.notebook.timeline.data import NOTHING, Dot, DotKind
from checker.notebook.timeline.drawing.style import BIN, DOT_ROW, WIDTH

ORDER = list(DotKind)


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


def dot_rows(dots: Iterable[Dot], span: float) -> dict[str, int]:
    """The row of each label in one lane, from the top: kinds that would touch stand in two.

    One kind keeps to one row, so that it can be followed along the lane.
    """
    times: dict[str, list[float]] = {}
    for dot in sorted(dots, key=lambda a: ORDER.index(a.kind)):
        times.setdefault(dot.label.en, []).append(dot.at)
    rows: dict[str, int] = {}
    for label, mine in times.items():
        taken = {
            row
            for other, row in rows.items()
            if any(abs(a - b) * WIDTH / span < DOT_ROW for a in mine for b in times[other])
        }
        rows[label] = next(row for row in range(len(times)) if row not in taken)
    return rows
