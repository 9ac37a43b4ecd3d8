"""A picture as PNG: sharp on dense screens, small in a notebook, and with letters, not boxes."""

from __future__ import annotations

import json
import struct
from functools import cache
from io import BytesIO
from typing import Any

import vl_convert
from PIL import Image

from checker.notebook.plain import UsageError
from checker.notebook.timeline.drawing.style import FONT
from checker.texts import Text

VEGALITE = "5.21"
SCALE = 2
COLOURS = 256
"""A timeline has fewer, or nearly so; the rest are shades of its letters' edges."""
CHINESE = 0x2E80
"""From here on letters are of a kind that many machines have no font for."""


def png(spec: dict[str, Any]) -> bytes:
    """The picture, drawn SCALE times its size. Raises UsageError where a font is missing."""
    if not can_draw(json.dumps(spec, ensure_ascii=False)):
        raise UsageError(
            Text(
                "这台机器没有中文字体，画不出汉字。", "No font of this machine has Chinese letters."
            ),
            Text(
                "装一种中文字体（Debian：apt-get install fonts-noto-cjk），或者存成 .svg。",
                "Install one (Debian: apt-get install fonts-noto-cjk), or save it as .svg.",
            ),
        )
    drawn = vl_convert.vegalite_to_png(spec, vl_version=VEGALITE, scale=SCALE)
    colours = Image.open(BytesIO(drawn)).convert("RGB")
    # Of Pillow's ways this one keeps rare colours, and a small red cross is one.
    few = colours.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height at which a PNG of SCALE is to be shown."""
    width, height = struct.unpack(">II", data[16:24])
    return round(width / SCALE), round(height / SCALE)


def can_draw(words: str) -> bool:
    """Whether this machine's fonts have all kinds of letters in these words."""
    return all(ord(letter) < CHINESE for letter in words) or _has_chinese()


@cache
def _has_chinese() -> bool:
    # No font has them: then both letters are the same empty box.
    return _letter("永") != _letter("语")


def _letter(letter: str) -> bytes:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    svg += f'<text x="4" y="30" font-size="24" font-family="{FONT}">{letter}</text></svg>'
    drawn: bytes = vl_convert.svg_to_png(svg)
    return drawn
