"""Markdown taken apart: prose without code, and the parts that two languages must share."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)")
_BARE = re.compile(r"<?(https?://[^\s<>，。；：！？、（）“”]+)>?")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s", re.MULTILINE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

CODE = "x"
"""What stands for a code span in prose: a Latin letter, so that the rules of spacing hold."""


def fences(text: str) -> list[str]:
    """The fenced blocks, in order."""
    return [match.group(0) for match in _FENCE.finditer(text)]


def spans(text: str) -> set[str]:
    """The code spans. A set: one language may name a thing again where the other says `it`."""
    return {match.group(2).strip() for match in _SPAN.finditer(_FENCE.sub("", text))}


def links(text: str) -> set[str]:
    """The addresses, with a Chinese page of kubernetes.io counted as its English one."""
    plain = _without_code(text)
    found = {match.group(2) for match in _LINK.finditer(plain)}
    found |= {match.group(1) for match in _BARE.finditer(_LINK.sub("", plain))}
    return {address.replace("kubernetes.io/zh-cn/", "kubernetes.io/") for address in found}


def heading_levels(text: str) -> list[int]:
    """The level of each heading, in order."""
    return [len(match.group(1)) for match in _HEADING.finditer(_FENCE.sub("", text))]


def numbers(text: str) -> set[str]:
    """The numbers written with digits, outside code and addresses; `4,096` is `4096`."""
    return {re.sub(r",(?=\d{3}\b)", "", match.group(0)) for match in _NUMBER.finditer(prose(text))}


def prose(text: str) -> str:
    """What is read as language: no fences, spans as one letter, links as their words, no bold."""
    return with_bold(text).replace("**", "")


def with_bold(text: str) -> str:
    """As `prose`, with the asterisks of bold text."""
    plain = _LINK.sub(r"\1", _without_code(text))
    return _TAG.sub("", _BARE.sub(CODE, plain))


def _without_code(text: str) -> str:
    return _SPAN.sub(CODE, _FENCE.sub("", text))
