"""The same facts as the picture, as rows: for a screen reader, a terminal, a diff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from checker.notebook.timeline.data import Lane, Line, Panel, Timeline
from checker.notebook.timeline.drawing.bins import binned
from checker.texts import Lang, Text

HEAD = (Text("秒", "s"), Text("对象", "what"), Text("发生了什么", "what happened"))
BEGINS = Text("{name} 开始", "{name} begins")
IS_THERE = Text("{name} 已经在", "{name} is there")
ENDS = Text("{name} 结束", "{name} ends")
DONE = Text("操作", "done")
SHOW = Text("同样的事实，列成表", "The same facts as a table")
NOTHING = Text("（什么也没有记录到）", "(nothing was recorded)")
LIMIT = Text("上限 {limit:.4g} {unit}", "limit {limit:.4g} {unit}")
NO_LIMIT = Text("没有上限", "no limit")
BROKEN = Text("{line}：中断", "{line}: no more")
MOST_NUMBERS = 30
"""Rows of one line; of more numbers every second, third, … is told, and always the highest."""


@dataclass(frozen=True, order=True)
class Row:
    """One fact. Rows are ordered by time, then by lane from top to bottom."""

    at: float
    place: int
    lane: str
    words: str

    @property
    def cells(self) -> tuple[str, str, str]:
        """The row as words."""
        return (f"{self.at:.1f}", self.lane, self.words)


def rows(timeline: Timeline, lang: Lang) -> tuple[Row, ...]:
    """Every fact of the timeline, in order of time."""
    places = {lane: place for place, lane in enumerate(timeline.lanes)}
    span = max(timeline.seconds, 1.0)
    found = [Row(deed.at, -1, DONE.pick(lang), deed.label) for deed in timeline.deeds]

    def note(at: float, lane: Lane, words: Text, more: str) -> None:
        found.append(Row(at, places[lane], lane.label.pick(lang), _and(words.pick(lang), more)))

    for life in timeline.lives:
        begin = BEGINS if life.start > 0 else IS_THERE
        note(life.start, life.lane, begin.format(name=life.name), life.detail)
        if life.end is not None:
            ending = _and(life.ending.pick(lang), life.message)
            note(life.end, life.lane, ENDS.format(name=life.name), ending)
    for stripe in timeline.stripes:
        note(stripe.start, stripe.lane, stripe.label, "")
    for dot, many in binned(timeline.dots, span):
        label = Text(f"{dot.label.zh} ×{many}", f"{dot.label.en} ×{many}")
        note(dot.at, dot.lane, label if many > 1 else dot.label, dot.value)
    for number, panel in enumerate(timeline.panels):
        found += _numbers(panel, len(places) + number, lang)
    return tuple(sorted(found))


def _numbers(panel: Panel, place: int, lang: Lang) -> Iterator[Row]:
    name = panel.label.pick(lang)
    for since, limit in panel.limits:
        words = NO_LIMIT if limit is None else LIMIT.format(limit=limit, unit=panel.unit)
        if limit is not None or since > 0:
            yield Row(since, place, name, words.pick(lang).strip())
    for line in panel.lines:
        for at, value in _chosen(line):
            told = BROKEN.format(line=line.label).pick(lang)
            if value is not None:
                told = f"{line.label.pick(lang)}: {value:.4g} {panel.unit.pick(lang)}".rstrip()
            yield Row(at, place, name, told)


def _chosen(line: Line) -> Iterator[tuple[float, float | None]]:
    step = -(-len(line.points) // MOST_NUMBERS)
    most = max((value for _, value in line.points if value is not None), default=None)
    for number, (at, value) in enumerate(line.points):
        if value is None or value == most or number % step == 0:
            yield at, value


def text_table(timeline: Timeline, lang: Lang) -> str:
    """Rows in columns; a Chinese character takes two places."""
    cells = [tuple(head.pick(lang) for head in HEAD)]
    cells += [row.cells for row in rows(timeline, lang)]
    if len(cells) == 1:
        return NOTHING.pick(lang)
    widths = [max(_width(row[i]) for row in cells) for i in (0, 1)]
    return "\n".join(
        " " * (widths[0] - _width(at)) + at + "  " + lane + " " * (widths[1] - _width(lane)) + "  "
        + words
        for at, lane, words in cells
    )  # fmt: skip


def html_table(timeline: Timeline, lang: Lang) -> str:
    """A folded table; every word is escaped, since names and values come from the cluster."""
    head = "".join(f'<th scope="col">{escape(each.pick(lang))}</th>' for each in HEAD)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells) + "</tr>"
        for row in rows(timeline, lang)
    )
    return (
        f"<details><summary>{escape(SHOW.pick(lang))}</summary>"
        f"<table><caption>{escape(timeline.title.pick(lang))}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></details>"
    )


def _and(words: str, more: str) -> str:
    """Both on one line, whatever line ends a program has put into its words."""
    return " ".join((f"{words}: {more}" if words and more else words or more).split())


def _width(words: str) -> int:
    return sum(2 if ord(c) >= 0x2E80 else 1 for c in words)
