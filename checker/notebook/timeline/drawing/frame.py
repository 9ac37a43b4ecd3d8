"""What all layers of one picture share: its scales, its axes, and how it says a time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import altair as alt

from checker.notebook.timeline.data import Lane, Timeline
from checker.notebook.timeline.drawing.layout import Place, lay_out
from checker.notebook.timeline.drawing.spans import pixel, span_of
from checker.notebook.timeline.drawing.style import WIDTH
from checker.texts import Lang, Text

SECONDS = Text("秒", "seconds")
STILL = Text("记录结束时还在", "still there at the end")
WHAT, BEGIN, UNTIL, MORE = "what", "begin", "until", "more"
TIPS = {
    WHAT: Text("对象", "what"),
    BEGIN: Text("从", "from"),
    UNTIL: Text("到", "to"),
    MORE: Text("说明", "details"),
}
"""What a tooltip tells, by the field of the row that holds it."""

Row = dict[str, Any]


def chart_of(rows: list[Row]) -> alt.Chart:
    """A chart of these rows, which has yet to be told how it looks."""
    return alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]


class Frame:
    """The frame of one picture. A row has its time in `at` and its height in `y`."""

    def __init__(self, timeline: Timeline, lang: Lang) -> None:
        self.timeline = timeline
        self.lang: Lang = lang
        self.span = span_of(timeline)
        self.layout = lay_out(timeline, lang)
        self._seconds = alt.Scale(domain=[0, self.span], nice=False)
        self._pixels = alt.Scale(domain=[self.layout.height, 0], nice=False, zero=False)
        self.axis = alt.Axis(title=SECONDS.pick(lang), tickCount=10)
        self.names = self._names()
        self.x = self.along("at")
        self.y = self.height("y")

    @property
    def places(self) -> Iterable[tuple[Lane, Place]]:
        """Every lane that is drawn, from the top, and where."""
        return self.layout.places.items()

    def along(self, field: str) -> alt.X:
        """The seconds of a field, left to right. Only what stands lowest shows the axis."""
        return self.across(field, None if self.timeline.panels else self.axis)

    def across(self, field: str, axis: alt.Axis | None) -> alt.X:
        """The seconds of a field, with this axis."""
        return alt.X(f"{field}:Q", scale=self._seconds, axis=axis)

    def height(self, field: str) -> alt.Y:
        """The pixels of a field, top to bottom, with the names of the lanes."""
        return alt.Y(f"{field}:Q", scale=self._pixels, axis=self.names)

    def tips(self, *fields: str) -> list[alt.Tooltip]:
        """A tooltip that tells these fields."""
        return [alt.Tooltip(f"{key}:N", title=TIPS[key].pick(self.lang)) for key in fields]

    def pixel(self, at: float) -> float:
        """Where a second stands, in pixels from the left."""
        return pixel(self.timeline, at)

    def second(self, pixel: float) -> float:
        """The second at a pixel."""
        return round(pixel / WIDTH * self.span, 3)

    def clock(self, at: float) -> str:
        """A second of the picture as the time of day, and as what it is."""
        moment = (self.timeline.began + timedelta(seconds=at)).astimezone()
        return f"{moment:%H:%M:%S} ({at:.1f} s)"

    def until(self, end: float | None) -> str:
        """When something ended, if it did."""
        return STILL.pick(self.lang) if end is None else self.clock(end)

    def _names(self) -> alt.Axis:
        names = {f"{place.middle:g}": lane.label.pick(self.lang) for lane, place in self.places}
        return alt.Axis(
            title=None,
            values=[place.middle for _, place in self.places],
            # JupyterLab's Vega reads no Python: a table of labels by place stands in for it.
            labelExpr=f"{json.dumps(names, ensure_ascii=False)}[format(datum.value, '~g')]",
            labelLimit=220,
            ticks=False,
            domain=False,
            labelPadding=10,
            labelOverlap=False,
        )
