"""Rules for a text in one language: line breaks, spaces, punctuation and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checker.authoring.problem import Finding
from checker.authoring.prose import prose, with_bold
from checker.texts import Lang

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# What markdown sets before a text, with its blank: no word stands there to be spaced from.
_MARK = re.compile(r"^[ \t]*(?:[-*+>]|\d+[.)]|#{1,6})[ \t]+|[ \t]*\|[ \t]*", re.MULTILINE)
FULL = "，。：；！？、（）《》【】…"


class Rule(NamedTuple):
    """A pattern that must not match, and what to do about it."""

    name: str
    pattern: re.Pattern[str]
    fault: str
    cure: str


def _rule(name: str, pattern: str, fault: str, cure: str) -> Rule:
    return Rule(name, re.compile(pattern), fault, cure)


CHINESE = (
    _rule(
        "break",
        rf"[{HAN}{FULL}“”]\n[ \t]*[{HAN}{FULL}“”]",
        "a line breaks between two Chinese characters, a reader sees a gap",
        "Keep the paragraph on one line",
    ),
    _rule(
        "spacing",
        rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]",
        "no space between Chinese and Latin letters, digits or code",
        "Put one space between them",
    ),
    _rule(
        "spacing",
        rf"[{HAN}][ \t]{{2,}}\S|\S[ \t]{{2,}}[{HAN}]",
        "more than one space",
        "Keep one",
    ),
    _rule(
        "spacing",
        rf"[ \t][{FULL}]|(?<!^)[{FULL}][ \t]+\S",
        "a space beside full-width punctuation",
        "Take it out",
    ),
    _rule(
        "punctuation",
        rf"[{HAN}][ \t]*[,;:!?]|[,;:!?][ \t]*[{HAN}]|[{HAN}]\.",
        "half-width punctuation beside Chinese",
        "Write ，。：；！？ in full width",
    ),
    _rule("punctuation", r"[()]", "half-width parentheses in Chinese", "Write （）"),
    _rule("you", "您", "您 is not how this course speaks", "Write 你"),
)
ENGLISH = (
    _rule(
        "word",
        r"(?i)\b(?:just|simply|easy|easily)\b",
        "a word that shuts a novice out",
        "Take it out; say what to do",
    ),
    _rule(
        "punctuation",
        rf"[{HAN}{FULL}]",
        "Chinese characters or punctuation in English",
        "Write it in English",
    ),
)
LEFT = _rule("todo", r"\bTODO\b", "something is to be filled in", "Write it, and take TODO out")
RULES: dict[Lang, tuple[Rule, ...]] = {"zh": (*CHINESE, LEFT), "en": (*ENGLISH, LEFT)}


_BOLD = re.compile(r"\*\*([^*\n]+)\*\*(?=(.?))")


def _bold_that_stays_open(plain: str) -> Iterator[Finding]:
    """CommonMark closes no `**` between punctuation and a letter: a reader sees the asterisks."""
    for match in _BOLD.finditer(plain):
        inside, after = match.groups()
        if inside[-1] in FULL and after.strip() and after not in FULL:
            yield Finding(
                "bold",
                f"the asterisks of {match.group(0)} are shown as they are",
                "Put the punctuation behind the closing **",
            )
            return


def lint_prose(text: str, lang: Lang) -> Iterator[Finding]:
    """What is wrong with `text`; at most one finding for each rule, with the place quoted."""
    plain = _MARK.sub("•", prose(text))
    for rule in RULES[lang]:
        if match := rule.pattern.search(plain):
            around = plain[max(0, match.start() - 10) : match.end() + 10].replace("\n", "⏎")
            yield Finding(rule.name, f"{rule.fault}: …{around}…", rule.cure)
    if lang == "zh":
        yield from _bold_that_stays_open(with_bold(text))
