"""A check that is under way, shown: how far it is, what each task waits for, how long it may take.

Data and its two forms; what moves it stands where it is watched.
"""

from __future__ import annotations

from dataclasses import dataclass

from checker.report import words
from checker.report.clean import clean
from checker.report.fill import render
from checker.texts import Lang, Text


@dataclass(frozen=True)
class RunningTask:
    """A task that is looked at now, for `seconds` of at most `deadline`; `what` it waits for."""

    task: str
    number: int
    title: Text
    seconds: float
    deadline: float
    what: Text | None = None


@dataclass(frozen=True)
class Running:
    """A run over a lab: `done` of `of` tasks have their verdict, `tasks` are looked at now."""

    lab: str
    done: int
    of: int
    seconds: float
    tasks: tuple[RunningTask, ...] = ()


def render_running(running: Running, lang: Lang) -> str:
    """An HTML fragment that looks like the card which will take its place."""
    return render("running.html.j2", lang, running=running)


def running_text(running: Running, lang: Lang) -> str:
    """The same as plain lines."""
    done = words.DONE.format(done=running.done, of=running.of)
    head = (words.RUNNING.format(lab=running.lab), done, words.seconds(running.seconds))
    lines = [" · ".join(text.pick(lang) for text in head)]
    for task in running.tasks:
        number = words.TASK.format(number=task.number).pick(lang)
        limit = words.limit(task.seconds, task.deadline)
        texts = [task.title, limit, *([task.what] if task.what else [])]
        parts = [f"… {number} {task.task}", *(text.pick(lang) for text in texts)]
        lines.append(" · ".join(parts))
    return "\n".join(map(clean, lines))
