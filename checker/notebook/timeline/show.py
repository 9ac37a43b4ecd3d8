"""Brings a timeline into a notebook or a file. Nothing is loaded from a network, now or later.

JupyterLab draws the interactive form with the Vega-Lite 5 it brings along (tooltips, and no need
to trust the notebook). Everyone else takes the PNG: code hosts and nbconvert would rather have an
SVG, and the hosts then throw it away.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import vl_convert

from checker.notebook.live import show_bundle
from checker.notebook.plain import UsageError, here
from checker.notebook.timeline.data import Timeline
from checker.notebook.timeline.pixels import VEGALITE, can_draw, png, size_of
from checker.notebook.timeline.stored import TIMELINE_MIME, dump
from checker.notebook.timeline.table import html_table, text_table
from checker.texts import Lang, Text

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name, never fetched
MENU = {"export": True, "source": False, "compiled": False, "editor": False}
"""Of Vega's menu only "save as" stays: the rest shows code, or leads out of the course."""
VEGALITE_MIME = "application/vnd.vegalite.v5+json"
PNG_MIME = "image/png"
TABLE = {"podlab": "table"}
"""Said of the table that belongs to the picture before it."""


class TimelinePicture:
    """A timeline as IPython shows it: the picture, and below it the same facts as a table."""

    def __init__(self, timeline: Timeline, lang: Lang | None = None) -> None:
        self.timeline = timeline
        self.lang: Lang = lang or here()

    def spec(self) -> dict[str, Any]:
        """The picture as Vega-Lite. Altair writes version 6; what we use of it is in 5 as well."""
        # Not at the top: Altair takes seconds to load, which a lesson's first cell would wait for.
        from checker.notebook.timeline.drawing.chart import draw

        spec: dict[str, Any] = draw(self.timeline, self.lang).to_dict()
        return spec | {"$schema": SCHEMA, "usermeta": {"embedOptions": {"actions": MENU}}}

    def svg(self) -> str:
        """The picture as SVG, with its description for who cannot see it."""
        spec = self.spec()
        drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGALITE)
        words = quoteattr(spec["description"])
        return drawn.replace("<svg ", f'<svg role="img" aria-label={words} ', 1)

    def png(self) -> bytes:
        """The picture as PNG. Raises UsageError where a font is missing."""
        return png(self.spec())

    def text(self) -> str:
        """The same facts as a table in plain text."""
        return text_table(self.timeline, self.lang)

    def save(self, file: str | Path) -> Path:
        """Write the picture to `file`; its ending says whether as .svg or as .png."""
        path = Path(file)
        if path.suffix not in (".svg", ".png"):
            raise UsageError(
                Text(f"不认识 {path.name} 的格式。", f"{path.name} is of no kind we can write."),
                Text("文件名以 .svg 或 .png 结尾。", "End its name in .svg or .png."),
            )
        data = self.png() if path.suffix == ".png" else self.svg().encode("utf-8")
        path.write_bytes(data)
        return path

    def _ipython_display_(self) -> None:
        if self.timeline.empty:
            print(self.text())
            return
        # Two outputs: were the table in the same one, a reader would show either it or the picture.
        show_bundle(*self.picture())
        show_bundle(*self.table())

    def picture(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The picture in all its forms, with what it was drawn from; and what is said of them.

        Without a font for its letters there is no PNG: JupyterLab needs none.
        """
        spec = self.spec()
        forms = {
            VEGALITE_MIME: spec,
            TIMELINE_MIME: dump(self.timeline),
            "text/plain": self.text(),
        }
        if not can_draw(str(spec)):
            return forms, {}
        data = png(spec)
        width, height = size_of(data)
        forms[PNG_MIME] = base64.b64encode(data).decode("ascii")
        return forms, {PNG_MIME: {"width": width, "height": height, "alt": spec["description"]}}

    def table(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The table, folded; and what is said of it."""
        forms = {"text/html": html_table(self.timeline, self.lang), "text/plain": ""}
        return forms, TABLE
