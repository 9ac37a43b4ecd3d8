"""The kinds of widgets that the welcome page is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import Button, HBox, Layout, Output, Widget

WIDE = Layout(flex="1 1 auto")


def html(text: str) -> Output:
    """A place for HTML. JupyterLab opens its links as documents, unlike those of an HTML widget."""
    return Output(layout=WIDE, outputs=shown(text))


def shown(text: str) -> tuple[dict[str, Any], ...]:
    """HTML as the output of a cell."""
    data = {"text/html": text, "text/plain": ""}
    return ({"output_type": "display_data", "data": data, "metadata": {}},)


def button(name: str, press: Callable[[], None], style: str = "") -> Button:
    """A button as wide as its name."""
    layout = Layout(width="auto", min_width="6em", flex="0 0 auto")
    made = Button(description=name, layout=layout, button_style=style)
    made.on_click(lambda _: press())
    return made


def line(*widgets: Widget) -> HBox:
    """Widgets beside each other, at one height."""
    return HBox(widgets, layout=Layout(align_items="center"))
