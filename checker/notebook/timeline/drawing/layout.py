"""Where each lane stands, and how high it is. Pure arithmetic, in pixels from the top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker.notebook.timeline.data import Dot, Lane, Timeline
from checker.notebook.timeline.drawing.bins import dot_rows
from checker.notebook.timeline.drawing.labels import Label
from checker.notebook.timeline.drawing.spans import span_of
from checker.notebook.timeline.drawing.style import BAR, DOT_ROW, MARGIN, MOST_LANES, ROW
from checker.notebook.timeline.drawing.under import under
from checker.texts import Lang

CLEAR = 2.0
"""Between a bar and the words below: their halo must not eat its border."""

Placed = tuple[float, Label]
"""A label and how high it stands."""


@dataclass(frozen=True)
class Place:
    """One lane: the middle of its bars, the words below them, the row of each kind of dot."""

    middle: float
    words: tuple[Placed, ...]
    dot_rows: Mapping[str, int]

    def height_of(self, dot: Dot) -> float:
        """How high a dot stands: in the middle, or in its row where kinds would hide each other."""
        last = max(self.dot_rows.values(), default=0)
        return self.middle + (self.dot_rows[dot.label.en] - last / 2) * DOT_ROW


@dataclass(frozen=True)
class Layout:
    """All lanes that are drawn."""

    places: dict[Lane, Place]
    height: float
    left_out: int


def lay_out(timeline: Timeline, lang: Lang) -> Layout:
    """Give each lane the room that its dots and words need; lanes past MOST_LANES are left out."""
    lanes = timeline.lanes
    places: dict[Lane, Place] = {}
    top = 0.0
    for lane in lanes[:MOST_LANES]:
        rows = dot_rows((dot for dot in timeline.dots if dot.lane == lane), span_of(timeline))
        half = max(BAR, DOT_ROW * (1 + max(rows.values(), default=0))) / 2
        middle = top + MARGIN + half
        labels = under(timeline, lane, lang)
        below = middle + half + CLEAR + ROW / 2
        places[lane] = Place(middle, tuple((below + ROW * a.row, a) for a in labels), rows)
        rows_of_words = 1 + max((label.row for label in labels), default=-1)
        top = middle + half + ROW * rows_of_words + (CLEAR if labels else 0) + MARGIN
    return Layout(places, max(top, 1.0), max(0, len(lanes) - MOST_LANES))
