"""Fills the HTML templates. Every value is escaped by the engine, whoever it comes from."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from checker.report import words
from checker.report.clean import clean, excerpt
from checker.templates import templates
from checker.texts import Lang, Text

_TEMPLATES = templates("checker.report")
_CODE = re.compile(r"`([^`\n]+)`")


def render(template: str, lang: Lang, **values: object) -> str:
    """The template's text in `lang`, with the words of reports at hand."""

    def say(text: Text, **holes: object) -> str:
        return clean(text.format(**holes).pick(lang) if holes else text.pick(lang))

    return _TEMPLATES.get_template(template).render(
        lang=lang, say=say, words=words, excerpt=excerpt, clean=clean, marked=marked, **values
    )


def marked(text: str) -> Markup:
    """`text` escaped, with what stands between backticks as code: the course's texts use them."""
    pieces = _CODE.split(text)
    html = (
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )
    return Markup("").join(html)
