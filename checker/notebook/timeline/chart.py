"""Draws a timeline with Altair. No network: the result is drawn by vl-convert or by JupyterLab.

Colours are those of Okabe and Ito, which colour-blind eyes tell apart; and no fact is told by
colour alone. Sizes are in pixels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

import altair as alt

from checker.notebook.timeline.data import NOTHING, DotKind, Lane, LifeKind, Timeline
from checker.notebook.timeline.labels import Label, arrange, shorten
from checker.texts import Lang, Text

WIDTH = 600
LANE = 52
BAR = 20
ROW = 15
DEED_ROWS = 3
LEAST_BAR = 3
"""Width of a bar whose life was too short to be seen."""

FONT = "Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
INK = "#222222"
PAPER = "#ffffff"
# Lives that follow each other in one lane take turns: where one ends and the next begins is seen.
SHADES = {
    LifeKind.claim: ("#0072B2", "#4C9CCB"),
    LifeKind.pod: ("#56B4E9", "#B5DEF6"),
    LifeKind.container: ("#E69F00", "#F7D581"),
    LifeKind.other: ("#AAAAAA", "#D5D5D5"),
}
DARK = "#0072B2"
CROSS = "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z"
SHAPES = {DotKind.good: "circle", DotKind.bad: CROSS, DotKind.none: "triangle-up"}
COLOURS = {DotKind.good: "#009E73", DotKind.bad: "#D55E00", DotKind.none: "#777777"}

SECONDS = Text("秒", "seconds")
STILL = Text("记录结束时还在", "still there at the end")
TIPS = (
    ("what", Text("对象", "what")),
    ("begin", Text("从", "from")),
    ("until", Text("到", "to")),
    ("more", Text("说明", "details")),
)
ALT = Text(
    "时间线，{seconds} 秒。各行从上到下：{lanes}。图下的表列出同样的事实。",
    "Timeline of {seconds} seconds. Lanes from the top: {lanes}. The table below the picture holds "
    "the same facts.",
)


def draw(timeline: Timeline, lang: Lang) -> alt.LayerChart:
    """The picture, in one language."""
    return _Painter(timeline, lang).picture()


def _chart(values: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]


def _above(row: int) -> alt.YValue:
    return alt.YValue(-8 - ROW * row)  # type: ignore[no-untyped-call]


class _Painter:
    """One picture in the making: what all its layers share."""

    def __init__(self, timeline: Timeline, lang: Lang) -> None:
        self.timeline = timeline
        self.lang: Lang = lang
        self.span = max(timeline.seconds, 1.0)
        self.lanes = [lane.label.pick(lang) for lane in timeline.lanes]
        scale = alt.Scale(domain=[0, self.span], nice=False)
        self.x = alt.X("at:Q", scale=scale, axis=alt.Axis(title=SECONDS.pick(lang), tickCount=10))
        # A lane is a number to Vega, since two lanes may have one label.
        names = f"{json.dumps(self.lanes)}[toNumber(datum.value)]"
        axis = alt.Axis(
            title=None, labelExpr=names, labelLimit=200, ticks=False, domain=False, labelPadding=10
        )
        places = [str(place) for place in range(len(self.lanes))]
        self.y = alt.Y("lane:N", scale=alt.Scale(domain=places), axis=axis)
        self.tips = [alt.Tooltip(f"{key}:N", title=name.pick(lang)) for key, name in TIPS]

    def picture(self) -> alt.LayerChart:
        deeds = arrange(
            [(self._pixel(deed.at), deed.label) for deed in self.timeline.deeds], WIDTH, DEED_ROWS
        )
        rows = max((label.row + 1 for label in deeds), default=0)
        lanes = "、" if self.lang == "zh" else ", "
        alternative = ALT.format(
            seconds=f"{self.timeline.seconds:.0f}", lanes=lanes.join(self.lanes)
        )
        title = alt.TitleParams(
            self.timeline.title.pick(self.lang), anchor="start", offset=10 + ROW * rows
        )
        picture: alt.LayerChart = (
            alt.layer(*self._deeds(deeds), *self._lives(), *self._dots())
            .resolve_scale(color="independent", shape="independent")
            .properties(
                width=WIDTH,
                height=LANE * max(len(self.lanes), 1),
                title=title,
                description=alternative.pick(self.lang),
                background=PAPER,
            )
            .configure(font=FONT)
            .configure_view(stroke=None)
            .configure_axis(grid=False, labelFontSize=12, titleFontSize=12, labelColor=INK)
            .configure_legend(orient="bottom", labelFontSize=12, symbolSize=110, title=None)
        )
        return picture

    def _pixel(self, at: float) -> float:
        return min(max(at, 0.0), self.span) / self.span * WIDTH

    def _place(self, lane: Lane) -> str:
        return str(self.timeline.lanes.index(lane))

    def _clock(self, at: float) -> str:
        moment = (self.timeline.began + timedelta(seconds=at)).astimezone()
        return f"{moment:%H:%M:%S} ({at:.1f} s)"

    def _lives(self) -> Iterator[alt.Chart]:
        bars = self._bars()
        if not bars:
            return
        chart = _chart(bars)
        yield chart.mark_bar(height=BAR, cornerRadius=3, stroke=PAPER).encode(
            self.x, self.y, x2="until_at:Q", color=alt.Color("fill:N", scale=None),
            tooltip=self.tips,
        )  # fmt: skip
        inside = chart.transform_filter("datum.name !== ''")
        yield inside.mark_text(align="left", dx=6, fontSize=11).encode(
            self.x, self.y, text="name:N", color=alt.Color("ink:N", scale=None)
        )
        still = chart.transform_filter("datum.still")
        yield still.mark_text(text="▸", align="left", dx=2, color=INK).encode(
            alt.X("until_at:Q"), self.y
        )
        yield from self._endings()

    def _bars(self) -> list[dict[str, Any]]:
        bars = []
        for lane in self.timeline.lanes:
            lives = sorted(
                (life for life in self.timeline.lives if life.lane == lane), key=lambda a: a.start
            )
            for number, life in enumerate(lives):
                end = self.span if life.end is None else life.end
                end = max(end, life.start + self.span * LEAST_BAR / WIDTH)
                fill = SHADES[life.kind][number % 2]
                room = self._pixel(end) - self._pixel(life.start) - 10
                until = STILL.pick(self.lang) if life.end is None else self._clock(life.end)
                bars.append(
                    {
                        "lane": self._place(lane),
                        "at": life.start,
                        "until_at": end,
                        "still": life.end is None,
                        "name": shorten(life.name.pick(self.lang), room),
                        "fill": fill,
                        "ink": PAPER if fill == DARK else INK,
                        "what": life.name.pick(self.lang),
                        "begin": self._clock(life.start),
                        "until": until,
                        "more": "; ".join(
                            word for word in (life.detail, life.ending.pick(self.lang)) if word
                        ),
                    }
                )
        return bars

    def _endings(self) -> Iterator[alt.Chart]:
        """Why a life ended: a mark at its end, and words under the bar."""
        for lane in self.timeline.lanes:
            ends = [
                (life.end, life.ending.pick(self.lang))
                for life in self.timeline.lives
                if life.lane == lane and life.end is not None and life.ending != NOTHING
            ]
            word = self._place(lane)
            marks = [{"at": at, "lane": word} for at, _ in ends]
            if not marks:
                continue
            chart = _chart(marks)
            yield chart.mark_tick(thickness=3, size=BAR + 8, color=INK, opacity=1).encode(
                self.x, self.y
            )
            labels = arrange([(self._pixel(at), why) for at, why in ends], WIDTH, 1, "right")
            yield from self._words(labels, lane=word, dy=BAR / 2 + 8)

    def _deeds(self, labels: tuple[Label, ...]) -> Iterator[alt.Chart]:
        deeds = [
            {"at": deed.at, "what": deed.label, "begin": self._clock(deed.at)}
            for deed in self.timeline.deeds
        ]
        if not deeds:
            return
        chart = _chart(deeds)
        yield chart.mark_rule(strokeDash=[4, 3], color=INK).encode(self.x, tooltip=self.tips[:2])
        yield from self._words(labels)

    def _words(
        self, labels: tuple[Label, ...], lane: str | None = None, dy: float = 0
    ) -> Iterator[alt.Chart]:
        """Labels that `arrange` has placed: in a lane, or in rows above all lanes."""
        for (row, align), group in groupby(
            sorted(labels, key=lambda a: (a.row, a.align)), key=lambda a: (a.row, a.align)
        ):
            values = [
                {"at": a.x / WIDTH * self.span, "words": a.words, "lane": lane} for a in group
            ]
            y = self.y if lane else _above(row)
            dx = 2 if align == "left" else -2
            chart = _chart(values).encode(self.x, y, text="words:N")
            halos: tuple[dict[str, Any], ...] = ({"stroke": PAPER, "strokeWidth": 3}, {})
            for halo in halos:  # first a halo: a line may run behind the words
                yield chart.mark_text(align=align, dx=dx, dy=dy, fontSize=11, color=INK, **halo)

    def _dots(self) -> Iterator[alt.Chart]:
        dots = [
            {
                "lane": self._place(dot.lane),
                "at": dot.at,
                "label": dot.label.pick(self.lang),
                "what": dot.label.pick(self.lang),
                "begin": self._clock(dot.at),
                "more": dot.value,
            }
            for dot in self.timeline.dots
        ]
        if not dots:
            return
        order = sorted(self.timeline.dots, key=lambda a: list(DotKind).index(a.kind))
        kinds = {dot.label.pick(self.lang): dot.kind for dot in order}
        shapes = alt.Scale(domain=list(kinds), range=[SHAPES[kind] for kind in kinds.values()])
        colours = alt.Scale(domain=list(kinds), range=[COLOURS[kind] for kind in kinds.values()])
        tips = [tip for tip in self.tips if tip is not self.tips[2]]
        yield (
            _chart(dots)
            .mark_point(filled=True, size=110, opacity=1, stroke=PAPER, strokeWidth=0.5)
            .encode(
                self.x,
                self.y,
                shape=alt.Shape("label:N", scale=shapes),
                color=alt.Color("label:N", scale=colours),
                tooltip=tips,
            )
        )
