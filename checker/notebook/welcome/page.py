"""The page itself: languages, the cluster's health, the lessons. One kernel has one page.

Its model has a fixed name, which stands in the stored notebook: a page that is made before the
notebook is opened (`startup`) is then shown at once, before any cell has run.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import Event

from ipywidgets import VBox

from checker.notebook.live import show_bundle
from checker.notebook.plain import here
from checker.notebook.welcome import render, words
from checker.notebook.welcome.acts import Acts
from checker.notebook.welcome.lessons import Lesson, lessons
from checker.notebook.welcome.parts import button, html, line, shown
from checker.notebook.welcome.row import Row
from checker.texts import Lang

MODEL = "podlab-welcome"
LOOK_SECONDS = 5.0  # what checks in other notebooks left is seen after so long
HEALTH_TURNS = 6  # and the cluster is asked once in so many looks


class Page:
    """The widgets of the page. `box` is what is shown."""

    def __init__(self, lessons: Sequence[Lesson], lang: Lang, acts: Acts) -> None:
        self.lessons = lessons
        self.lang: Lang = lang
        self._acts = acts
        self._closed = Event()
        self._health = html(render.health_line(None, lang))
        again = button(words.LOOK.pick(lang), lambda: acts.apart(self._look_now))
        self._total = html("")
        self.rows = [Row(lesson, lang, acts, self._add_up) for lesson in lessons]
        self._add_up()
        lines = [html(render.head(lang)), line(self._health, again)]
        lines += [*(row.box for row in self.rows), self._total]
        self.box = VBox(lines, model_id=MODEL)
        self.box.add_class("podlab-page")

    def look(self) -> None:
        """Ask the cluster how it is, and show what it says."""
        self._health.outputs = shown(render.health_line(self._acts.look(), self.lang))

    def watch(self) -> None:
        """Keep the page true until it is closed."""
        self.look()
        turn = 0
        while not self._closed.wait(LOOK_SECONDS):
            turn += 1
            for row in self.rows:
                with suppress(OSError):  # what cannot be read now is looked at again
                    row.update()
                row.send()
            if turn % HEALTH_TURNS == 0:
                self.look()

    def close(self) -> None:
        """End it; another page may then take its name."""
        self._closed.set()
        self.box.close()

    def _look_now(self) -> None:
        self._health.outputs = shown(render.health_line(None, self.lang))
        self.look()

    def _add_up(self) -> None:
        standings = [row.standing for row in self.rows]
        self._total.outputs = shown(render.total_line(self.lessons, standings, self.lang))


class _Kernel:
    page: Page | None = None


def open_page(acts: Acts | None = None) -> Page:
    """Make this kernel's page anew, in its notebook's language. Raises CatalogueError."""
    acts = acts or Acts()
    if _Kernel.page:
        _Kernel.page.close()
    lang = here()
    page = _Kernel.page = Page(lessons(lang), lang, acts)
    acts.apart(page.watch)
    return page


def welcome() -> None:
    """Show the page; readers without widgets get the lessons as a table."""
    page = open_page()
    show_bundle(
        {
            **page.box._repr_mimebundle_(),
            "text/html": render.static_page(page.lessons, page.lang),
            "text/plain": render.plain_page(page.lessons, page.lang),
        }
    )
