"""What a timeline shows: lives in lanes, dots, and deeds across all lanes. Pure data.

All times are seconds since the picture begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checker.texts import Text


class LifeKind(StrEnum):
    """What lives. It decides colour; lives of one lane take turns in two shades of it."""

    claim = "claim"
    pod = "pod"
    container = "container"
    other = "other"


class DotKind(StrEnum):
    """What a dot tells: shape and colour both say it."""

    good = "good"
    bad = "bad"
    none = "none"


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

    `name` stands in the bar, `ending` at its end (why it ended), `detail` in tooltip and table.
    """

    lane: Lane
    kind: LifeKind
    start: float
    end: float | None
    name: Text
    ending: Text = NOTHING
    detail: str = ""


@dataclass(frozen=True)
class Dot:
    """Something seen at one moment. `label` says what in the legend, `value` what exactly."""

    lane: Lane
    at: float
    kind: DotKind
    label: Text
    value: str = ""


@dataclass(frozen=True)
class Deed:
    """Something done at one moment, by the learner or by the lesson: a line through all lanes."""

    at: float
    label: str


TITLE = Text("发生了什么", "What happened")


@dataclass(frozen=True)
class Timeline:
    """One picture. Lanes stand in the order in which `lives`, then `dots` name them."""

    began: datetime
    seconds: float
    lives: tuple[Life, ...] = ()
    dots: tuple[Dot, ...] = ()
    deeds: tuple[Deed, ...] = ()
    title: Text = TITLE

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every lane once, from top to bottom."""
        lanes = [life.lane for life in self.lives] + [dot.lane for dot in self.dots]
        return tuple(dict.fromkeys(lanes))
