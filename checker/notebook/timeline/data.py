"""What a timeline shows: lives in lanes, dots, panels of numbers, and deeds across all. Pure data.

All times are seconds since the picture begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checker.texts import Text


class LifeKind(StrEnum):
    """What lives. It decides how a bar looks; lives of one lane take turns in two shades of it."""

    claim = "claim"
    pod = "pod"
    container = "container"
    waiting = "waiting"
    ready = "ready"
    unready = "unready"
    leaving = "leaving"
    grace = "grace"
    value = "value"


class DotKind(StrEnum):
    """What a dot tells: shape and colour both say it. Legends and rows are in this order."""

    begin = "begin"
    good = "good"
    slow = "slow"
    bad = "bad"
    ill = "ill"
    none = "none"
    wait = "wait"
    unready = "unready"
    starting = "starting"
    mark = "mark"


@dataclass(frozen=True)
class Lane:
    """A row of the picture. Two lanes may have one label; `key` tells them apart."""

    key: str
    label: Text


NOTHING = Text("", "")
DELETED = Text("已删除", "deleted")


@dataclass(frozen=True)
class Life:
    """One bar. `end` is None for what still lived when the picture ends.

    `name` stands in the bar, `ending` at its end (why it ended), `message` under that (its last
    words), `detail` in tooltip and table. Values that are equal have one `shade`.
    """

    lane: Lane
    kind: LifeKind
    start: float
    end: float | None
    name: Text
    ending: Text = NOTHING
    detail: str = ""
    message: str = ""
    shade: int | None = None


@dataclass(frozen=True)
class Stripe:
    """A stretch of a lane's bars about which there is more to say: it runs along their foot."""

    lane: Lane
    start: float
    end: float | None
    label: Text


@dataclass(frozen=True)
class Dot:
    """Something seen at one moment. `label` says what in the legend, `value` what exactly.

    `says` stands beside it in the picture.
    """

    lane: Lane
    at: float
    kind: DotKind
    label: Text
    value: str = ""
    says: Text = NOTHING


@dataclass(frozen=True)
class Deed:
    """Something done at one moment, by the learner or by the lesson: a line through all lanes."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """Numbers over time. A value of None: the line breaks there."""

    label: Text
    points: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True)
class Panel:
    """Lines on a scale of their own, with the limits there were and since when each held."""

    label: Text
    unit: Text
    lines: tuple[Line, ...]
    limits: tuple[tuple[float, float | None], ...] = ()


TITLE = Text("发生了什么", "What happened")


@dataclass(frozen=True)
class Timeline:
    """One picture. Lanes stand as `order` has them, then as `lives` and `dots` name them."""

    began: datetime
    seconds: float
    lives: tuple[Life, ...] = ()
    dots: tuple[Dot, ...] = ()
    deeds: tuple[Deed, ...] = ()
    title: Text = TITLE
    stripes: tuple[Stripe, ...] = ()
    panels: tuple[Panel, ...] = ()
    order: tuple[Lane, ...] = ()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every lane that holds something once, from top to bottom."""
        lanes = [life.lane for life in self.lives] + [dot.lane for dot in self.dots]
        used = dict.fromkeys(lanes)
        first = [lane for lane in self.order if lane in used]
        return tuple(dict.fromkeys([*first, *used]))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.lanes and not self.panels
