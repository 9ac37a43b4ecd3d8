"""Draws timelines with Altair: pure, and without a network."""

from checker.notebook.timeline.drawing.chart import draw

__all__ = ["draw"]
