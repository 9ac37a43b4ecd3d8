"""A recording asks its questions before, while and after something is done, and then no more."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from checker.notebook import recording as module
from checker.notebook.plain import PlainError
from checker.notebook.recording import Recording, ask_in


class Marks:
    """A stand-in for the recorder: keeps what was marked, and rings at the fourth."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, object]]] = []
        self.often = threading.Event()

    def mark(self, label: str, **more: object) -> None:
        self.kept.append((label, more))
        if len(self.kept) > 3:
            self.often.set()


@pytest.fixture
def marks() -> Marks:
    return Marks()


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "recording"]


def test_a_question_is_asked_before_while_and_after(marks, monkeypatch) -> None:
    monkeypatch.setattr(module, "EVERY", 0.001)
    with Recording(marks, {"city": "GET city"}, lambda command: command.lower()):
        assert marks.kept == [("city", {"answer": "get city"})]
        assert marks.often.wait(10)
    assert threads() == []
    assert len(marks.kept) >= 5


def test_the_last_question_is_asked_after_the_block(marks) -> None:
    answers = ["there"]
    with Recording(marks, {"city": "GET city"}, lambda command: answers[0]):
        answers[0] = ""
    assert [more["answer"] for _, more in marks.kept] == ["there", ""]


def test_a_recording_without_questions_starts_no_thread(marks) -> None:
    with Recording(marks, {}, lambda command: "x"):
        assert threads() == []
    assert marks.kept == []


def test_a_recording_knows_when_its_block_began_and_ended(marks) -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(3)]
    ticks = iter(moments)
    with Recording(marks, {}, lambda command: "x", lambda: next(ticks)) as recording:
        pass
    assert (recording.start, recording.end) == (moments[1], moments[2])


def test_an_error_in_the_block_ends_the_recording_and_goes_on(marks) -> None:
    recording = Recording(marks, {"city": "GET city"}, lambda command: "x")

    def fail() -> None:
        with recording:
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    assert recording.end is not None
    assert threads() == []


def test_an_interrupted_question_is_told_in_words(marks) -> None:
    def ask(command: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(PlainError, match="interrupted"), Recording(marks, {"a": "b"}, ask):
        pass


def test_a_question_is_a_command_of_bash(root) -> None:
    ask = ask_in({"PATH": "/usr/bin:/bin", "CITY": "Hangzhou"})
    assert ask("echo $CITY | tr a-z A-Z") == "HANGZHOU\n"


def test_a_question_that_fails_or_takes_too_long_has_no_answer(root, monkeypatch) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.2)
    ask = ask_in({"PATH": "/usr/bin:/bin"})
    assert ask("echo half; exit 1") is None
    assert ask("sleep 30; true") is None


def test_a_warning_is_no_part_of_an_answer(root) -> None:
    assert ask_in({"PATH": "/usr/bin:/bin"})("echo careful >&2; echo 5") == "5\n"
