"""The words under a lane: why its bars end, what did not fit into them, what its dots say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.notebook.timeline.data import NOTHING, Lane, Life, Timeline
from checker.notebook.timeline.drawing.labels import Label, arrange, width
from checker.notebook.timeline.drawing.spans import end_of, name_below, pixel
from checker.notebook.timeline.drawing.style import BELOW_ROWS, MOMENT_ROWS, WIDTH
from checker.texts import Lang, Text

MESSAGE = Text("“{message}”", "“{message}”")


def under(timeline: Timeline, lane: Lane, lang: Lang) -> tuple[Label, ...]:
    """All of them, each with its row."""
    dots = [dot for dot in timeline.dots if dot.lane == lane and dot.says != NOTHING]
    said = [(pixel(timeline, dot.at), dot.says.pick(lang)) for dot in dots]
    if said:
        return arrange(said, WIDTH, MOMENT_ROWS)
    return _of_bars(timeline, lane, lang)


def _of_bars(timeline: Timeline, lane: Lane, lang: Lang) -> tuple[Label, ...]:
    """First the reasons, then last words in a row of their own, then names where there is room."""
    lives = [life for life in timeline.lives if life.lane == lane]
    over = [(pixel(timeline, life.end), life) for life in lives if life.end is not None]
    reasons = arrange(((x, life.ending.pick(lang)) for x, life in over), WIDTH, 1, "right")
    messages = arrange(((x, _last_words(life, lang)) for x, life in over), WIDTH, 1, "right")
    names = [_beside(timeline, life, name_below(life, timeline, lang)) for life in lives]
    names += [(pixel(timeline, at), words) for at, words in _stripes(timeline, lane, lang)]
    taken = [*reasons, *(replace(label, row=1) for label in messages)]
    return arrange(names, WIDTH, BELOW_ROWS, beside=taken)


def _beside(timeline: Timeline, life: Life, name: str) -> tuple[float, str]:
    """The name at the beginning of its bar; at its end, where the picture has no room beyond."""
    begin = pixel(timeline, life.start)
    if begin + width(name) <= WIDTH:
        return begin, name
    return pixel(timeline, end_of(life, timeline)), name


def _stripes(timeline: Timeline, lane: Lane, lang: Lang) -> Iterator[tuple[float, str]]:
    """What a stripe says, unless the reason at its end says the same."""
    told = {(life.end, life.ending) for life in timeline.lives if life.lane == lane}
    for stripe in timeline.stripes:
        if stripe.lane == lane and (stripe.end, stripe.label) not in told:
            yield stripe.start, stripe.label.pick(lang)


def _last_words(life: Life, lang: Lang) -> str:
    words = " ".join(life.message.split())
    return MESSAGE.format(message=words).pick(lang) if words else ""
