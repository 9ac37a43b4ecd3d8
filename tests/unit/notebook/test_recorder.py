"""A recording is a window: what was so before, while and after something was done."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from checker.cluster import Change
from checker.notebook import recorder as module
from checker.notebook.plain import PlainError
from checker.notebook.recorder import Recorder, Recording, ask_in
from checker.notebook.timeline import DotKind


class FakeClock:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds

    def wall(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def recorder(clock) -> Recorder:
    return Recorder(clock)


def pod(name: str, created: datetime) -> SimpleNamespace:
    metadata = SimpleNamespace(
        name=name,
        uid=name,
        creation_timestamp=created,
        deletion_timestamp=None,
        generate_name=None,
        labels=None,
    )
    spec = SimpleNamespace(init_containers=None, volumes=None)
    status = SimpleNamespace(init_container_statuses=None, container_statuses=None, reason=None)
    return SimpleNamespace(metadata=metadata, spec=spec, status=status)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("Hangzhou\n", DotKind.good),
        ("1\n", DotKind.good),
        ("\n", DotKind.bad),
        ("(nil)", DotKind.bad),
        ("0\n", DotKind.bad),
        ("None", DotKind.bad),
        (None, DotKind.none),
    ],
)
def test_an_answer_means_found_gone_or_none(recorder, answer: str | None, kind: DotKind) -> None:
    recorder.read("city", answer)
    (dot,) = recorder.timeline().dots
    assert dot.kind is kind


def test_deeds_and_reads_stand_at_their_moments(recorder, clock) -> None:
    clock.pause(2)
    recorder.deed("kubectl delete pod")
    clock.pause(3)
    recorder.read("city", "x")
    timeline = recorder.timeline()
    assert (timeline.deeds[0].at, timeline.dots[0].at, timeline.seconds) == (2, 5, 5)


def test_a_window_holds_only_what_happened_in_it(recorder, clock) -> None:
    recorder.deed("before")
    recorder.take(Change("added", "Pod", (pod("gone", clock.wall()),)))
    clock.pause(5)
    recorder.take(Change("deleted", "Pod", (pod("gone", clock.wall()),)))
    recorder.take(Change("added", "Pod", (pod("stays", clock.wall()),)))
    clock.pause(5)
    recorder.deed("within")
    clock.pause(1)
    timeline = recorder.timeline(start=8.0)
    assert [deed.label for deed in timeline.deeds] == ["within"]
    assert [(life.name.en, life.start, life.end) for life in timeline.lives] == [
        ("stays", 0.0, None)
    ]
    assert timeline.deeds[0].at == 2.0


def test_what_ended_after_a_window_still_lives_in_it(recorder, clock) -> None:
    recorder.take(Change("added", "Pod", (pod("a", clock.wall()),)))
    clock.pause(10)
    recorder.take(Change("deleted", "Pod", (pod("a", clock.wall()),)))
    (life,) = recorder.timeline(start=1.0, end=4.0).lives
    assert life.end is None


def test_a_recording_asks_before_while_and_after(recorder, clock, monkeypatch) -> None:
    monkeypatch.setattr(module, "EVERY", 0.001)
    asked: list[str] = []
    often = threading.Event()

    def ask(command: str) -> str:
        asked.append(command)
        if len(asked) > 3:
            often.set()
        return "x"

    with Recording(recorder, {"city": "GET city"}, ask) as recording:
        assert asked[0] == "GET city"
        assert often.wait(10)
        before = len(asked)
    assert len(asked) > before
    assert {dot.lane.label.en for dot in recording.timeline().dots} == {"read city"}


def test_a_recording_asks_no_more_after_its_end(recorder, monkeypatch) -> None:
    monkeypatch.setattr(module, "EVERY", 0.001)
    with Recording(recorder, {"city": "GET city"}, lambda command: "x"):
        pass
    assert [thread.name for thread in threading.enumerate() if thread.name == "recording"] == []


def test_a_recording_without_questions_starts_no_thread(recorder, clock) -> None:
    with Recording(recorder, {}, lambda command: "x") as recording:
        clock.pause(4)
        recorder.deed("done")
    clock.pause(9)
    assert recording.timeline().seconds == 4
    assert recording.timeline().dots == ()


def test_an_error_in_the_block_ends_the_recording_and_goes_on(recorder, clock) -> None:
    recording = Recording(recorder, {}, lambda command: "x")

    def fail() -> None:
        with recording:
            clock.pause(2)
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    assert recording.timeline().seconds == 2


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


def test_an_interrupted_question_is_told_in_words(recorder) -> None:
    def ask(command: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(PlainError, match="interrupted"), Recording(recorder, {"a": "b"}, ask):
        pass
