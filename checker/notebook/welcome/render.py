"""The welcome page's HTML, by templates that escape every value; and its plain lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.notebook.welcome import words
from checker.notebook.welcome.health import Health
from checker.notebook.welcome.lessons import Lesson, Standing
from checker.report.clean import clean
from checker.templates import templates
from checker.texts import Lang, Text
from checker.trouble import Trouble

PAGE = "welcome.ipynb"
_TEMPLATES = templates("checker.notebook.welcome")


def static_page(lessons: Iterable[Lesson], lang: Lang) -> str:
    """The lessons as a table of links, for readers that have no kernel."""
    return _fill("static.html.j2", lang, lessons=tuple(lessons))


def plain_page(lessons: Iterable[Lesson], lang: Lang) -> str:
    """The lessons as lines, for readers that have no HTML."""
    rows = ((each, words.TIME.format(minutes=each.lab.minutes).pick(lang)) for each in lessons)
    return "\n".join(f"{each.number} {each.title} · {time} · {each.file}" for each, time in rows)


def head(lang: Lang) -> str:
    """The languages; and the look of all that follows."""
    return _fill("head.html.j2", lang)


def health_line(health: Health | None, lang: Lang) -> str:
    """What is known of the cluster; None while it is being looked at."""
    return _fill("health.html.j2", lang, health=health)


def lesson_line(lesson: Lesson, standing: Standing, lang: Lang) -> str:
    """One lesson, with the link that opens it."""
    full = standing.last is not None and standing.earned == lesson.lab.points
    return _fill("lesson.html.j2", lang, lesson=lesson, standing=standing, full=full)


def total_line(lessons: Sequence[Lesson], standings: Iterable[Standing], lang: Lang) -> str:
    """All lessons in one sentence."""
    total = {
        "lessons": len(lessons),
        "hours": round(sum(each.lab.minutes for each in lessons) / 60),
        "earned": sum(each.earned for each in standings),
        "points": sum(each.lab.points for each in lessons),
    }
    return _fill("total.html.j2", lang, total=total)


def panel(lang: Lang, *sentences: Text) -> str:
    """Sentences below a lesson."""
    lines = [clean(each.pick(lang)) for each in sentences]
    return _fill("panel.html.j2", lang, lines=lines, detail="", bad=False)


def trouble_panel(lang: Lang, trouble: Trouble) -> str:
    """What went wrong, and the next step."""
    lines = [clean(trouble.what.pick(lang)), "→ " + clean(trouble.todo.pick(lang))]
    return _fill("panel.html.j2", lang, lines=lines, detail=clean(trouble.detail), bad=True)


def _fill(template: str, lang: Lang, **values: object) -> str:
    def say(text: Text, **holes: object) -> str:
        return clean(text.format(**holes).pick(lang) if holes else text.pick(lang))

    return _TEMPLATES.get_template(template).render(
        lang=lang, say=say, words=words, page=PAGE, **values
    )
