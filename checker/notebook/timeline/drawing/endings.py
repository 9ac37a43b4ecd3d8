"""Why lives ended: a mark at the end of a bar, and words under it."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from checker.notebook.timeline.data import NOTHING, Lane, LifeKind
from checker.notebook.timeline.drawing.frame import BEGIN, WHAT, Frame, chart_of
from checker.notebook.timeline.drawing.labels import arrange
from checker.notebook.timeline.drawing.layout import Place, name_below
from checker.notebook.timeline.drawing.style import BAR, GREY, INK, WIDTH
from checker.notebook.timeline.drawing.words import Placed, placed
from checker.texts import Text

MESSAGE = Text("“{message}”", "“{message}”")


def endings(frame: Frame) -> Iterator[alt.Chart]:
    """The mark of each end that has a reason, and all words under bars."""
    marks = [
        {"at": life.end, "y": place.middle}
        for lane, place in frame.places
        for life in frame.timeline.lives
        if life.lane == lane and life.end is not None and life.ending != NOTHING
    ]
    if marks:
        tick = chart_of(marks).mark_tick(thickness=3, size=BAR + 8, color=INK, opacity=1)
        yield tick.encode(frame.x, frame.y)
    words = [word for lane, place in frame.places for word in _under(frame, lane, place)]
    yield from placed(frame, words)


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


def _under(frame: Frame, lane: Lane, place: Place) -> Iterator[Placed]:
    """First the reasons, then what did not fit into the bars; last words in a row of their own."""
    lang = frame.lang
    lives = [life for life in frame.timeline.lives if life.lane == lane]
    over = [(frame.pixel(life.end), life) for life in lives if life.end is not None]
    why = [(x, life.ending.pick(lang)) for x, life in over]
    names = [(frame.pixel(a.start), name_below(a, frame.timeline, lang)) for a in lives]
    said = [
        (x, MESSAGE.format(message=" ".join(life.message.split())).pick(lang))
        for x, life in over
        if life.message
    ]
    if place.rows:
        reasons = arrange(why, WIDTH, 1, "right")
        yield from ((place.rows[0], a) for a in arrange(names, WIDTH, 1, beside=reasons))
    yield from ((place.rows[1], a) for a in arrange(said, WIDTH, 1, "right"))
