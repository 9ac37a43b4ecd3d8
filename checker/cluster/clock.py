"""Time, as something that is handed in. A unit test of a wait of a minute takes no time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What waiting needs of time."""

    def now(self) -> float:
        """Seconds that only grow; their zero means nothing."""

    def pause(self, seconds: float) -> None:
        """Let up to `seconds` pass. A clock that hears of a change may come back earlier."""

    def wall(self) -> datetime:
        """The date and time of day, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """Let `seconds` pass."""
        time.sleep(max(0.0, seconds))

    def wall(self) -> datetime:
        """The date and time of day, in UTC."""
        return datetime.now(UTC)
