"""Text from the cluster is untrusted: what checks and notebooks keep of it is harmless and short.

Escaping for HTML is the business of who writes HTML.
"""

from __future__ import annotations

import re
import unicodedata

LIMIT = 400
"""Characters of evidence: enough for an error with its cause, and it fits on a screen."""
ESCAPES = re.compile(r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
KEPT = "\n\t"


def clean(words: str | bytes | None, limit: int = LIMIT) -> str:
    """`words` without terminal escapes, control codes and bidi marks, cut to `limit` characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words or ""
    text = ESCAPES.sub("", text.replace("\r\n", "\n"))
    text = "".join(c for c in text if c in KEPT or unicodedata.category(c)[0] != "C").strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain(value: object) -> str:
    """A value that nobody put into words, where it is one a learner can read; else `-`."""
    readable = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if readable else "-"
