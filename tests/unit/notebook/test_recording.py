"""A recording looks before, while and after something is done, and then no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from checker.notebook.plain import CommandError, PlainError, UsageError
from checker.notebook.recording import Recording
from checker.notebook.sampling import Desk, desk_in, load, memory, moments, numbers, sampler, values
from checker.observe import CouldNotLook, Refusal
from checker.observe.load import Answer
from checker.texts import Text

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Marks:
    """A stand-in for the recorder: keeps what was noted, and rings at the fourth."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, dict[str, object]]] = []
        self.times: list[datetime | None] = []
        self.often = threading.Event()

    def note(self, what: str, subject: str, at: datetime | None = None, **more: object) -> None:
        self.kept.append((what, subject, more))
        self.times.append(at)
        if len(self.kept) > 3:
            self.often.set()

    def of(self, what: str, key: str) -> list[object]:
        return [more[key] for kind, _, more in self.kept if kind == what]


@pytest.fixture
def marks() -> Marks:
    return Marks()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(
        "checker.notebook.live.publish_display_data",
        lambda data, **how: words.append(data["text/plain"]),
    )
    return words


@pytest.fixture
def shell(root) -> Desk:
    """A desk with a real shell and no cluster."""
    return desk_in({"PATH": "/usr/bin:/bin", "CITY": "Hangzhou"}, no_bench)


def no_bench() -> None:
    raise AssertionError("nobody needs a bench here")


def desk(ask: Callable[[str], str | None]) -> Desk:
    return Desk(lambda command, give_up: ask(command), lambda *_: True, no_bench)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == sampler.NAME]


@pytest.fixture(autouse=True)
def no_thread_is_left():
    yield
    assert threads() == []


def test_a_question_is_asked_before_while_and_after(marks, monkeypatch) -> None:
    monkeypatch.setattr(sampler, "EVERY", 0.001)
    with Recording(marks, {"city": "GET city"}, desk(str.lower)):
        assert marks.kept[0] == ("sample", "city", {"form": "read", "value": "get city", "rank": 0})
        assert marks.often.wait(10)
    assert len(marks.kept) >= 5


def test_the_last_question_is_asked_after_the_block(marks) -> None:
    answers = ["there"]
    with Recording(marks, {"city": "GET city"}, desk(lambda command: answers[0])):
        answers[0] = ""
    assert marks.of("sample", "value") == ["there", ""]


def test_a_look_that_began_before_the_end_of_the_block_is_not_the_last(marks) -> None:
    second, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    def ask(command: str) -> str:
        asked.append(command)
        if len(asked) == 2:
            second.set()
            go_on.wait(10)
        return str(len(asked))

    every, sampler.EVERY = sampler.EVERY, 0.001
    try:
        with Recording(marks, {"city": "GET city"}, desk(ask)):
            assert second.wait(10)
            threading.Timer(0.1, go_on.set).start()
    finally:
        sampler.EVERY = every
    assert len(asked) == 3


def test_a_recording_without_questions_starts_no_thread(marks) -> None:
    with Recording(marks, {}, desk(lambda command: "x")):
        assert threads() == []
    assert marks.kept == []


def test_a_recording_knows_when_its_block_began_and_ended(marks) -> None:
    moments = [NOON + timedelta(seconds=n) for n in range(3)]
    ticks = iter(moments)
    with Recording(marks, {}, desk(lambda command: "x"), lambda: next(ticks)) as recording:
        pass
    assert (recording.start, recording.end) == (moments[1], moments[2])


def test_an_error_in_the_block_ends_the_recording_and_goes_on(marks) -> None:
    recording = Recording(marks, {"city": "GET city"}, desk(lambda command: "x"))

    def fail() -> None:
        with recording:
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    assert recording.end is not None


def test_an_interrupted_block_looks_no_more(marks, shell) -> None:
    """The command that is under way is ended, and its half of an answer is not noted."""
    began = time.monotonic()

    def interrupt() -> None:
        with Recording(marks, {"slow": "sleep 4; echo late"}, shell):
            raise KeyboardInterrupt

    sampler_first, sampler.FIRST = sampler.FIRST, 0.2
    try:
        with pytest.raises(PlainError, match="its recording has ended"):
            interrupt()
    finally:
        sampler.FIRST = sampler_first
    assert marks.kept == []
    assert time.monotonic() - began < 3


def test_a_recording_that_is_interrupted_at_its_beginning_is_told_in_words(marks) -> None:
    recording = Recording(marks, {"a": "b", "c": "d"}, desk(lambda command: "x"))

    def interrupted() -> None:
        raise KeyboardInterrupt

    recording._samplers["c"].wait_for_first = interrupted  # type: ignore[method-assign]
    with pytest.raises(PlainError, match="interrupted"), recording:
        pass


def test_looks_are_bounded_in_count(marks, monkeypatch) -> None:
    monkeypatch.setattr(sampler, "EVERY", 0.0)
    monkeypatch.setattr(sampler, "MOST_LOOKS", 5)
    with Recording(marks, {"city": "GET city"}, desk(lambda command: "x")) as recording:
        for thread in threading.enumerate():
            if thread.name == sampler.NAME:
                thread.join(10)
        assert recording.values("city") == ["x"]
    assert len(marks.kept) == 5


def test_a_question_is_a_command_of_bash(shell) -> None:
    assert shell.ask("echo $CITY | tr a-z A-Z", threading.Event()) == "HANGZHOU\n"


def test_a_question_that_fails_or_takes_too_long_has_no_answer(shell, monkeypatch) -> None:
    monkeypatch.setattr("checker.notebook.sampling.desk.READ_SECONDS", 0.2)
    assert shell.ask("echo half; exit 1", threading.Event()) is None
    assert shell.ask("sleep 30; true", threading.Event()) is None


def test_a_warning_is_no_part_of_an_answer(shell) -> None:
    assert shell.ask("echo careful >&2; echo 5", threading.Event()) == "5\n"


def test_values_are_told_once_for_as_long_as_they_last(marks, monkeypatch) -> None:
    monkeypatch.setattr(sampler, "EVERY", 0.001)
    answers = iter(["a\n", "a\n", None, "b\n"])
    ways = {"file": values("cat file", zh="文件", en="file")}
    with Recording(marks, ways, desk(lambda command: next(answers, "b\n"))) as recording:
        assert marks.often.wait(10)
    assert recording.values("file") == ["a", None, "b"]
    assert marks.kept[0] == (
        "sample",
        "file",
        {"form": "value", "value": "a", "label": {"zh": "文件", "en": "file"}, "rank": 0},
    )


def test_words_that_could_harm_a_terminal_are_cleaned(marks) -> None:
    with Recording(marks, {"a": values("x")}, desk(lambda command: "\x1b[31mred\x07")) as recording:
        pass
    assert recording.values("a") == ["red"]


def test_a_block_goes_on_until_a_lane_shows_what_is_waited_for(marks, shown, monkeypatch) -> None:
    monkeypatch.setattr(sampler, "EVERY", 0.001)
    answers = iter(["value-1", "value-10", "value-2 and more"])
    ways = {"file": values("cat file")}
    with Recording(marks, ways, desk(lambda command: next(answers, "late"))) as recording:
        recording.until(file="value-2", seconds=10)
    assert recording.values("file")[:3] == ["value-1", "value-10", "value-2 and more"]
    assert shown[0] == "Waiting for file = value-2 (at most 10 s) …"
    assert shown[-1].startswith("file = value-2 after ")


def test_what_is_not_shown_in_time_is_an_error_with_the_last_value(marks, shown) -> None:
    ways = {"file": values("cat file")}
    with (
        pytest.raises(CommandError, match="Last seen: file = value-10"),
        Recording(marks, ways, desk(lambda command: "value-10")) as recording,
    ):
        recording.until(file="value-1", seconds=0.05)


def test_a_name_that_is_not_recorded_is_told_with_those_that_are(marks) -> None:
    with (
        pytest.raises(UsageError, match=r"(?s)Nothing is recorded under `flie`.*file"),
        Recording(marks, {"file": "x"}, desk(lambda command: "x")) as recording,
    ):
        recording.until(flie="x")


def test_a_block_can_be_kept_open(marks, shown) -> None:
    with Recording(marks, {}, desk(lambda command: "x")) as recording:
        began = time.monotonic()
        recording.keep(0.05)
        assert time.monotonic() - began >= 0.05
    assert shown == ["Recording for 0.05 more seconds …", "Recorded for 0.05 more seconds."]


def test_numbers_are_noted_and_what_is_none_breaks_the_line(marks) -> None:
    answers = iter(["12.5 of 20", "many"])
    ways = {"keys": numbers("count", unit="keys", limit=20)}
    with Recording(marks, ways, desk(lambda command: next(answers))):
        pass
    assert marks.of("number", "value") == [12.5, None]
    assert marks.of("number", "limit") == [20, 20]


LOG = (
    "2026-01-01T12:00:01.123456789Z fetched abc1234 from git\\n"
    "2026-01-01T12:00:02Z nothing new\\nno time here\\n1767268803 fetched def5678\\n"
)


def test_each_dated_line_that_matches_is_a_moment_once(marks, shell, monkeypatch) -> None:
    monkeypatch.setattr(sampler, "AGAIN", 0.01)
    ways = {"git": moments(f"printf '{LOG}'", like=r"fetched (\w+)")}
    with Recording(marks, ways, shell) as recording:
        recording.until(git="def5678", seconds=10)
        recording.until(git="abc1234", seconds=10)
    assert marks.of("moment", "words") == ["abc1234", "def5678"]
    assert marks.times == [
        NOON + timedelta(seconds=1, microseconds=123456),
        datetime.fromtimestamp(1767268803, UTC),
    ]


def test_a_log_that_goes_on_is_followed_and_ended(marks, shell, monkeypatch) -> None:
    monkeypatch.setattr(sampler, "LINGER", 0.1)
    began = time.monotonic()
    ways = {"log": moments(f"printf '{LOG}'; exec sleep 30")}
    with Recording(marks, ways, shell) as recording:
        recording.until(log="def5678", seconds=10)
    assert time.monotonic() - began < 5
    assert len(marks.kept) == 3


def test_a_file_is_read_once_more_after_the_block(marks, shell, root) -> None:
    ways = {"marks": moments("cat marks.txt")}
    (root / "marks.txt").write_text("1767268800 first\n")
    with Recording(marks, ways, shell):
        (root / "marks.txt").write_text("1767268800 first\n1767268801 second\n")
    assert marks.of("moment", "words") == ["first", "second"]


def test_a_pattern_that_is_none_is_told_at_once() -> None:
    with pytest.raises(UsageError, match="no regular expression"):
        moments("cat", like="(")


BOOKS = """== at {up}
==> /sys/fs/cgroup/memory.max <==
67108864
==> /sys/fs/cgroup/memory.current <==
{used}
==> /sys/fs/cgroup/memory.events <==
oom_kill 0
==> /sys/fs/cgroup/cpu.max <==
10000 100000
==> /sys/fs/cgroup/cpu.stat <==
usage_usec {cpu}
nr_periods 10
nr_throttled 9
throttled_usec {throttled}
== end
"""


def usage(way, marks: Marks, *runs: tuple[str, bool]) -> None:
    """Record with a stand-in for kubectl that prints these runs, one after the other."""
    left = list(runs)
    told = threading.Event()

    def follow(command: str, write, give_up: threading.Event, seconds: float) -> bool:
        if left:
            output, well = left.pop(0)
            write(output)
            return well
        told.set()
        give_up.wait(10)
        return False

    with Recording(marks, {"it": way}, Desk(lambda *_: None, follow, no_bench)):
        assert told.wait(10)


def test_memory_is_told_in_mib_and_breaks_where_the_container_ended(marks, monkeypatch) -> None:
    monkeypatch.setattr(sampler, "AGAIN", 0.01)
    first = BOOKS.format(up=1.0, used=8 << 20, cpu=0, throttled=0)
    second = BOOKS.format(up=9.0, used=2 << 20, cpu=0, throttled=0)
    usage(memory("deploy/leak"), marks, (first, True), ("== at 2.0\n", False), (second, True))
    assert marks.of("number", "value") == [8.0, None, 2.0]
    assert marks.of("number", "limit") == [64.0, None, 64.0]


def test_cpu_is_told_per_second_between_two_looks(marks, monkeypatch) -> None:
    from checker.notebook.sampling import cpu

    monkeypatch.setattr(sampler, "AGAIN", 0.01)
    first = BOOKS.format(up=10.0, used=0, cpu=1_000_000, throttled=5_000_000)
    second = BOOKS.format(up=12.0, used=0, cpu=1_200_000, throttled=6_800_000)
    usage(cpu("deploy/busy"), marks, (first + second, True))
    seen = [(more["line"], round(more["value"], 3)) for _, _, more in marks.kept]
    assert seen == [("used", 0.1), ("throttled", 0.9)]
    assert marks.of("number", "limit") == [0.1, 0.1]


class FakeLoad:
    """Stands where requests would be sent."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.log: list[object] = []
        self.answers = [
            Answer(NOON, 0.01, 200, "web-1\n", ""),
            Answer(NOON + timedelta(seconds=1), 2.0, 200, "web-2\x1b[2J\n", ""),
            Answer(NOON + timedelta(seconds=2), 0.0, None, "", "Connection refused"),
        ]

    def __enter__(self) -> FakeLoad:
        self.log.append("begin")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.log.append("end" if kind is None else "given up")
        if self.trouble and kind is None:
            raise self.trouble

    def bench(self) -> SimpleNamespace:
        def begin(*what: object) -> FakeLoad:
            self.log.append(what)
            return self

        return SimpleNamespace(load=begin, close=lambda: self.log.append("closed"))

    def desk(self) -> Desk:
        return Desk(lambda *_: None, lambda *_: True, self.bench)


def test_requests_are_sent_while_the_block_runs_and_noted_after_it(marks) -> None:
    fake = FakeLoad()
    ways = {"web": load("web", path="/x", rate=4, slow=1.5)}
    with Recording(marks, ways, fake.desk()) as recording:
        assert fake.log == [("web", "/x", 80, 4, 300.0), "begin"]
        assert marks.kept == []
    assert fake.log[2:] == ["end", "closed"]
    assert marks.of("request", "error") == ["", "", "Connection refused"]
    assert marks.of("request", "slow") == [False, True, False]
    assert marks.times[0] == NOON
    assert len(recording.answers("web")) == 3
    assert [each.error for each in recording.failed("web")] == ["Connection refused"]
    assert marks.of("request", "body")[1] == "web-2"  # pictures and tables show it
    assert recording.by("web") == {"web-1": 1, "web-2": 1}


def test_requests_end_with_an_interrupted_block(marks) -> None:
    fake = FakeLoad()

    def interrupt() -> None:
        with Recording(marks, {"web": load("web")}, fake.desk()):
            raise KeyboardInterrupt

    with pytest.raises(PlainError, match="the requests that it sent"):
        interrupt()
    assert fake.log[2:] == ["given up", "closed"]


def test_a_service_that_is_not_there_is_told_and_all_else_is_ended(marks) -> None:
    def bench() -> SimpleNamespace:
        def refuse(*_: object) -> None:
            raise Refusal("no-object", {"object": "service/web"})

        return SimpleNamespace(load=refuse, close=lambda: None)

    ways = {"city": "GET city", "web": load("web")}
    desk = Desk(lambda *_: "x", lambda *_: True, bench)
    with pytest.raises(PlainError, match="There is no service/web"), Recording(marks, ways, desk):
        pass


def test_a_broken_probe_is_told_after_the_block(marks) -> None:
    words = Text("坏了", "broken")
    fake = FakeLoad(CouldNotLook(words, words))
    with (
        pytest.raises(PlainError, match="broken"),
        Recording(marks, {"web": load("web")}, fake.desk()),
    ):
        pass
    assert fake.log[2:] == ["end", "closed"]


def test_only_a_load_has_requests(marks) -> None:
    with (
        pytest.raises(UsageError, match=r"is no load\(…\)"),
        Recording(marks, {"city": "x"}, desk(lambda command: "x")) as recording,
    ):
        recording.failed("city")
