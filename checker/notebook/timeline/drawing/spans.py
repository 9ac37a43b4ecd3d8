"""How long a bar is, and what of its name fits into it. Pure arithmetic."""

from __future__ import annotations

from checker.notebook.timeline.data import Life, LifeKind, Timeline
from checker.notebook.timeline.drawing.labels import shorten, width
from checker.notebook.timeline.drawing.style import LEAST_BAR, SPOKEN, WIDTH
from checker.texts import Lang

INSIDE = 10.0
"""Space that a bar leaves beside its words."""
MOST_BELOW = 150.0


def span_of(timeline: Timeline) -> float:
    """Seconds that the width of the picture stands for."""
    return max(timeline.seconds, 1.0)


def pixel(timeline: Timeline, at: float) -> float:
    """Where a second stands, in pixels from the left."""
    span = span_of(timeline)
    return min(max(at, 0.0), span) / span * WIDTH


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
