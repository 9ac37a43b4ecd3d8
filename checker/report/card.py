"""A report as an HTML fragment for a notebook's output. Every value is escaped by the template.

It brings its own style, by JupyterLab's colours, and can be read without it: an untrusted notebook
takes styles away.
"""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from checker.model import LabReport
from checker.report import words
from checker.report.clean import clean, excerpt
from checker.texts import Lang, Text

_TEMPLATES = Environment(
    loader=PackageLoader("checker.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_card(report: LabReport, lang: Lang) -> str:
    """The fragment: one block for each task, open unless it passed, and the score."""

    def say(text: Text, **values: object) -> str:
        return clean(text.format(**values).pick(lang) if values else text.pick(lang))

    return _TEMPLATES.get_template("card.html.j2").render(
        report=report, lang=lang, say=say, words=words, excerpt=excerpt, clean=clean
    )
