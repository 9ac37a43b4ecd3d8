"""The colours of a timeline, as eyes see them that lack one of three kinds of cones.

The matrices are those of Machado, Oliveira and Fernandes (2009) for severity 1.0, on linear RGB;
the distance is that of CIE 1976 L*a*b*, in which 2.3 is just noticeable.
"""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from checker.notebook.timeline import DotKind, LifeKind
from checker.notebook.timeline.drawing import style

Colour = tuple[float, float, float]
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(code: str) -> Colour:
    parts = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return r, g, b


def lab(colour: Colour, eye: str) -> Colour:
    r, g, b = (
        min(1.0, max(0.0, sum(a * c for a, c in zip(row, colour, strict=True))))
        for row in EYES[eye]
    )

    def root(t: float) -> float:
        return t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116

    x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
    y = root(0.2126 * r + 0.7152 * g + 0.0722 * b)
    z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one: str, other: str, eye: str) -> float:
    return math.dist(lab(linear(one), eye), lab(linear(other), eye))


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it: 4.5 for words, 3 for what is drawn."""
    bright = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))]
    return (max(bright) + 0.05) / (min(bright) + 0.05)


@pytest.mark.parametrize("eye", EYES)
def test_different_values_differ_in_colour(eye: str) -> None:
    assert min(apart(a, b, eye) for a, b in combinations(style.VALUES, 2)) > 12


@pytest.mark.parametrize("eye", EYES)
def test_bars_that_follow_each_other_in_a_lane_differ_in_colour(eye: str) -> None:
    follow = [pair for pair in style.SHADES.values() if pair[0] != pair[1]]
    follow += [(style.SHADES[LifeKind.ready][0], style.SHADES[LifeKind.leaving][0])]
    assert min(apart(a, b, eye) for a, b in follow) > 12


@pytest.mark.parametrize("eye", EYES)
def test_the_lines_of_a_panel_differ_in_colour_too(eye: str) -> None:
    colours = [colour for colour, _, _ in style.LINES] + [style.LIMIT_LINE[0]]
    assert min(apart(a, b, eye) for a, b in combinations(colours, 2)) > 25


def test_words_can_be_read_on_every_bar() -> None:
    fills = {*style.VALUES, *(fill for pair in style.SHADES.values() for fill in pair)}
    for fill in fills:
        ink = style.PAPER if fill == style.BLUE else style.INK
        assert contrast(ink, fill) >= 4.5, fill


def test_every_dot_stands_out_from_the_paper_by_its_colour_or_its_edge() -> None:
    for kind in DotKind:
        edge = style.INK if kind in style.PALE else style.COLOURS[kind]
        assert contrast(edge, style.PAPER) >= 3, kind
