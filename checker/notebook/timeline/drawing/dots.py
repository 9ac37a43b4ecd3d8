"""What was seen at one moment, as dots: their shapes and their legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import altair as alt

from checker.notebook.timeline.data import NOTHING, Dot, DotKind
from checker.notebook.timeline.drawing import style
from checker.notebook.timeline.drawing.bins import binned
from checker.notebook.timeline.drawing.frame import BEGIN, MORE, WHAT, Frame, Row, chart_of
from checker.notebook.timeline.drawing.labels import width
from checker.notebook.timeline.drawing.style import INK, PAPER, SMALL, WIDTH

GLYPH = 26.0
"""Width of a legend's symbol and the space around its words."""


def dots(frame: Frame) -> Iterator[alt.Chart]:
    """All dots with their legend."""
    drawn = [dot for dot in frame.timeline.dots if dot.lane in frame.layout.places]
    if not drawn:
        return
    rows = [_row(frame, dot, many) for dot, many in binned(drawn, frame.span)]
    order = sorted(drawn, key=lambda a: list(DotKind).index(a.kind))
    kinds = {dot.label.pick(frame.lang): dot.kind for dot in order}
    shapes = alt.Scale(domain=list(kinds), range=[style.SHAPES[kind] for kind in kinds.values()])
    colours = alt.Scale(domain=list(kinds), range=[style.COLOURS[kind] for kind in kinds.values()])
    spoken = {dot.label.pick(frame.lang) for dot in drawn if dot.says != NOTHING}
    told = [label for label in kinds if label not in spoken]
    legend = alt.Legend(columns=_columns(told), values=told) if told else None
    points = chart_of(rows).mark_point(filled=True, opacity=1, strokeWidth=0.7)
    yield points.encode(
        frame.x,
        frame.y,
        shape=alt.Shape("label:N", scale=shapes, legend=legend),
        color=alt.Color("label:N", scale=colours, legend=legend),
        size=alt.Size("size:Q", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
        tooltip=frame.tips(WHAT, BEGIN, MORE),
    )


def _row(frame: Frame, dot: Dot, many: int) -> Row:
    label = dot.label.pick(frame.lang)
    busy = dot.lane.key.startswith("request/")
    return {
        "y": frame.layout.places[dot.lane].height_of(dot),
        "at": round(dot.at, 3),
        "label": label,
        "size": style.SMALL_DOT if busy and dot.kind is DotKind.good else style.DOT,
        "edge": INK if dot.kind in style.PALE else PAPER,
        WHAT: f"{label} ×{many}" if many > 1 else label,
        BEGIN: frame.clock(dot.at),
        MORE: dot.value,
    }


def _columns(words: Iterable[str]) -> int:
    """How many entries of a legend fit beside each other; 0 (all) where all do."""
    widths = [width(word) * 12 / SMALL + GLYPH for word in words]
    return 0 if sum(widths) <= WIDTH else max(1, int(WIDTH // max(widths)))
