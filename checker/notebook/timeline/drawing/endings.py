"""Where lives ended: a mark on the bar, and a line through a panel. The words are `under`'s."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from checker.notebook.timeline.data import NOTHING, LifeKind
from checker.notebook.timeline.drawing.frame import BEGIN, WHAT, Frame, chart_of
from checker.notebook.timeline.drawing.style import BAR, GREY, INK


def endings(frame: Frame) -> Iterator[alt.Chart]:
    """The mark of each end that has a reason."""
    marks = [
        {"at": life.end, "y": place.middle}
        for lane, place in frame.places
        for life in frame.timeline.lives
        if life.lane == lane and life.end is not None and life.ending != NOTHING
    ]
    if marks:
        tick = chart_of(marks).mark_tick(thickness=3, size=BAR + 8, color=INK, opacity=1)
        yield tick.encode(frame.x, frame.y)


def ends(frame: Frame, x: alt.X) -> Iterator[alt.Chart]:
    """In a panel: a line where a container ended."""
    rows = [
        {
            "at": life.end,
            WHAT: f"{life.lane.label.pick(frame.lang)}: {life.ending.pick(frame.lang)}",
            BEGIN: frame.clock(life.end),
        }
        for life in frame.timeline.lives
        if life.kind is LifeKind.container and life.end is not None
    ]
    if rows:
        rule = chart_of(rows).mark_rule(color=GREY, strokeWidth=1.5)
        yield rule.encode(x, tooltip=frame.tips(WHAT, BEGIN))
