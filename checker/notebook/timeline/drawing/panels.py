"""Draws numbers over time on a scale of their own, with the limit as a line across."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

import altair as alt

from checker.notebook.timeline.data import Panel
from checker.notebook.timeline.drawing.frame import chart_of
from checker.notebook.timeline.drawing.style import INK, LIMIT_LINE, LINES, PANEL, SMALL, WIDTH
from checker.notebook.timeline.drawing.words import HALO
from checker.texts import Lang, Text

LIMIT = Text("上限 {limit:g} {unit}", "limit {limit:g} {unit}")
SHORT = 6
"""Letters of a unit that can stand behind a number; a longer one stands at the scale only."""
TIPS = (
    ("what", Text("对象", "what")),
    ("begin", Text("时刻", "at")),
    ("much", Text("数值", "value")),
)
ROOM = 1.15
"""The scale ends so much above the highest of what it shows, so that words fit in."""

Clock = Callable[[float], str]


def draw_panel(
    panel: Panel, lang: Lang, x: alt.X, clock: Clock, behind: list[alt.Chart]
) -> alt.LayerChart:
    """One panel, as wide as the lanes are. `behind` are layers that it shares with them."""
    most = max((value or 0.0 for line in panel.lines for _, value in line.points), default=0.0)
    limit = max((limit or 0.0 for _, limit in panel.limits), default=0.0)
    top = max(most, limit, 1e-3) * ROOM
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(
            title=panel.unit.pick(lang) or None, tickCount=4, grid=True, gridColor="#eeeeee"
        ),
    )
    layers = list(_lines(panel, lang, x, y, clock))
    if rows := list(_limit_rows(panel, lang, clock)):
        limits = chart_of(rows)
        # A line of use may cross a limit, but not the words of it.
        layers = [*_limits(limits, lang, x, y), *layers, *_numbers(limits, x, y)]
    title = alt.TitleParams(
        panel.label.pick(lang), anchor="start", fontSize=12, fontWeight="normal"
    )
    drawn: alt.LayerChart = (
        alt.layer(*behind, *layers)
        .resolve_scale(color="independent", shape="independent", strokeDash="independent")
        .properties(width=WIDTH, height=PANEL, title=title)
    )
    return drawn


def _limit_rows(panel: Panel, lang: Lang, clock: Clock) -> Iterator[dict[str, Any]]:
    """From when to when each limit held, and what it was."""
    unit = panel.unit.pick(lang) if len(panel.unit.en) <= SHORT else ""
    ends = [since for since, _ in panel.limits[1:]]
    for (since, limit), end in zip_longest(panel.limits, ends):
        if limit is not None:
            yield {
                "at": round(since, 3),
                "until_at": end,
                "value": limit,
                "what": LIMIT.format(limit=round(limit, 3), unit=unit).pick(lang).strip(),
                "begin": clock(since),
            }


def _limits(chart: alt.Chart, lang: Lang, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """A dashed line for as long as each limit held."""
    tips = [alt.Tooltip(f"{key}:N", title=name.pick(lang)) for key, name in TIPS[:2]]
    look: dict[str, Any] = {"color": LIMIT_LINE[0], "strokeDash": LIMIT_LINE[1], "strokeWidth": 1.5}
    over = chart.transform_filter("datum.until_at !== null")
    yield over.mark_rule(**look).encode(x, y, x2="until_at:Q", tooltip=tips)
    still = chart.transform_filter("datum.until_at === null")
    edge = alt.X2Value(WIDTH)  # type: ignore[no-untyped-call]
    yield still.mark_rule(**look).encode(x, y, x2=edge, tooltip=tips)


def _numbers(chart: alt.Chart, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """Each limit in words, where it begins."""
    for halo in (HALO, {}):
        yield chart.mark_text(
            align="left", baseline="bottom", dx=4, dy=-3, fontSize=SMALL, color=INK, **halo
        ).encode(x, y, text="what:N")


def _lines(panel: Panel, lang: Lang, x: alt.X, y: alt.Y, clock: Clock) -> Iterator[alt.Chart]:
    rows: list[dict[str, Any]] = []
    names = [line.label.pick(lang) for line in panel.lines]
    for name, line in zip(names, panel.lines, strict=True):
        piece = 0
        for at, value in line.points:
            if value is None:
                piece += 1
                continue
            rows.append(
                {
                    "at": round(at, 3),
                    "value": round(value, 4),
                    "line": name,
                    "piece": f"{name} {piece}",
                    "what": name,
                    "begin": clock(at),
                    "much": f"{value:.3g} {panel.unit.pick(lang)}".strip(),
                }
            )
    looks = LINES[: len(names)]
    colours = alt.Scale(domain=names, range=[look[0] for look in looks])
    shapes = alt.Scale(domain=names, range=[look[1] for look in looks])
    dashes = alt.Scale(domain=names, range=[look[2] for look in looks])
    legend = alt.Legend() if len(names) > 1 else None
    colour = alt.Color("line:N", scale=colours, legend=legend)
    chart = chart_of(rows)
    yield chart.mark_line(strokeWidth=2).encode(
        x,
        y,
        alt.Color("line:N", scale=colours, legend=None),
        strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=None),
        detail="piece:N",
    )
    yield chart.mark_point(filled=True, size=28, opacity=1).encode(
        x,
        y,
        colour,
        shape=alt.Shape("line:N", scale=shapes, legend=legend),
        tooltip=[alt.Tooltip(f"{key}:N", title=name.pick(lang)) for key, name in TIPS],
    )
