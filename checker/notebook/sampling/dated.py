"""Lines that begin with the time they were written: of logs, and of files a program keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from checker.observe import clean

SEEN_MOST = 2000
"""Different lines that are taken; a log that never stops must not fill the memory."""
WORDS_MOST = 120
EPOCH = re.compile(r"\d{9,11}(\.\d+)?")
FRACTION = re.compile(r"(\.\d{6})\d+")


class Dated:
    """Tells `tell` of each line once, however often the lines come again."""

    def __init__(self, like: re.Pattern[str], tell: Callable[[datetime, str], None]) -> None:
        self._like = like
        self._tell = tell
        self._seen: set[str] = set()

    def take(self, line: str) -> None:
        """One line. One without a time, or one that does not match, is passed over."""
        time, _, words = line.strip().partition(" ")
        at = read_time(time)
        found = self._like.search(words)
        if at is None or found is None or line in self._seen or len(self._seen) >= SEEN_MOST:
            return
        self._seen.add(line)
        shown = found.group(1) if found.re.groups else words
        self._tell(at, clean(shown or words, WORDS_MOST))


def read_time(word: str) -> datetime | None:
    """A time in RFC 3339, of nine digits after the point as well, or in seconds since 1970."""
    if EPOCH.fullmatch(word):
        return datetime.fromtimestamp(float(word), UTC)
    try:
        at = datetime.fromisoformat(FRACTION.sub(r"\1", word))
    except ValueError:
        return None
    return at if at.tzinfo else None
