"""Where each lane stands, and how high it is. Pure arithmetic, in pixels from the top."""

from __future__ import annotations

from dataclasses import dataclass

from checker.notebook.timeline.data import Lane, Life, LifeKind, Timeline
from checker.notebook.timeline.drawing.labels import Label, arrange, shorten, width
from checker.notebook.timeline.drawing.style import (
    BAR,
    LEAST_BAR,
    MARGIN,
    MOMENT_ROWS,
    MOST_LANES,
    ROW,
    SPOKEN,
    WIDTH,
)
from checker.texts import Lang

INSIDE = 10.0
"""Space that a bar leaves beside its words."""
MOST_BELOW = 150.0


@dataclass(frozen=True)
class Place:
    """One lane: the middle of its bar, and the middles of the rows of words below that."""

    middle: float
    rows: tuple[float, ...]


@dataclass(frozen=True)
class Layout:
    """All lanes that are drawn."""

    places: dict[Lane, Place]
    height: float
    left_out: int


def lay_out(timeline: Timeline, lang: Lang) -> Layout:
    """Give each lane the room that its words need; lanes past MOST_LANES are left out."""
    lanes = timeline.lanes
    places: dict[Lane, Place] = {}
    top = 0.0
    for lane in lanes[:MOST_LANES]:
        middle = top + MARGIN + BAR / 2
        below = middle + BAR / 2 + ROW / 2
        rows = tuple(below + ROW * row for row in range(_rows(timeline, lane, lang)))
        places[lane] = Place(middle, rows)
        top = middle + BAR / 2 + ROW * len(rows) + MARGIN
    return Layout(places, max(top, 1.0), max(0, len(lanes) - MOST_LANES))


def span_of(timeline: Timeline) -> float:
    """Seconds that the width of the picture stands for."""
    return max(timeline.seconds, 1.0)


def end_of(life: Life, timeline: Timeline) -> float:
    """Where its bar ends: wide enough to be seen, however short the life was."""
    span = span_of(timeline)
    end = span if life.end is None else life.end
    return max(end, life.start + span * LEAST_BAR / WIDTH)


def name_inside(life: Life, timeline: Timeline, lang: Lang) -> str:
    """What of its name stands in its bar. A state is said in full or not at all."""
    name = life.name.pick(lang)
    length = (end_of(life, timeline) - life.start) / span_of(timeline) * WIDTH - INSIDE
    if life.kind in SPOKEN and life.kind is not LifeKind.value:
        return name if width(name) <= length else ""
    return shorten(name, length)


def name_below(life: Life, timeline: Timeline, lang: Lang) -> str:
    """What stands below its bar because it did not fit in, and has to be said."""
    if life.kind not in SPOKEN or name_inside(life, timeline, lang):
        return ""
    return shorten(life.name.pick(lang), MOST_BELOW)


def _rows(timeline: Timeline, lane: Lane, lang: Lang) -> int:
    """How many rows of words stand below a lane's bar."""
    lives = [life for life in timeline.lives if life.lane == lane]
    if any(life.message and life.end is not None for life in lives):
        return 2
    if any(life.ending.pick(lang) and life.end is not None for life in lives):
        return 1
    if any(name_below(life, timeline, lang) for life in lives):
        return 1
    return max((label.row + 1 for label in said(timeline, lane, lang)), default=0)


def said(timeline: Timeline, lane: Lane, lang: Lang) -> tuple[Label, ...]:
    """The words beside the dots of a lane, in as many rows as they need, within bounds."""
    scale = WIDTH / span_of(timeline)
    dots = [dot for dot in timeline.dots if dot.lane == lane]
    return arrange([(dot.at * scale, dot.says.pick(lang)) for dot in dots], WIDTH, MOMENT_ROWS)
