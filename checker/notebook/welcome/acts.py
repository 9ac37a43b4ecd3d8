"""What the welcome page asks of the rooms below, in one place: tests put their own in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

from checker.notebook.checking import begin_anew
from checker.notebook.welcome.health import Health, look
from checker.notebook.welcome.lessons import Lesson, Standing, standing
from checker.texts import Text


def in_background(work: Callable[[], None]) -> None:
    """Do what may take long beside the page, which goes on answering."""
    Thread(target=work, daemon=True).start()


@dataclass(frozen=True)
class Acts:
    """What the page asks of the rooms below; and how what takes long is done."""

    look: Callable[[], Health] = look
    standing: Callable[[Lesson], Standing] = standing
    begin_anew: Callable[[str], Text] = begin_anew
    apart: Callable[[Callable[[], None]], None] = in_background
