from __future__ import annotations

import base64
import threading
from collections.abc import Callable

import pytest
from fakepods import ran, seen

from checker.observe import Bench, CouldNotLook, End, Ran
from checker.observe.load import KEPT, MOST, read_answers
from checker.observe.transport import Command

OPEN = "10.96.0.7 (10.96.0.7:80) open\n"
PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nweb-1\n"
REFUSED = "nc: 10.96.0.7 (10.96.0.7:80): Connection refused\nsent 0, rcvd 0\n"
CHUNKS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"
SENT = "sent 68, rcvd 44\n"
START = "start 100.00 1767225600 500000\n"


def answer(said: str, began: float = 101.0, ended: float = 101.25) -> str:
    return f"answer {began:.2f} {ended:.2f} {base64.b64encode(said.encode()).decode()}\n"


class FakeLoad:
    """A probe Pod that writes `before` at once and `after` when it is told to stop."""

    def __init__(self, before: str = START, after: str = "end\n", last: Ran | None = None) -> None:
        self.before, self.after, self.last = before, after, last or ran(0)
        self.commands: list[Command] = []

    def __call__(self, connection: object, command: Command, seconds: float, clock: object) -> Ran:
        assert command.heard
        assert command.stop
        self.commands.append(command)
        if self.before:
            command.heard(self.before.encode())
            assert command.stop.wait(10)
            command.heard(self.after.encode())
        return self.last


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeLoad]:
    def make(*words: object, **more: object) -> FakeLoad:
        fake = FakeLoad(*words, **more)  # type: ignore[arg-type]
        monkeypatch.setattr("checker.observe.load.run", fake)
        return fake

    return make


def test_answers_are_counted_by_pod(bench: Bench, put: Callable[..., FakeLoad]) -> None:
    other = PAGE.replace("web-1", "web-2")
    put(START + answer(OPEN + PAGE + SENT), answer(OPEN + other, 102, 104.5) + "end\n")
    with bench.load(seen()) as load:
        assert len(load.answers) == 1
    assert load.by() == {"web-1": 1, "web-2": 1}
    assert load.failed == []
    assert [each.body for each in load.slow(1.0)] == ["web-2\n"]
    assert load.answers[0].at.isoformat() == "2026-01-01T00:00:01.500000+00:00"
    assert load.answers[0].seconds == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (REFUSED, "Connection refused"),
        ("", "no answer"),
        (OPEN + "sent 0, rcvd 0\npunt!\n", "no answer"),
        (OPEN + PAGE.replace(" 200 OK", " 503 Unavailable"), "HTTP 503"),
        (OPEN + PAGE[:-3] + SENT, "the answer was cut off"),
        (OPEN + CHUNKS, "the answer was cut off"),
    ],
)
def test_request_without_a_whole_good_answer_failed(said: str, error: str) -> None:
    (found,) = read_answers((START + answer(said)).encode())
    assert (found.ok, found.error) == (False, error)


def test_long_page_that_we_cut_ourselves_is_no_failure() -> None:
    page = f"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{'x' * 9000}"
    (found,) = read_answers((START + answer((OPEN + page)[:KEPT])).encode())
    assert found.ok


def test_line_that_is_not_whole_yet_is_left_out() -> None:
    assert read_answers((START + answer(PAGE)[:-9]).encode()) == []


def test_answers_stand_in_the_order_of_their_requests() -> None:
    lines = START + answer(PAGE, 105, 106) + answer(PAGE, 101, 107)
    assert [each.seconds for each in read_answers(lines.encode())] == [6.0, 1.0]


def test_number_of_requests_is_bounded(bench: Bench, put: Callable[..., FakeLoad]) -> None:
    fake = put(START)
    with bench.load(seen(), rate=1000, seconds=600):
        pass
    assert fake.commands[0].argv[-2] == str(MOST)


def test_leaving_the_block_in_an_error_keeps_the_error(
    bench: Bench, put: Callable[..., FakeLoad]
) -> None:
    put(START, "")
    with pytest.raises(ZeroDivisionError), bench.load(seen()):
        raise ZeroDivisionError


def test_missing_probe_is_could_not_look(bench: Bench, put: Callable[..., FakeLoad]) -> None:
    put("", last=ran(end=End.lost, why='pods "probe" not found'))
    with pytest.raises(CouldNotLook, match="not found"), bench.load(seen()):
        pass


def test_requests_that_do_not_end_are_could_not_look(
    bench: Bench, put: Callable[..., FakeLoad]
) -> None:
    put(START, answer(PAGE), last=ran(end=End.lost, why="connection lost"))
    with pytest.raises(CouldNotLook, match="connection lost"), bench.load(seen()):
        pass


def test_end_without_its_last_line_is_could_not_look(
    bench: Bench, put: Callable[..., FakeLoad]
) -> None:
    put(START, answer(PAGE))
    with pytest.raises(CouldNotLook), bench.load(seen()):
        pass


def test_no_thread_is_left(bench: Bench, put: Callable[..., FakeLoad]) -> None:
    put(START)
    with bench.load(seen()):
        assert "load" in {thread.name for thread in threading.enumerate()}
    assert "load" not in {thread.name for thread in threading.enumerate()}
