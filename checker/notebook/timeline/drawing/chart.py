"""The whole picture: its heading, the view of the lanes, a view for each panel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt

from checker.notebook.timeline.data import Timeline
from checker.notebook.timeline.drawing import style
from checker.notebook.timeline.drawing.bars import bars
from checker.notebook.timeline.drawing.dots import dots
from checker.notebook.timeline.drawing.endings import endings, ends
from checker.notebook.timeline.drawing.frame import Frame
from checker.notebook.timeline.drawing.panels import draw_panel
from checker.notebook.timeline.drawing.style import GREY, INK, PAPER, SMALL, WIDTH
from checker.notebook.timeline.drawing.words import deeds, rules, under_lanes
from checker.texts import Lang, Text

LEFT_OUT = Text("还有 {count} 行没有画，见下表", "{count} more lanes are in the table only")
ALT = Text(
    "时间线，{seconds} 秒。各行从上到下：{lanes}。图下的表列出同样的事实。",
    "Timeline of {seconds} seconds. Lanes from the top: {lanes}. The table below the picture holds "
    "the same facts.",
)


def draw(timeline: Timeline, lang: Lang) -> alt.LayerChart | alt.VConcatChart:
    """The picture, in one language."""
    frame = Frame(timeline, lang)
    views = list(_views(frame))
    whole: Any = alt.vconcat(*views, spacing=24) if timeline.panels else views[0]
    picture: alt.LayerChart | alt.VConcatChart = (
        whole.properties(title=_heading(frame), description=_description(frame), background=PAPER)
        .configure(font=style.FONT)
        .configure_view(stroke=None)
        # Every colour is said: a dark theme would draw what is left open in white, on white paper.
        .configure_title(color=INK, subtitleColor=INK)
        .configure_axis(
            grid=False,
            labelFontSize=12,
            titleFontSize=SMALL,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=INK,
            domainColor=GREY,
            tickColor=GREY,
        )
        .configure_legend(
            orient="bottom",
            labelFontSize=12,
            labelColor=INK,
            symbolSize=110,
            title=None,
            labelLimit=300,
        )
    )
    return picture


def _views(frame: Frame) -> Iterator[alt.LayerChart]:
    timeline = frame.timeline
    lanes = bool(timeline.lanes) or not timeline.panels
    if lanes:
        yield _lanes(frame)
    for number, panel in enumerate(timeline.panels):
        lowest = number == len(timeline.panels) - 1
        x = frame.across("at", frame.axis if lowest else None)
        broken = any(value is None for line in panel.lines for _, value in line.points)
        behind = [*rules(frame, x), *(ends(frame, x) if broken else ())]
        if not lanes:
            behind += deeds(frame, x)
        yield draw_panel(panel, frame.lang, x, frame.clock, behind)


def _lanes(frame: Frame) -> alt.LayerChart:
    layers = [
        *rules(frame, frame.x),
        *deeds(frame, frame.x),
        *bars(frame),
        *endings(frame),
        *under_lanes(frame),
        *dots(frame),
    ]
    drawn: alt.LayerChart = (
        alt.layer(*layers)
        .resolve_scale(color="independent", shape="independent")
        .properties(width=WIDTH, height=frame.layout.height)
    )
    return drawn


def _heading(frame: Frame) -> alt.TitleParams:
    more: dict[str, Any] = {}
    if frame.layout.left_out:
        words = LEFT_OUT.format(count=frame.layout.left_out).pick(frame.lang)
        more = {"subtitle": words, "subtitleFontSize": SMALL}
    # Around several views Vega counts the words above the first one in, around one not.
    return alt.TitleParams(frame.timeline.title.pick(frame.lang), anchor="start", offset=10, **more)


def _description(frame: Frame) -> str:
    timeline, lang = frame.timeline, frame.lang
    names = [lane.label.pick(lang) for lane in timeline.lanes]
    names += [panel.label.pick(lang) for panel in timeline.panels]
    told = ALT.format(
        seconds=f"{timeline.seconds:.0f}", lanes=("、" if lang == "zh" else ", ").join(names)
    )
    return told.pick(lang)
