"""A notebook as the HTML of an article, with its pictures as files. By nbconvert, our template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html_mistune
from traitlets.config import Config

from checker.authoring.book import words
from checker.authoring.book.page import Page

PICTURES = "pictures"
TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)<a [^>]*class="anchor-link"', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Heading:
    """A section: its anchor, and its words."""

    anchor: str
    words: str


@dataclass(frozen=True)
class Article:
    """The HTML, its sections, and its pictures by their place beside the page."""

    html: str
    headings: tuple[Heading, ...]
    pictures: Mapping[str, bytes]


def typesetter() -> Callable[[Page], Article]:
    """A function that makes articles; all that it needs is read once."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="notebook", extra_template_basedirs=[str(TEMPLATES)], config=_config()
    )

    def article(page: Page) -> Article:
        page.notebook.metadata.language_info["pygments_lexer"] = "ipython3"
        html, made = exporter.from_notebook_node(
            page.notebook,
            {
                "unique_key": page.lesson,
                "output_files_dir": PICTURES,
                "called": {name: text.pick(page.lang) for name, text in words.PARTS.items()},
            },
        )
        headings = tuple(
            Heading(unescape(anchor), unescape(_TAG.sub("", inner)))
            for anchor, inner in _HEADING.findall(html)
        )
        return Article(html, headings, made.get("outputs", {}))

    return article


def markdown(text: str) -> str:
    """A piece of Markdown as HTML."""
    return markdown2html_mistune(text)


def _config() -> Config:
    config = Config()
    config.ExtractOutputPreprocessor.enabled = True
    config.ExtractOutputPreprocessor.extract_output_types = {"image/png"}
    config.HighlightMagicsPreprocessor.enabled = True
    config.HighlightMagicsPreprocessor.languages = {"%%manifest": "yaml", "%%shell": "bash"}
    return config
