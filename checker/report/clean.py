"""Makes text from the cluster fit to show: no terminal codes, no tricks of direction, no flood.

Logs and messages are the learner's or a stranger's words. Escaping for HTML or XML is not done
here; the template engine and the XML writer do that, for every value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# ECMA-48: CSI, OSC (ended by BEL or ST) and the other string commands, then two-character ones.
_CODES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)"
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters but tab and line feed; what turns the direction of writing and hides what a
# line says; what XML 1.0 forbids.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    r"\ud800-\udfff\ufffe\uffff]"
)
LONGEST = 20_000
"""Characters of one text that are ever shown."""
HEAD_LINES = 8
HEAD_CHARACTERS = 500


def clean(text: str) -> str:
    """`text` without terminal codes and unseen characters, each line end a line feed."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", _CODES.sub("", text)))


@dataclass(frozen=True)
class Excerpt:
    """The beginning of a text, and how much of it is missing there.

    `head` is what to show at once, `whole` all that may be shown, `left_out` counts the characters
    after the head, `lost` those after the whole.
    """

    head: str
    whole: str
    left_out: int
    lost: int


def excerpt(text: str) -> Excerpt:
    """The cleaned beginning of `text`: HEAD_LINES lines and HEAD_CHARACTERS characters at most."""
    cleaned = clean(text).strip("\n")
    whole = cleaned[:LONGEST]
    head = "\n".join(whole.split("\n")[:HEAD_LINES])[:HEAD_CHARACTERS]
    return Excerpt(head, whole, len(cleaned) - len(head), len(cleaned) - len(whole))
