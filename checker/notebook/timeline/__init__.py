"""Pictures of what happened, with a table of the same facts for who cannot see them."""

from checker.notebook.timeline.data import (
    TITLE,
    Deed,
    Dot,
    DotKind,
    Lane,
    Life,
    LifeKind,
    Line,
    Panel,
    Stripe,
    Timeline,
)
from checker.notebook.timeline.show import TimelinePicture

__all__ = [
    "TITLE",
    "Deed",
    "Dot",
    "DotKind",
    "Lane",
    "Life",
    "LifeKind",
    "Line",
    "Panel",
    "Stripe",
    "Timeline",
    "TimelinePicture",
]
