"""Draws a timeline with Altair. No network: the result is drawn by vl-convert or by JupyterLab."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

import altair as alt

from checker.notebook.timeline import style
from checker.notebook.timeline.bins import binned
from checker.notebook.timeline.data import NOTHING, Deed, Dot, DotKind, Life, LifeKind, Timeline
from checker.notebook.timeline.labels import Label, arrange, width
from checker.notebook.timeline.layout import (
    Layout,
    end_of,
    lay_out,
    name_below,
    name_inside,
    said,
    span_of,
)
from checker.notebook.timeline.panels import draw_panel
from checker.notebook.timeline.style import BAR, DEED_ROWS, INK, PAPER, ROW, SMALL, WIDTH
from checker.texts import Lang, Text

SECONDS = Text("秒", "seconds")
STILL = Text("记录结束时还在", "still there at the end")
LEFT_OUT = Text("还有 {count} 行没有画，见下表", "{count} more lanes are in the table only")
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
MESSAGE = Text("“{message}”", "“{message}”")
GLYPH = 26.0
"""Width of a legend's symbol and the space around its words."""

Row = dict[str, Any]


def draw(timeline: Timeline, lang: Lang) -> alt.LayerChart | alt.VConcatChart:
    """The picture, in one language."""
    return _Painter(timeline, lang).picture()


def _chart(values: list[Row]) -> alt.Chart:
    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]


def _above(row: int) -> alt.YValue:
    return alt.YValue(-8 - ROW * row)  # type: ignore[no-untyped-call]


class _Painter:
    """One picture in the making: what all its layers share."""

    def __init__(self, timeline: Timeline, lang: Lang) -> None:
        self.timeline = timeline
        self.lang: Lang = lang
        self.span = span_of(timeline)
        self.layout: Layout = lay_out(timeline, lang)
        self.scale = alt.Scale(domain=[0, self.span], nice=False)
        self.axis = alt.Axis(title=SECONDS.pick(lang), tickCount=10)
        self.x = self._along("at", None if timeline.panels else self.axis)
        names = {f"{place.middle:g}": lane.label.pick(lang) for lane, place in self.places}
        self.heights = alt.Scale(domain=[self.layout.height, 0], nice=False, zero=False)
        self.labels = alt.Axis(
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
        self.y = self._height("y")
        self.tips = [alt.Tooltip(f"{key}:N", title=name.pick(lang)) for key, name in TIPS]

    @property
    def places(self) -> Iterable[tuple[Any, Any]]:
        return self.layout.places.items()

    def picture(self) -> alt.LayerChart | alt.VConcatChart:
        deeds = arrange(
            [(self._pixel(d.at), d.label) for d in self.timeline.deeds], WIDTH, DEED_ROWS
        )
        title = alt.TitleParams(
            self.timeline.title.pick(self.lang),
            anchor="start",
            # Around several views Vega counts the words above the first one in, around one not.
            offset=10,
            **self._left_out(),
        )
        lanes = "、" if self.lang == "zh" else ", "
        names = [lane.label.pick(self.lang) for lane in self.timeline.lanes]
        names += [panel.label.pick(self.lang) for panel in self.timeline.panels]
        told = ALT.format(seconds=f"{self.timeline.seconds:.0f}", lanes=lanes.join(names))
        views = [self._lanes(deeds)] if self.timeline.lanes or not self.timeline.panels else []
        for number, panel in enumerate(self.timeline.panels):
            last = number == len(self.timeline.panels) - 1
            x = self._along("at", self.axis if last else None)
            broken = any(value is None for line in panel.lines for _, value in line.points)
            rules = [*self._rules(x), *(self._ends(x) if broken else ())]
            words = [] if views else self._words(deeds, x)
            views.append(draw_panel(panel, self.lang, x, self._clock, [*rules, *words]))
        whole: Any = alt.vconcat(*views, spacing=24) if self.timeline.panels else views[0]
        picture: alt.LayerChart | alt.VConcatChart = (
            whole.properties(title=title, description=told.pick(self.lang), background=PAPER)
            .configure(font=style.FONT)
            .configure_view(stroke=None)
            .configure_axis(grid=False, labelFontSize=12, titleFontSize=12, labelColor=INK)
            .configure_legend(
                orient="bottom", labelFontSize=12, symbolSize=110, title=None, labelLimit=300
            )
        )
        return picture

    def _left_out(self) -> dict[str, Any]:
        if not self.layout.left_out:
            return {}
        words = LEFT_OUT.format(count=self.layout.left_out).pick(self.lang)
        return {"subtitle": words, "subtitleFontSize": SMALL}

    def _lanes(self, deeds: tuple[Label, ...]) -> alt.LayerChart:
        layers = [*self._rules(self.x), *self._words(deeds, self.x), *self._lives(), *self._dots()]
        drawn: alt.LayerChart = (
            alt.layer(*layers)
            .resolve_scale(color="independent", shape="independent")
            .properties(width=WIDTH, height=self.layout.height)
        )
        return drawn

    def _along(self, field: str, axis: alt.Axis | None) -> alt.X:
        return alt.X(f"{field}:Q", scale=self.scale, axis=axis)

    def _height(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=self.heights, axis=self.labels)

    def _pixel(self, at: float) -> float:
        return min(max(at, 0.0), self.span) / self.span * WIDTH

    def _clock(self, at: float) -> str:
        moment = (self.timeline.began + timedelta(seconds=at)).astimezone()
        return f"{moment:%H:%M:%S} ({at:.1f} s)"

    def _lives(self) -> Iterator[alt.Chart]:
        bars = [bar for lane, _ in self.places for bar in self._bars(lane)]
        if bars:
            chart = _chart(bars)
            yield chart.mark_bar(cornerRadius=3, strokeWidth=1).encode(
                self.x,
                self._height("top"),
                x2="until_at:Q",
                y2="bottom:Q",
                color=alt.Color("fill:N", scale=None),
                stroke=alt.Stroke("edge:N", scale=None),
                tooltip=self.tips,
            )
            yield from self._stripes()
            inside = chart.transform_filter("datum.name !== ''")
            yield inside.mark_text(align="left", dx=6, fontSize=SMALL).encode(
                self.x,
                self.y,
                text="name:N",
                color=alt.Color("ink:N", scale=None),
                tooltip=self.tips,
            )
            still = chart.transform_filter("datum.still")
            yield still.mark_text(text="▸", align="left", dx=2, color=INK).encode(
                self._along("until_at", None if self.timeline.panels else self.axis), self.y
            )
            yield from self._endings()

    def _bars(self, lane: object) -> Iterator[Row]:
        lives = sorted((a for a in self.timeline.lives if a.lane == lane), key=lambda a: a.start)
        turns = {kind: [a for a in lives if a.kind is kind] for kind in LifeKind}
        for life in lives:
            end = end_of(life, self.timeline)
            fill = self._fill(life, turns[life.kind].index(life))
            half = style.HEIGHTS.get(life.kind, BAR) / 2
            middle = self.layout.places[life.lane].middle
            words = (life.detail, life.ending.pick(self.lang), life.message)
            yield {
                "y": middle,
                "top": middle - half,
                "bottom": middle + half,
                "at": round(life.start, 3),
                "until_at": round(end, 3),
                "still": life.end is None,
                "name": name_inside(life, self.timeline, self.lang),
                "fill": fill,
                "edge": style.OUTLINED.get(life.kind, PAPER),
                "ink": PAPER if fill == style.BLUE else INK,
                "what": life.name.pick(self.lang),
                "begin": self._clock(life.start),
                "until": STILL.pick(self.lang) if life.end is None else self._clock(life.end),
                "more": "; ".join(word for word in words if word),
            }

    @staticmethod
    def _fill(life: Life, turn: int) -> str:
        if life.shade is not None:
            return style.VALUES[life.shade % len(style.VALUES)]
        return style.SHADES[life.kind][turn % 2]

    def _stripes(self) -> Iterator[alt.Chart]:
        rows = []
        for stripe in self.timeline.stripes:
            if place := self.layout.places.get(stripe.lane):
                end = self.span if stripe.end is None else stripe.end
                until = STILL.pick(self.lang) if stripe.end is None else self._clock(stripe.end)
                rows.append(
                    {
                        "at": round(stripe.start, 3),
                        "until_at": round(end, 3),
                        "y": place.middle + BAR / 2 - style.STRIPE,
                        "bottom": place.middle + BAR / 2,
                        "what": stripe.label.pick(self.lang),
                        "begin": self._clock(stripe.start),
                        "until": until,
                    }
                )
        if rows:
            yield (
                _chart(rows)
                .mark_bar(color=INK)
                .encode(self.x, self.y, x2="until_at:Q", y2="bottom:Q", tooltip=self.tips[:3])
            )

    def _endings(self) -> Iterator[alt.Chart]:
        """Why a life ended: a mark at its end, and words under the bar."""
        marks: list[Row] = []
        words: list[tuple[float, Label]] = []
        for lane, place in self.places:
            lives = [a for a in self.timeline.lives if a.lane == lane and a.end is not None]
            ended = [a for a in lives if a.ending != NOTHING]
            for life in ended:
                marks.append({"at": life.end, "y": place.middle})
            why = [(self._pixel(a.end or 0), a.ending.pick(self.lang)) for a in ended]
            under = arrange(why, WIDTH, 1, "right")
            names = [
                (self._pixel(a.start), name_below(a, self.timeline, self.lang))
                for a in self.timeline.lives
                if a.lane == lane
            ]
            if place.rows:
                under = arrange(names, WIDTH, 1, beside=under)
            words += [(place.rows[0], label) for label in under]
            last = [
                (self._pixel(a.end or 0), MESSAGE.format(message=_one_line(a.message)))
                for a in lives
                if a.message
            ]
            told = arrange([(x, text.pick(self.lang)) for x, text in last], WIDTH, 1, "right")
            words += [(place.rows[1], label) for label in told]
        if marks:
            yield (
                _chart(marks)
                .mark_tick(thickness=3, size=BAR + 8, color=INK, opacity=1)
                .encode(self.x, self.y)
            )
        yield from self._placed(words)

    def _rules(self, x: alt.X) -> Iterator[alt.Chart]:
        """A dashed line for each deed."""
        if deeds := [self._deed(deed) for deed in self.timeline.deeds]:
            rule = _chart(deeds).mark_rule(strokeDash=[4, 3], color=INK)
            yield rule.encode(x, tooltip=self.tips[:2])

    def _deed(self, deed: Deed) -> Row:
        return {"at": round(deed.at, 3), "what": deed.label, "begin": self._clock(deed.at)}

    def _ends(self, x: alt.X) -> Iterator[alt.Chart]:
        """In a panel: where a container ended."""
        rows = [
            {
                "at": life.end,
                "what": f"{life.lane.label.pick(self.lang)}: {life.ending.pick(self.lang)}",
                "begin": self._clock(life.end),
            }
            for life in self.timeline.lives
            if life.kind is LifeKind.container and life.end is not None
        ]
        if rows:
            rule = _chart(rows).mark_rule(color=style.GREY, strokeWidth=1.5)
            yield rule.encode(x, tooltip=self.tips[:2])

    def _words(self, labels: tuple[Label, ...], x: alt.X) -> Iterator[alt.Chart]:
        """What was done, in rows above all lanes."""
        for row in sorted({label.row for label in labels}):
            mine = [label for label in labels if label.row == row]
            yield from self._drawn([(0.0, label) for label in mine], _above(row), x)

    def _placed(self, words: list[tuple[float, Label]]) -> Iterator[alt.Chart]:
        yield from self._drawn(words, self.y, self.x)

    def _drawn(
        self, words: list[tuple[float, Label]], y: alt.Y | alt.YValue, x: alt.X
    ) -> Iterator[alt.Chart]:
        """Labels that `arrange` has placed, each at its height."""
        for align, group in groupby(
            sorted(words, key=lambda a: a[1].align), key=lambda a: a[1].align
        ):
            values = [
                {"at": round(a.x / WIDTH * self.span, 3), "y": height, "words": a.words}
                for height, a in group
            ]
            dx = 2 if align == "left" else -2
            chart = _chart(values).encode(x, y, text="words:N")
            halos: tuple[dict[str, Any], ...] = ({"stroke": PAPER, "strokeWidth": 3}, {})
            for halo in halos:  # first a halo: a line may run behind the words
                yield chart.mark_text(align=align, dx=dx, fontSize=SMALL, color=INK, **halo)

    def _dots(self) -> Iterator[alt.Chart]:
        dots = [dot for dot in self.timeline.dots if dot.lane in self.layout.places]
        if not dots:
            return
        rows = [self._dot(dot, many) for dot, many in binned(dots, self.span)]
        order = sorted(dots, key=lambda a: list(DotKind).index(a.kind))
        kinds = {dot.label.pick(self.lang): dot.kind for dot in order}
        shapes = alt.Scale(
            domain=list(kinds), range=[style.SHAPES[kind] for kind in kinds.values()]
        )
        colours = alt.Scale(
            domain=list(kinds), range=[style.COLOURS[kind] for kind in kinds.values()]
        )
        spoken = {dot.label.pick(self.lang) for dot in dots if dot.says != NOTHING}
        told = [label for label in kinds if label not in spoken]
        legend = alt.Legend(columns=_columns(told), values=told) if told else None
        yield (
            _chart(rows)
            .mark_point(filled=True, opacity=1, stroke=PAPER, strokeWidth=0.5)
            .encode(
                self.x,
                self.y,
                shape=alt.Shape("label:N", scale=shapes, legend=legend),
                color=alt.Color("label:N", scale=colours, legend=legend),
                size=alt.Size("size:Q", scale=None),
                tooltip=[tip for tip in self.tips if tip is not self.tips[2]],
            )
        )
        words = [
            (place.rows[label.row], label)
            for lane, place in self.places
            for label in said(self.timeline, lane, self.lang)
        ]
        yield from self._placed(words)

    @staticmethod
    def _crowded(dot: Dot) -> bool:
        """Whether dots of its lane come so close that they need two rows."""
        return dot.lane.key.startswith("request/") or dot.lane.key.endswith("/pulls")

    def _dot(self, dot: Dot, many: int) -> Row:
        label = dot.label.pick(self.lang)
        busy = dot.lane.key.startswith("request/")
        aside = style.ASIDE if dot.kind in style.ABOVE else -style.ASIDE
        return {
            "y": self.layout.places[dot.lane].middle - (aside if self._crowded(dot) else 0.0),
            "at": round(dot.at, 3),
            "label": label,
            "size": style.SMALL_DOT if busy and dot.kind is DotKind.good else style.DOT,
            "what": f"{label} ×{many}" if many > 1 else label,
            "begin": self._clock(dot.at),
            "more": dot.value,
        }


def _columns(words: Iterable[str]) -> int:
    """How many entries of a legend fit beside each other; 0 (all) where all do."""
    widths = [width(word) * 12 / SMALL + GLYPH for word in words]
    return 0 if sum(widths) <= WIDTH else max(1, int(WIDTH // max(widths)))


def _one_line(message: str) -> str:
    return " ".join(message.split())
