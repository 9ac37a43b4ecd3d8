from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from fakecluster import FakeClock
from kubernetes.client import ApiException
from websocket import ABNF, WebSocketConnectionClosedException, WebSocketTimeoutException

from checker.observe import Bench, End, Ran
from checker.observe.transport import MOST, Command, run

OK = json.dumps({"status": "Success"}).encode()


def failure(message: str, *causes: dict[str, str]) -> bytes:
    return json.dumps(
        {"status": "Failure", "message": message, "details": {"causes": list(causes)}}
    ).encode()


def code(number: int) -> bytes:
    return failure("", {"reason": "ExitCode", "message": str(number)})


def frame(channel: int, data: bytes) -> tuple[int, ABNF]:
    return ABNF.OPCODE_BINARY, ABNF(1, 0, 0, 0, ABNF.OPCODE_BINARY, 0, bytes([channel]) + data)


CLOSE = (ABNF.OPCODE_CLOSE, ABNF(1, 0, 0, 0, ABNF.OPCODE_CLOSE, 0, b""))
Sent = list[tuple[str, Any]]


class FakeSocket:
    """Gives out frames; an exception among them is raised; at the end it times out for ever."""

    def __init__(self, clock: FakeClock, frames: list[Any], endless: bytes = b"") -> None:
        self.clock, self.frames, self.endless = clock, frames, endless
        self.timeout = 0.0
        self.shut = False

    def shutdown(self) -> None:
        self.shut = True

    def settimeout(self, seconds: float) -> None:
        self.timeout = seconds

    def recv_data_frame(self, control: bool) -> Any:
        if not self.frames:
            if self.endless:
                return frame(1, self.endless)
            self.clock.pause(self.timeout)
            raise WebSocketTimeoutException
        found = self.frames.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


class FakeStream:
    def __init__(self, sock: FakeSocket) -> None:
        self.sock = sock
        self.sent: Sent = []

    def write_channel(self, channel: int, data: bytes) -> None:
        self.sent.append(("data", data))

    def close_channel(self, channel: int) -> None:
        self.sent.append(("eof", channel))

    def close(self, **kwargs: Any) -> None:
        self.sent.append(("close", None))


@pytest.fixture
def play(
    bench: Bench, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Ran, Sent]]:
    """Run a command against a connection that gives these frames."""

    def go(
        *frames: Any,
        endless: bytes = b"",
        seconds: float = 5,
        argv: tuple[str, ...] = ("true",),
        **more: Any,
    ) -> tuple[Ran, Sent]:
        stream = FakeStream(FakeSocket(clock, list(frames), endless))
        monkeypatch.setattr("checker.observe.transport.stream", lambda *a, **k: stream)
        command = Command("ns", "pod", "c", argv, **more)
        done = run(bench.connection, command, seconds, clock)
        assert stream.sock.shut, "the socket must not be left open, however it ended"
        return done, stream.sent

    return go


def test_output_and_exit_code_come_apart(play: Any) -> None:
    done, sent = play(frame(1, b"ou"), frame(2, b"err"), frame(1, b"t"), frame(3, code(3)), CLOSE)
    assert (done.end, done.code, done.out, done.err) == (End.exit, 3, b"out", b"err")
    assert sent == [("close", None)]


def test_success_is_code_0(play: Any) -> None:
    done, _ = play(frame(3, OK), CLOSE)
    assert done.ok


def test_character_that_is_cut_between_two_frames_stays_whole(play: Any) -> None:
    word = "好".encode()
    done, _ = play(frame(1, word[:1]), frame(1, word[1:]), frame(3, OK), CLOSE)
    assert done.stdout == "好"


@pytest.mark.parametrize(
    ("words", "program", "number"),
    [
        ('exec: "nosuch": executable file not found in $PATH', "nosuch", 127),
        ("executable file `nosuch` not found in $PATH: No such file or directory", "nosuch", 127),
        ('exec: "/nosuch": stat /nosuch: no such file or directory', "/nosuch", 127),
        ("exec /no-such-interpreter.sh: no such file or directory", "/no-such-interpreter.sh", 127),
        ('exec: "/etc/passwd": permission denied', "/etc/passwd", 126),
    ],
)
def test_program_that_cannot_be_started_has_a_shells_exit_code(
    play: Any, words: str, program: str, number: int
) -> None:
    done, _ = play(frame(3, failure(words)), CLOSE, argv=(program,))
    assert (done.end, done.code) == (End.exit, number)
    assert words in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "exec failed: unable to start container process: open /proc/77/ns/ipc: no such file or"
        " directory",
        "failed to open stdout fifo /run/containerd/fifo/1/cat-stdout: no such file or directory",
        "open /sys/fs/cgroup/kubepods/cgroup.procs: permission denied",
    ],
)
def test_file_that_the_runtime_misses_for_itself_is_no_missing_program(
    play: Any, words: str
) -> None:
    done, _ = play(frame(3, failure(words)), CLOSE, argv=("cat",))
    assert (done.end, done.code, done.why) == (End.lost, None, words)


@pytest.mark.parametrize("fault", [b"", b"null", b"{}", b"no json", failure("task not found")])
def test_end_without_an_exit_code_is_a_lost_connection(play: Any, fault: bytes) -> None:
    done, _ = play(frame(1, b"half"), *([frame(3, fault)] if fault else []), CLOSE)
    assert (done.end, done.code) == (End.lost, None)
    assert not done.ok


def test_connection_that_breaks_is_lost_and_keeps_what_was_read(play: Any) -> None:
    done, sent = play(frame(1, b"half"), WebSocketConnectionClosedException("gone"))
    assert (done.end, done.out, done.why) == (End.lost, b"half", "gone")
    assert sent == [("close", None)]


def test_command_that_does_not_end_is_left_at_its_limit(play: Any, clock: FakeClock) -> None:
    done, _ = play(frame(1, b"so far"), seconds=5)
    assert (done.end, done.code, done.out) == (End.limit, None, b"so far")
    assert 5 <= clock.now() < 6


def test_program_that_never_stops_writing_is_cut_off(play: Any) -> None:
    done, _ = play(endless=b"y" * 60000)
    assert done.end is End.limit
    assert MOST <= len(done.out) < MOST + 60000


def test_reading_ends_when_enough_has_come(play: Any) -> None:
    done, _ = play(
        frame(1, b"+PO"), frame(1, b"NG\r\n"), frame(1, b"more"), enough=lambda out: b"\r\n" in out
    )
    assert (done.end, done.out) == (End.enough, b"+PONG\r\n")


def test_standard_input_is_closed_after_what_was_sent_unless_it_is_held(play: Any) -> None:
    _, sent = play(frame(3, OK), CLOSE, stdin=b"hi")
    assert sent == [("data", b"hi"), ("eof", 0), ("close", None)]
    _, sent = play(frame(3, OK), CLOSE, stdin=b"hi", hold_stdin=True)
    assert sent == [("data", b"hi"), ("close", None)]


HANDSHAKE = "Handshake status 404 Not Found"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ConnectionRefusedError("no way"), "no way"),
        # As kubernetes and websocket-client word it.
        (ApiException(0, f"{HANDSHAKE} -+-+- {{'audit-id': '1c'}} -+-+- b'{{}}'"), HANDSHAKE),
    ],
)
def test_connection_that_cannot_be_opened_is_lost_with_the_reason(
    error: Exception,
    why: str,
    bench: Bench,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("checker.observe.transport.stream", refuse)
    done = run(bench.connection, Command("ns", "pod", "c", ("true",)), 5, clock)
    assert (done.end, done.why, done.started) == (End.lost, why, False)


def test_connection_that_never_opens_is_lost_and_does_not_hold_us(
    bench: Bench, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr("checker.observe.transport.stream", lambda *a, **k: never.wait(30))
    monkeypatch.setattr("checker.observe.transport.OPEN_SECONDS", 0.01)
    done = run(bench.connection, Command("ns", "pod", "c", ("true",)), 5, clock)
    never.set()
    assert done.end is End.lost
    assert "no connection" in done.why
