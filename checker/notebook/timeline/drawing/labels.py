"""Where words may stand in the picture without running into each other. Pure arithmetic.

Vega draws overlapping text without a word, so places are worked out before it is asked. Widths are
estimates, generous on purpose; the unit is the pixel.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "right"]
ALIGNS: tuple[Align, ...] = ("left", "right")
"""Words that are aligned left stand to the right of their moment."""

LETTER = 6.4
WIDE_LETTER = 11.5
LEAST = 40.0
"""Words cut to less than this tell nothing."""
GAP = 8.0
"""Free space between two labels of one row."""


@dataclass(frozen=True)
class Label:
    """Words beside a moment. `x` is its place; the words go to the right of it, or to the left."""

    x: float
    words: str
    align: Align = "left"
    row: int = 0

    @property
    def begins(self) -> float:
        """Left edge of the words."""
        return self.x if self.align == "left" else self.x - width(self.words)

    @property
    def ends(self) -> float:
        """Right edge of the words."""
        return self.begins + width(self.words)


def width(words: str) -> float:
    """How wide these words are, about, at 11 pixels."""
    return sum(WIDE_LETTER if ord(c) >= 0x2E80 else LETTER for c in words)


def shorten(words: str, room: float) -> str:
    """The words, cut to `room` and marked as cut; "" where too little would be left to read."""
    if width(words) <= room:
        return words
    while words and width(words + "…") > room:
        words = words[:-1]
    return words.rstrip() + "…" if width(words) >= LEAST else ""


def arrange(
    moments: Iterable[tuple[float, str]],
    room: float,
    rows: int,
    prefer: Align = "left",
    beside: Iterable[Label] = (),
) -> tuple[Label, ...]:
    """Give each label a side and a row inside `room`; one that fits in none of `rows` is left out.

    `moments` holds place and words. A label keeps the preferred side unless it would leave the
    picture there. `beside` are labels that have their places already; they come first in the
    result.
    """
    placed: list[Label] = list(beside)
    for x, words in sorted(moments):
        wish = Label(x, shorten(words, max(x, room - x)))  # as much as the wider side holds
        if wish.words and (label := _place(wish, placed, room, rows, prefer)):
            placed.append(label)
    return tuple(placed)


def _place(
    label: Label,
    placed: list[Label],
    room: float,
    rows: int,
    prefer: Align,
) -> Label | None:
    sides = ALIGNS if prefer == "left" else ALIGNS[::-1]
    for row in range(rows):
        for side in sides:
            wish = Label(label.x, label.words, side, row)
            inside = wish.begins >= 0 and wish.ends <= room
            if inside and not any(_touch(wish, other) for other in placed):
                return wish
    return None


def _touch(one: Label, other: Label) -> bool:
    apart = one.ends + GAP <= other.begins or other.ends + GAP <= one.begins
    return one.row == other.row and not apart
