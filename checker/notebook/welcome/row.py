"""One lesson of the welcome page: its line, its buttons, and what they show below it."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Button, HBox, Output, VBox

from checker.notebook.checking import Card
from checker.notebook.welcome import render, words
from checker.notebook.welcome.acts import Acts
from checker.notebook.welcome.lessons import Lesson, State, lab_of
from checker.notebook.welcome.parts import button, html, line, shown
from checker.texts import Lang, Text
from checker.trouble import NOT_CHECKED, Trouble

AGAIN = Text(
    "再试一次；还是这样，就运行 podlab doctor。", "Try again; if it stays so, run podlab doctor."
)


class Row:
    """The widgets of one lesson."""

    def __init__(self, lesson: Lesson, lang: Lang, acts: Acts, changed: Callable[[], None]) -> None:
        self.lesson = lesson
        self.standing = acts.standing(lesson)
        self._lang: Lang = lang
        self._acts = acts
        self._changed = changed
        self._busy = False
        self._line = html("")
        self._result = self._button(words.RESULT, self._show_result)
        self._reset = self._button(words.RESET, self._ask)
        self._panel = VBox()
        self.box = VBox([line(self._line, self._result, self._reset), self._panel])
        self._draw()

    def update(self) -> None:
        """Look at the learner's standing, and show it where it has changed."""
        before, self.standing = self.standing, self._acts.standing(self.lesson)
        if self.standing != before:
            self._draw()
            self._changed()

    def send(self) -> None:
        """Say again which buttons can be pressed.

        JupyterLab takes up the widgets of a page one after the other as it opens, and a change that
        comes in between is lost.
        """
        for each in (self._result, self._reset):
            each.send_state(("disabled",))

    def _draw(self) -> None:
        standing, lesson = self.standing, self.lesson
        self._line.outputs = shown(render.lesson_line(lesson, standing, self._lang))
        told = words.RESULT_OF if standing.last else words.NO_RESULT
        self._result.tooltip = told.format(lesson=lesson.name).pick(self._lang)
        self._result.disabled = self._busy or standing.last is None
        untouched = standing.state is State.new
        told = words.NOTHING_TO_RESET if untouched else words.RESET_OF
        self._reset.tooltip = told.format(lesson=lesson.name).pick(self._lang)
        self._reset.disabled = self._busy or untouched

    def _show_result(self) -> None:
        report = self.standing.last
        if report is None:
            return
        lab = self.lesson.lab
        last = words.LAST.format(
            when=f"{report.started_at.astimezone():%Y-%m-%d %H:%M}",
            judged=len(report.results),
            of=len(lab.tasks),
            earned=self.standing.earned,
            points=lab.points,
        )
        hints = {task.id: task.hints for task in lab.tasks}
        card = Card(report, self._lang, hints)._repr_mimebundle_()["text/html"]
        close = self._button(words.CLOSE, lambda: self._close(self._result))
        head = line(html(render.panel(self._lang, last)), close)
        self._panel.children = [head, html(card)]
        close.focus()

    def _ask(self) -> None:
        question = words.ASK.format(
            lesson=self.lesson.name, namespace=lab_of(self.lesson).namespace
        )
        yes = self._button(words.YES, self._begin_anew, style="warning")
        no = self._button(words.NO, lambda: self._close(self._reset))
        self._panel.children = [html(render.panel(self._lang, question)), line(no, yes)]
        no.focus()

    def _begin_anew(self) -> None:
        self._busy = True
        self._draw()
        said = html(render.panel(self._lang, words.RESETTING))
        close = self._button(words.CLOSE, lambda: self._close(self._reset))
        told = line(said, close)
        self._panel.children = [told]
        close.focus()
        self._acts.apart(lambda: self._work(said, told))

    def _work(self, place: Output, told: HBox) -> None:
        """Begin the lab anew, and say in `place` how it ended; `told` holds it.

        The focus is not moved any more: whoever works elsewhere meanwhile would lose it.
        """
        try:
            said = render.panel(self._lang, self._acts.begin_anew(self.lesson.name))
        except Trouble as trouble:
            said = render.trouble_panel(self._lang, trouble)
        except Exception as error:  # in a thread it would be lost
            what = words.UNEXPECTED.format(error=repr(error))
            said = render.trouble_panel(self._lang, Trouble(what, AGAIN, code=NOT_CHECKED))
        place.outputs = shown(said)
        self._panel.children = [told]
        self._busy = False
        self.update()
        self._draw()

    def _close(self, back_to: Button) -> None:
        self._panel.children = []
        back_to.focus()

    def _button(self, name: Text, press: Callable[[], None], style: str = "") -> Button:
        return button(name.pick(self._lang), press, style)
