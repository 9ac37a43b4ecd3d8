"""Pictures of what happened to a Pod, with a table of the same facts for who cannot see them."""

from checker.notebook.timeline.data import TITLE, Deed, Dot, DotKind, Lane, Life, LifeKind, Timeline
from checker.notebook.timeline.show import TimelinePicture

__all__ = [
    "TITLE",
    "Deed",
    "Dot",
    "DotKind",
    "Lane",
    "Life",
    "LifeKind",
    "Timeline",
    "TimelinePicture",
]
