"""The page: links, words, buttons that do what they say, and a question before anything is lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from ipywidgets import Button, Output, Widget

from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.notebook.welcome import page as module
from checker.notebook.welcome import render
from checker.notebook.welcome.acts import Acts
from checker.notebook.welcome.health import Health
from checker.notebook.welcome.lessons import Lesson, Standing, State, lessons
from checker.notebook.welcome.page import MODEL, Page, open_page, welcome
from checker.texts import LANGUAGES, Lang, Text
from checker.trouble import Trouble

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
WELL = Health(True, Text("集群好。", "All is well."))
ILL = Health(
    False, Text("集群不应答。", "No <b>answer</b>."), Text("运行 podlab up", "Run podlab up")
)
EVIL = "<script>alert(1)</script>"


def report(verdict: Verdict = Verdict.failed) -> LabReport:
    evidence = (Evidence(Text("有", "there"), EVIL, "kubectl get pods"),)
    title, message = Text("有应答", "It answers"), Text("话", "No such luck.")
    result = TaskResult("ping", 1, title, verdict, "id", message, evidence, 20, 1.0, NOW)
    return LabReport("01-toy", Text("玩具", "toy"), "lab-01-toy", (result,), NOW, 1.0)


class Below:
    """Stands for the rooms below: gives what it is told, and keeps long work until it is run."""

    def __init__(self) -> None:
        self.health = WELL
        self.standing = Standing(State.started)
        self.trouble: Exception | None = None
        self.reset: list[str] = []
        self.later: list[Callable[[], None]] = []
        self.acts = Acts(
            look=lambda: self.health,
            standing=lambda lesson: self.standing,
            begin_anew=self.begin_anew,
            apart=self.later.append,
        )

    def begin_anew(self, lesson: str) -> Text:
        if self.trouble:
            raise self.trouble
        self.reset.append(lesson)
        self.standing = Standing(State.started)
        return Text("实验从头开始。", "The lab begins anew.")

    def run(self) -> None:
        self.later.pop()()


@pytest.fixture
def below(root: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> Below:
    shutil.copytree(course / "labs", root / "labs")
    monkeypatch.delenv("PODLAB_LEARNER", raising=False)
    monkeypatch.setattr(Button, "focus", lambda button: focused.append(button.description))
    focused.clear()
    return Below()


focused: list[str] = []
"""The buttons that were given the focus, in order."""


def made(below: Below, lang: Lang = "en") -> Page:
    return Page(lessons(lang), lang, below.acts)


def words(widget: Widget) -> str:
    """All that is read in a widget and those in it, tags taken out."""
    if isinstance(widget, Button):
        return widget.description
    if isinstance(widget, Output):
        return re.sub(r"<style>.*?</style>|<[^>]*>", " ", markup(widget), flags=re.S)
    return " ".join(words(each) for each in widget.children)


def markup(widget: Widget) -> str:
    if isinstance(widget, Output):
        return "".join(output["data"]["text/html"] for output in widget.outputs)
    return "".join(markup(each) for each in getattr(widget, "children", ()))


def button(widget: Widget, name: str) -> Button:
    (found,) = (each for each in buttons(widget) if each.description == name)
    return found


def buttons(widget: Widget) -> list[Button]:
    if isinstance(widget, Button):
        return [widget]
    return [found for each in getattr(widget, "children", ()) for found in buttons(each)]


@pytest.mark.parametrize(
    ("standing", "zh", "en", "pressable"),
    [
        (Standing(State.new), "未开始", "not begun", (False, False)),
        (Standing(State.started), "已开始", "started", (False, True)),
        (Standing(State.judged, 70, report()), "70/100 分", "70/100 points", (True, True)),
        (Standing(State.judged, 100, report()), "✓ 100/100 分", "✓ 100/100 points", (True, True)),
    ],
)
def test_a_lesson_shows_its_minutes_its_standing_and_only_buttons_that_can_do_something(
    below: Below, standing: Standing, zh: str, en: str, pressable: tuple[bool, bool]
) -> None:
    below.standing = standing
    for lang, said, minutes in (("zh", zh, "20 分钟"), ("en", en, "20 min")):
        box = made(below, lang).rows[0].box
        text = " ".join(words(box).split())
        assert said in text
        assert ("✓" in text) == (standing.earned == 100)
        assert minutes in text
        assert 'href="01-toy.ipynb"' in markup(box)
        assert tuple(not each.disabled for each in buttons(box)) == pressable


def test_the_page_leads_to_itself_in_the_other_language(below: Below) -> None:
    assert 'href="../zh/welcome.ipynb"' in markup(made(below, "en").box)
    assert 'href="../en/welcome.ipynb"' in markup(made(below, "zh").box)
    assert 'href="../en/welcome.ipynb"' not in markup(made(below, "en").box)


def test_the_cluster_is_looked_at_beside_the_page_and_told_in_words(below: Below) -> None:
    page = made(below)
    assert "Looking at the cluster" in words(page.box)
    page.look()
    assert "All is well." in words(page.box)
    assert "Terminal" not in words(page.box)
    below.health = ILL
    button(page.box, "Look again").click()
    assert "All is well." in words(page.box)
    below.run()
    assert "Run podlab up" in words(page.box)
    assert "File → New → Terminal" in words(page.box)
    assert "No &lt;b&gt;answer&lt;/b&gt;." in markup(page.box)


def test_without_a_cluster_the_lessons_can_still_be_opened(below: Below) -> None:
    below.health = ILL
    below.standing = Standing(State.judged, 0, report())
    page = made(below)
    page.look()
    assert 'href="01-toy.ipynb"' in markup(page.box)
    assert all(not each.disabled for each in buttons(page.box))


def test_the_result_is_the_card_of_the_last_check_and_can_be_put_away(below: Below) -> None:
    below.standing = Standing(State.judged, 20, report())
    box = made(below).rows[0].box
    button(box, "Result").click()
    assert ", 1 of 3 tasks" in words(box)
    assert "All checks together: 20 of 100 points" in words(box)
    assert "No such luck." in words(box)
    assert "podlab-card" in markup(box)
    assert EVIL not in markup(box)
    assert focused == ["Close"]
    button(box, "Close").click()
    assert "No such luck." not in words(box)
    assert focused == ["Close", "Result"]


def test_reset_asks_first_and_a_no_changes_nothing(below: Below) -> None:
    box = made(below).rows[0].box
    button(box, "Reset").click()
    assert "The namespace lab-01-toy is emptied" in words(box)
    assert focused == ["Keep it"]
    button(box, "Keep it").click()
    assert focused == ["Keep it", "Reset"]
    assert "emptied" not in words(box)
    assert (below.reset, below.later) == ([], [])


def test_a_yes_resets_beside_the_page_and_says_how_it_ended(below: Below) -> None:
    below.standing = Standing(State.judged, 20, report())
    page = made(below)
    box = page.rows[0].box
    button(box, "Reset").click()
    button(box, "Begin anew").click()
    assert "Resetting" in words(box)
    assert below.reset == []
    assert [each.disabled for each in buttons(box)] == [True, True, False]
    before = list(focused)
    below.run()
    assert below.reset == ["01-toy"]
    assert "The lab begins anew." in words(box)
    assert "Resetting" not in words(box)
    assert "started" in words(box)
    assert "0 of 100 points so far" in words(page.box)
    assert [each.disabled for each in buttons(box)] == [True, False, False]
    assert focused == before  # whoever works elsewhere by then keeps the focus


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble(Text("忙。", "Busy."), Text("等。", "Wait for it."), EVIL), "→ Wait for it."),
        (ValueError(EVIL), "An unexpected error: ValueError"),
    ],
)
def test_a_reset_that_fails_says_so_in_the_page(
    below: Below, trouble: Exception, said: str
) -> None:
    below.trouble = trouble
    box = made(below).rows[0].box
    button(box, "Reset").click()
    button(box, "Begin anew").click()
    below.run()
    assert said in words(box)
    assert EVIL not in markup(box)
    assert "alert(1)" in markup(box)
    assert not button(box, "Reset").disabled


def test_what_a_check_elsewhere_left_is_seen_and_added_up(below: Below) -> None:
    page = made(below)
    assert "0 of 100 points so far" in words(page.box)
    below.standing = Standing(State.judged, 70, report())
    page.rows[0].update()
    assert "70/100 points" in words(page.box)
    assert "70 of 100 points so far" in words(page.box)


def test_what_did_not_change_is_not_drawn_again(below: Below) -> None:
    below.standing = Standing(State.judged, 70, report())
    page = made(below)
    drawn: list[object] = []
    for row in page.rows:
        row.box.children[0].children[0].observe(drawn.append, "outputs")
        row.update()
    assert drawn == []
    below.standing = replace(below.standing, earned=90)
    page.rows[0].update()
    assert len(drawn) == 1


def test_the_watch_looks_at_everything_until_the_page_is_closed(
    below: Below, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(module, "HEALTH_TURNS", 2)
    asked: list[str] = []
    page: Page

    def standing(lesson: Lesson) -> Standing:
        asked.append("lesson")
        if asked.count("lesson") == 6:
            page.close()
        return Standing(State.new)

    def look() -> Health:
        asked.append("health")
        return WELL

    page = Page(lessons("en"), "en", replace(below.acts, standing=standing, look=look))
    asked.clear()
    page.watch()
    assert asked == ["health", "lesson", "lesson", "health"] + ["lesson", "lesson", "health"] * 2


def test_a_button_whose_change_was_lost_on_the_way_is_put_right(
    below: Below, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)
    page = made(below)
    sent: list[tuple[str, tuple[str, ...]]] = []

    def send(button: Button, keys: tuple[str, ...]) -> None:
        sent.append((button.description, keys))
        page.close()

    monkeypatch.setattr(Button, "send_state", send)
    page.watch()
    assert sent[:2] == [("Result", ("disabled",)), ("Reset", ("disabled",))]


def test_the_watch_goes_on_after_files_that_cannot_be_read(
    below: Below, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)
    page = made(below)
    turns: list[int] = []

    def update() -> None:
        turns.append(1)
        if len(turns) == 3:
            page.close()
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(page.rows[0], "update", update)
    page.watch()
    assert len(turns) == 3


def test_the_next_page_of_a_kernel_takes_the_name_of_the_one_before(below: Below) -> None:
    first = open_page(below.acts)
    second = open_page(below.acts)
    assert (first.box.comm, second.box.model_id) == (None, MODEL)
    assert len(below.later) == 2
    below.later[0]()  # the watch of the closed one ends by itself
    second.close()


def test_readers_without_widgets_get_the_lessons_as_a_table(
    below: Below, monkeypatch: pytest.MonkeyPatch, chinese: Path
) -> None:
    shown: list[dict[str, object]] = []
    monkeypatch.setattr(module, "show_bundle", shown.append)
    monkeypatch.setattr(module, "Acts", lambda: below.acts)
    welcome()
    (forms,) = shown
    assert forms["application/vnd.jupyter.widget-view+json"]["model_id"] == MODEL
    assert '<a href="01-toy.ipynb">01 玩具实验</a></td><td>20</td>' in str(forms["text/html"])
    assert forms["text/plain"] == "01 玩具实验 · 20 分钟 · 01-toy.ipynb"


def test_a_title_is_text_and_no_html(below: Below) -> None:
    (lesson,) = lessons("en")
    evil = replace(lesson, title=EVIL)
    assert EVIL not in render.static_page([evil], "en")
    assert EVIL not in render.lesson_line(evil, Standing(State.new), "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_stored_page_holds_the_lessons_that_there_are(lang: Lang) -> None:
    """If not: podlab author build welcome --run, which needs no cluster."""
    stored = nbformat.read(ROOT / "notebooks" / lang / render.PAGE, as_version=4)
    outputs = [output for cell in stored.cells for output in cell.get("outputs", ())]
    known = lessons(lang, ROOT)
    assert [output.data["text/html"] for output in outputs] == [render.static_page(known, lang)]
    assert [output.data["text/plain"] for output in outputs] == [render.plain_page(known, lang)]
    (view,) = (output.data["application/vnd.jupyter.widget-view+json"] for output in outputs)
    assert view["model_id"] == MODEL
