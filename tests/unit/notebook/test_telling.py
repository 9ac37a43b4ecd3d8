"""A running check is shown in one place, at the pace of a clock, whatever events come."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from checker.grading import TaskFinished, TaskStarted, Waiting
from checker.model import TaskResult, Verdict
from checker.notebook.live import Live
from checker.notebook.telling import Telling, beating
from checker.texts import Lang, Text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TITLES = {"ping": Text("有应答", "It answers"), "keep": Text("还在", "It stays")}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class Screen(Live):
    """Keeps what would be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.bundles: list[dict[str, str]] = []

    def replace(self, bundle) -> None:
        self.bundles.append(dict(bundle))

    @property
    def lines(self) -> list[str]:
        """What was shown last, as text."""
        return self.bundles[-1]["text/plain"].splitlines()


def started(task: str, number: int) -> TaskStarted:
    return TaskStarted(task, number, 2, TITLES[task], 60)


def finished(task: str) -> TaskFinished:
    title = TITLES[task]
    return TaskFinished(TaskResult(task, 1, title, Verdict.passed, "id", title, (), 1, 1.0, NOW))


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def telling(screen: Screen, clock: Clock, lang: Lang = "en") -> Telling:
    return Telling(screen, "01-toy", 2, lang, clock)


def test_before_the_first_task_it_says_what_is_checked(screen: Screen, clock: Clock) -> None:
    telling(screen, clock).show()
    assert screen.lines == ["Checking 01-toy · 0 of 2 tasks have a verdict · 0 s"]


def test_time_goes_on_between_events(screen: Screen, clock: Clock) -> None:
    check = telling(screen, clock)
    clock.time += 5
    check.tell(started("ping", 1))
    check.tell(Waiting("ping", Text("等", "for \x1b[31mPod a")))
    clock.time += 7
    check.show()
    assert screen.lines == [
        "Checking 01-toy · 0 of 2 tasks have a verdict · 12 s",
        "… Task 1 ping · It answers · 7 s, at most 60 s · for Pod a",
    ]
    assert 'value="7"' in screen.bundles[-1]["text/html"]


def test_tasks_side_by_side_have_a_line_each_until_they_end(screen: Screen, clock: Clock) -> None:
    check = telling(screen, clock)
    check.tell(started("ping", 1))
    check.tell(started("keep", 2))
    check.tell(finished("ping"))
    check.tell(Waiting("keep", Text("等", "for Redis")))
    check.show()
    assert screen.lines == [
        "Checking 01-toy · 1 of 2 tasks have a verdict · 0 s",
        "… Task 2 keep · It stays · 0 s, at most 60 s · for Redis",
    ]


def test_it_speaks_chinese_in_the_chinese_notebook(screen: Screen, clock: Clock) -> None:
    check = telling(screen, clock, "zh")
    check.tell(started("ping", 1))
    check.show()
    assert screen.lines == [
        "正在检查 01-toy · 2 个任务中的 0 个有了结论 · 0 秒",
        "… 任务 1 ping · 有应答 · 0 秒，最多 60 秒",
    ]


def test_a_burst_of_events_shows_nothing_by_itself(screen: Screen, clock: Clock) -> None:
    check = telling(screen, clock)
    check.tell(started("ping", 1))
    for number in range(100):
        check.tell(Waiting("ping", Text.same(str(number))))
    assert screen.bundles == []


def test_it_is_shown_at_once_and_again_and_never_after_the_end() -> None:
    shown = threading.Semaphore(0)
    count = 0

    def show() -> None:
        nonlocal count
        count += 1
        shown.release()

    with beating(show, seconds=0.001):
        assert count >= 1
        for _ in range(3):
            assert shown.acquire(timeout=10)
    after = count
    assert not any(each.name == "beat" for each in threading.enumerate())
    assert count == after


def test_an_interruption_ends_the_beat_too() -> None:
    with pytest.raises(KeyboardInterrupt), beating(lambda: None, seconds=0.001):
        raise KeyboardInterrupt
    assert not any(each.name == "beat" for each in threading.enumerate())
