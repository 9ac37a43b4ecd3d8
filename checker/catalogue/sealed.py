"""Answers to a lesson's predictions, so written that a reader of the cell does not see them.

No secret is kept here: the seal only keeps an answer from being read before it is asked for.
"""

from __future__ import annotations

import re
from hashlib import sha256
from string import ascii_lowercase

LENGTH = 6
_REVEAL = re.compile(
    r"""^(\s*reveal\(\s*(["'])(\w+)\2\s*,\s*(["']))([a-z])(\4\s*\))""", re.MULTILINE
)


def seal(lesson: str, question: str, answer: str) -> str:
    """A short word that stands for the answer, and differs in every lesson and question."""
    return sha256(f"{lesson} {question} {answer}".encode()).hexdigest()[:LENGTH]


def unseal(lesson: str, question: str, sealed: str) -> str:
    """The answer that a word stands for; a word that is no seal stands for itself."""
    for letter in ascii_lowercase:
        if seal(lesson, question, letter) == sealed:
            return letter
    return sealed


def seal_reveals(lesson: str, code: str) -> str:
    """A cell's code with the answer of each `reveal("q1", "b")` sealed."""

    def put(found: re.Match[str]) -> str:
        return found[1] + seal(lesson, found[3], found[5]) + found[6]

    return _REVEAL.sub(put, code)
