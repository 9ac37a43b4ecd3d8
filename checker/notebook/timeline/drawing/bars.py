"""Lives as bars, with a name in each, and the stripes at their foot."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from checker.notebook.timeline.data import Lane, Life, LifeKind
from checker.notebook.timeline.drawing import style
from checker.notebook.timeline.drawing.frame import (
    BEGIN,
    MORE,
    TIPS,
    UNTIL,
    WHAT,
    Frame,
    Row,
    chart_of,
)
from checker.notebook.timeline.drawing.spans import end_of, name_inside
from checker.notebook.timeline.drawing.style import BAR, INK, PAPER, SMALL


def bars(frame: Frame) -> Iterator[alt.Chart]:
    """All bars, names and stripes, and a mark on what lived on after the picture's end."""
    rows = [row for lane, _ in frame.places for row in _rows(frame, lane)]
    if not rows:
        return
    chart, tips = chart_of(rows), frame.tips(*TIPS)
    yield chart.mark_bar(cornerRadius=3, strokeWidth=1).encode(
        frame.x,
        frame.height("top"),
        x2="until_at:Q",
        y2="bottom:Q",
        color=alt.Color("fill:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
        tooltip=tips,
    )
    yield from _stripes(frame)
    inside = chart.transform_filter("datum.name !== ''")
    yield inside.mark_text(align="left", dx=6, fontSize=SMALL).encode(
        frame.x, frame.y, text="name:N", color=alt.Color("ink:N", scale=None), tooltip=tips
    )
    still = chart.transform_filter("datum.still")
    yield still.mark_text(text="▸", align="left", dx=2, color=INK).encode(
        frame.along("until_at"), frame.y
    )


def _rows(frame: Frame, lane: Lane) -> Iterator[Row]:
    timeline, lang = frame.timeline, frame.lang
    lives = sorted((a for a in timeline.lives if a.lane == lane), key=lambda a: a.start)
    turns = {kind: [a for a in lives if a.kind is kind] for kind in LifeKind}
    middle = frame.layout.places[lane].middle
    for life in lives:
        fill = _fill(life, turns[life.kind].index(life))
        half = style.HEIGHTS.get(life.kind, BAR) / 2
        words = (life.detail, life.ending.pick(lang), life.message)
        yield {
            "y": middle,
            "top": middle - half,
            "bottom": middle + half,
            "at": round(life.start, 3),
            "until_at": round(end_of(life, timeline), 3),
            "still": life.end is None,
            "name": name_inside(life, timeline, lang),
            "fill": fill,
            "edge": style.OUTLINED.get(life.kind, PAPER),
            "ink": PAPER if fill == style.BLUE else INK,
            WHAT: life.name.pick(lang),
            BEGIN: frame.clock(life.start),
            UNTIL: frame.until(life.end),
            MORE: "; ".join(word for word in words if word),
        }


def _fill(life: Life, turn: int) -> str:
    if life.shade is not None:
        return style.VALUES[life.shade % len(style.VALUES)]
    return style.SHADES[life.kind][turn % 2]


def _stripes(frame: Frame) -> Iterator[alt.Chart]:
    rows = [
        {
            "at": round(stripe.start, 3),
            "until_at": round(frame.span if stripe.end is None else stripe.end, 3),
            "y": place.middle + BAR / 2 - style.STRIPE,
            "bottom": place.middle + BAR / 2,
            WHAT: stripe.label.pick(frame.lang),
            BEGIN: frame.clock(stripe.start),
            UNTIL: frame.until(stripe.end),
        }
        for stripe in frame.timeline.stripes
        if (place := frame.layout.places.get(stripe.lane))
    ]
    if rows:
        chart = chart_of(rows).mark_bar(color=INK)
        tips = frame.tips(WHAT, BEGIN, UNTIL)
        yield chart.encode(frame.x, frame.y, x2="until_at:Q", y2="bottom:Q", tooltip=tips)
