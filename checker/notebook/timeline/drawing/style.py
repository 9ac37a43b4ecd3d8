"""How a timeline looks. Colours are those of Okabe and Ito, and tints that colour-blind eyes tell
apart as well; and no fact is told by colour alone. Sizes are in pixels.
"""

from __future__ import annotations

from checker.notebook.timeline.data import DotKind, LifeKind

WIDTH = 600
BAR = 20
ROW = 15
MARGIN = 7
"""Free space above and below what stands in a lane."""
DEED_ROWS = 3
MOMENT_ROWS = 3
LEAST_BAR = 3
"""Width of a bar whose life was too short to be seen."""
PANEL = 130
MOST_LANES = 16
STRIPE = 5
DOT, SMALL_DOT = 110, 45
"""Areas. Requests that are answered come by the dozen."""
DOT_ROW = 12
"""Height of one row of dots in a lane, and how close two dots may come without touching."""
BELOW_ROWS = 3
"""Rows of words below bars."""
BIN = 7
"""Requests of one kind that are no further apart than this are one dot."""

FONT = "Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
SMALL = 11
INK = "#222222"
GREY = "#777777"
PAPER = "#ffffff"
BLUE, SKY, GREEN, ORANGE = "#0072B2", "#56B4E9", "#009E73", "#E69F00"
RED, PURPLE = "#D55E00", "#CC79A7"

# Lives that follow each other in one lane take turns: where one ends and the next begins is seen.
SHADES = {
    LifeKind.claim: (BLUE, "#4C9CCB"),
    LifeKind.pod: (SKY, "#B5DEF6"),
    LifeKind.container: (ORANGE, "#F7D581"),
    LifeKind.waiting: (PAPER, PAPER),
    LifeKind.ready: ("#8FD3BE", "#8FD3BE"),
    LifeKind.unready: (PAPER, PAPER),
    LifeKind.leaving: ("#D08DB4", "#D08DB4"),
    LifeKind.grace: (PAPER, PAPER),
}
OUTLINED = {LifeKind.waiting: GREY, LifeKind.unready: RED, LifeKind.grace: GREY}
"""Bars that are empty, and the colour of their border."""
HEIGHTS = {LifeKind.leaving: 14, LifeKind.grace: 14}
"""Bars that are lower than others: they differ in form as well."""
SPOKEN = frozenset(OUTLINED) | {LifeKind.leaving, LifeKind.value}
"""Bars whose name is the point: where it does not fit in, it stands below."""
VALUES = ("#9CD0F0", "#FBE08D", "#4FA88D", "#D49BC0", "#E8E8E8", "#EE9A62")
"""Equal values have equal colours, and their words stand in the bar."""

CROSS = "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z"
SHAPES = {
    DotKind.good: "circle",
    DotKind.slow: "diamond",
    DotKind.bad: CROSS,
    DotKind.ill: "cross",
    DotKind.none: "triangle-up",
    DotKind.begin: "triangle-right",
    DotKind.wait: "square",
    DotKind.unready: "triangle-down",
    DotKind.starting: "triangle-left",
    DotKind.mark: "diamond",
}
COLOURS = {
    DotKind.good: GREEN,
    DotKind.slow: ORANGE,
    DotKind.bad: RED,
    DotKind.ill: RED,
    DotKind.none: GREY,
    DotKind.begin: BLUE,
    DotKind.wait: ORANGE,
    DotKind.unready: PURPLE,
    DotKind.starting: SKY,
    DotKind.mark: INK,
}
PALE = frozenset({DotKind.slow, DotKind.wait, DotKind.starting})
"""Dots too light for white paper: they get a dark edge."""
LINES = ((BLUE, "circle", [1, 0]), (RED, "triangle-up", [6, 3]))
"""Colour, shape of the points and dashes of each line of a panel."""
LIMIT_LINE = (INK, [10, 4])
"""Colour and dashes of a limit: no line of numbers looks like it."""
