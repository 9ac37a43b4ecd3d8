"""Words in the picture: labels that have been given a place, and what was done, above all lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt

from checker.notebook.timeline.drawing.frame import BEGIN, WHAT, Frame, chart_of
from checker.notebook.timeline.drawing.labels import ALIGNS, arrange
from checker.notebook.timeline.drawing.layout import Placed
from checker.notebook.timeline.drawing.style import DEED_ROWS, INK, PAPER, ROW, SMALL, WIDTH

# Round, else the halo of an M or a W sticks out in spikes.
HALO: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 3, "strokeJoin": "round"}


def under_lanes(frame: Frame) -> Iterator[alt.Chart]:
    """What stands in words under the bars and dots of all lanes."""
    words = [word for _, place in frame.places for word in place.words]
    yield from _drawn(frame, words, frame.x, frame.y)


def deeds(frame: Frame, x: alt.X) -> Iterator[alt.Chart]:
    """What was done, in rows above the first view."""
    done = [(frame.pixel(deed.at), deed.label) for deed in frame.timeline.deeds]
    labels = arrange(done, WIDTH, DEED_ROWS)
    for row in sorted({label.row for label in labels}):
        above = alt.YValue(-8 - ROW * row)  # type: ignore[no-untyped-call]
        yield from _drawn(frame, [(0.0, a) for a in labels if a.row == row], x, above)


def rules(frame: Frame, x: alt.X) -> Iterator[alt.Chart]:
    """A dashed line for each deed."""
    rows = [
        {"at": round(deed.at, 3), WHAT: deed.label, BEGIN: frame.clock(deed.at)}
        for deed in frame.timeline.deeds
    ]
    if rows:
        rule = chart_of(rows).mark_rule(strokeDash=[4, 3], color=INK)
        yield rule.encode(x, tooltip=frame.tips(WHAT, BEGIN))


def _drawn(
    frame: Frame, words: Sequence[Placed], x: alt.X, y: alt.Y | alt.YValue
) -> Iterator[alt.Chart]:
    for align in ALIGNS:
        rows = [
            {"at": frame.second(label.x), "y": height, "words": label.words}
            for height, label in words
            if label.align == align
        ]
        if not rows:
            continue
        chart = chart_of(rows).encode(x, y, text="words:N")
        for halo in (HALO, {}):  # first a halo: a line may run behind the words
            yield chart.mark_text(
                align=align, dx=2 if align == "left" else -2, fontSize=SMALL, color=INK, **halo
            )
