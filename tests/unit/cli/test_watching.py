from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from checker.cli.screen import Screen
from checker.cli.watching import Watching
from checker.grading import TaskFinished, TaskStarted, Waiting
from checker.model import TaskResult, Verdict
from checker.texts import Lang, Text

TITLE = Text("有应答", "It answers")
RESULT = TaskResult(
    "ping", 1, TITLE, Verdict.passed, "passed", TITLE, (), 1, 1.0, datetime(2030, 1, 1, tzinfo=UTC)
)


def shown(lang: Lang, *whats: Text, terminal: bool = True) -> str:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=120)
    with Watching(lang, console) as watching:
        watching.tell(TaskStarted("ping", 1, 2, TITLE, 60))
        for what in whats:
            watching.tell(Waiting("ping", what))
            watching._progress.refresh()
        watching.tell(TaskFinished(RESULT))
    return screen.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("1 ping  有应答", "等 Pod 就绪", "最多 60 秒")),
        ("en", ("1 ping  It answers", "for the Pod", "60 s")),
    ],
)
def test_terminal_shows_task_what_it_waits_for_and_its_limit(
    lang: Lang, words: tuple[str, ...]
) -> None:
    screen = shown(lang, Text("等 Pod 就绪", "for the Pod"))
    assert all(word in screen for word in words)


def test_text_of_a_check_cannot_write_codes_or_markup_on_the_terminal() -> None:
    screen = shown("en", Text.same("\x1b]0;owned\x07[bold]pod[/bold]"))
    assert "owned" not in screen
    assert "[bold]pod[/bold]" in screen


def test_log_file_gets_no_progress() -> None:
    assert shown("en", Text.same("waiting"), terminal=False).strip() == ""


def test_tasks_that_run_side_by_side_have_a_row_each() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    with Watching("en", console) as watching:
        watching.tell(TaskStarted("ping", 1, 2, TITLE, 60))
        watching.tell(TaskStarted("keep", 2, 2, Text("还在", "It stays"), 90))
        watching.tell(Waiting("ping", Text("等", "for the Pod")))
        watching.tell(TaskFinished(RESULT))
        screen.truncate(0)
        watching.tell(Waiting("keep", Text("等", "for Redis")))
        watching._progress.refresh()
        left = screen.getvalue()
    assert "It stays · for Redis" in left
    assert "It answers" not in left


def test_brackets_in_a_path_are_no_markup() -> None:
    written = io.StringIO()
    screen = Screen("en", Console(file=written, width=120))
    words = Text.same("/home/ann/[k8s] course[/b]")
    screen.note(words)
    with screen.step(words):
        pass
    assert written.getvalue().count("/home/ann/[k8s] course[/b]") == 2
