"""Writes the site: first page, an index and the lessons for each language, pictures, one style."""

from __future__ import annotations

import shutil
from pathlib import Path

from markupsafe import Markup
from pygments.formatters import HtmlFormatter

from checker.authoring.book import words
from checker.authoring.book.article import TEMPLATES, markdown, typesetter
from checker.authoring.book.page import pages
from checker.authoring.course import Course
from checker.templates import templates
from checker.texts import LANGUAGES, Lang, Text

CODE_STYLES = {"light": "default", "dark": "github-dark"}
"""Pygments' names of how code looks on a light page and on a dark one."""

_TEMPLATES = templates("checker.authoring.book")
_TEMPLATES.globals |= {"words": words, "languages": LANGUAGES}


def build_book(course: Course, folder: Path) -> Path:
    """Write the site into `folder`, in place of what is there. Returns its first page.

    Raises BookError where the course is not whole.
    """
    chapters = {lang: pages(course, lang) for lang in LANGUAGES}
    shutil.rmtree(folder, ignore_errors=True)
    typeset = typesetter()
    for lang, lessons in chapters.items():
        home = folder / lang
        home.mkdir(parents=True)
        _write(home / "index.html", "index.html.j2", lang, file="index.html", lessons=lessons)
        for place, page in enumerate(lessons):
            article = typeset(page)
            _write(
                home / page.file,
                "lesson.html.j2",
                lang,
                file=page.file,
                page=page,
                headings=article.headings,
                article=Markup(article.html),  # noqa: S704 (our own notebooks)
                before=lessons[place - 1] if place else None,
                after=lessons[place + 1] if place + 1 < len(lessons) else None,
            )
            for name, data in article.pictures.items():
                picture = home / name
                picture.parent.mkdir(exist_ok=True)
                picture.write_bytes(data)
    (folder / "book.css").write_text(_style(), encoding="utf-8")
    first = folder / "index.html"
    first.write_text(_TEMPLATES.get_template("first.html.j2").render(), encoding="utf-8")
    return first


def _write(path: Path, template: str, lang: Lang, **values: object) -> None:
    def say(text: Text, **holes: object) -> str:
        return (text.format(**holes) if holes else text).pick(lang)

    def prose(text: str) -> Markup:
        return Markup(markdown(text))  # noqa: S704 (our own sources)

    html = _TEMPLATES.get_template(template).render(lang=lang, say=say, prose=prose, **values)
    path.write_text(html, encoding="utf-8")


def _style() -> str:
    """Our own rules, and those for the colours of code."""
    code = {
        scheme: HtmlFormatter(style=name).get_style_defs(".highlight")
        for scheme, name in CODE_STYLES.items()
    }
    own = (TEMPLATES / "book.css").read_text(encoding="utf-8")
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{code['dark']}\n}}\n"
    return "\n".join([code["light"], dark, own])
