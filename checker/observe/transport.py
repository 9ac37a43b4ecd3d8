"""Runs a command in a container by the API's exec, with a time limit. No verdicts here.

The library's own waiting is not used: it has no limit for connecting, and a cluster that froze
would hold us for ever.
"""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kubernetes import client
from kubernetes.stream import stream
from kubernetes.stream.ws_client import (
    ERROR_CHANNEL,
    STDERR_CHANNEL,
    STDIN_CHANNEL,
    STDOUT_CHANNEL,
    WSClient,
)
from websocket import ABNF, WebSocket, WebSocketException, WebSocketTimeoutException

from checker.cluster import API_ERRORS, SYSTEM, ActsError, Clock, Connection

OPEN_SECONDS = 8.0
SLICE = 0.5
MOST = 1 << 20
"""Bytes of output that are read; a program that never stops writing is cut off."""
BREAKS: tuple[type[Exception], ...] = (*API_ERRORS, WebSocketException)
"""What a broken connection raises."""
NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""Exit codes of a shell for a program that is not there, or may not be run (POSIX sh, 2.8.2)."""
NO_EXECUTABLE = re.compile(r"executable file (\S+ )?not found")


class End(StrEnum):
    """How a command ended for us: by itself, by our wish, by the limit, or with the connection."""

    exit = "exit"
    enough = "enough"
    limit = "limit"
    lost = "lost"


@dataclass(frozen=True)
class Ran:
    """A command that ran. `code` is None unless `end` is `exit`. Output is untrusted.

    `started` is False when there was no connection over which it could have been started.
    """

    end: End
    code: int | None
    out: bytes
    err: bytes
    why: str = ""
    started: bool = True

    @property
    def ok(self) -> bool:
        """It ended by itself, with exit code 0."""
        return self.code == 0

    @property
    def stdout(self) -> str:
        """Standard output as text."""
        return self.out.decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        """Standard error as text."""
        return self.err.decode("utf-8", "replace")


@dataclass(frozen=True)
class Command:
    """What to run, and where. `enough` says of the output so far whether it is all we want.

    `hold_stdin`: standard input stays open after `stdin` has been sent, until `stop` is set.
    `heard` is given standard output as it comes.
    """

    namespace: str
    pod: str
    container: str
    argv: tuple[str, ...]
    stdin: bytes = b""
    hold_stdin: bool = False
    enough: Callable[[bytes], bool] | None = None
    heard: Callable[[bytes], None] | None = None
    stop: threading.Event | None = None


def run(connection: Connection, command: Command, seconds: float, clock: Clock) -> Ran:
    """Run it for at most `seconds` after it was started. Never raises for what the cluster does."""
    if connection.looks_only and command.namespace != SYSTEM:
        raise ActsError(f"exec {command.namespace}/{command.pod}: {' '.join(command.argv)}")
    opened = _open(connection, command)
    if isinstance(opened, Exception):
        reason = str(getattr(opened, "reason", None) or opened)
        # A refused handshake brings all headers and the body of the answer behind these signs.
        return Ran(End.lost, None, b"", b"", reason.partition(" -+-+- ")[0], started=False)
    sinks = {STDOUT_CHANNEL: bytearray(), STDERR_CHANNEL: bytearray(), ERROR_CHANNEL: bytearray()}
    out, err, fault = sinks.values()
    why = ""
    try:
        if command.stdin:
            opened.write_channel(STDIN_CHANNEL, command.stdin)
            if not command.hold_stdin:
                opened.close_channel(STDIN_CHANNEL)
        end = _read(opened, sinks, command, clock.now() + seconds, clock)
    except BREAKS as error:
        end, why = End.lost, str(error) or type(error).__name__
    finally:
        _close(opened)
    return _ended(command, end, bytes(out), bytes(err), bytes(fault), why)


def _read(
    opened: WSClient,
    sinks: dict[int, bytearray],
    command: Command,
    deadline: float,
    clock: Clock,
) -> End:
    """Read frames until the end. Frame by frame: the library's `update` never comes back from a
    program that writes without end.
    """
    sock: WebSocket = opened.sock
    sock.settimeout(SLICE)
    out, stop = sinks[STDOUT_CHANNEL], command.stop
    while clock.now() < deadline and sum(map(len, sinks.values())) < MOST:
        if stop is not None and stop.is_set():
            opened.close_channel(STDIN_CHANNEL)  # type: ignore[no-untyped-call]
            stop = None
        try:
            kind, frame = sock.recv_data_frame(True)
        except WebSocketTimeoutException:
            continue
        if kind == ABNF.OPCODE_CLOSE:
            return End.exit
        if kind in (ABNF.OPCODE_BINARY, ABNF.OPCODE_TEXT) and frame.data:
            sinks.get(frame.data[0], bytearray()).extend(frame.data[1:])
            if command.heard and frame.data[0] == STDOUT_CHANNEL:
                command.heard(frame.data[1:])
        if command.enough is not None and command.enough(bytes(out)):
            return End.enough
    return End.limit


def _open(connection: Connection, command: Command) -> Any:
    """An open connection, or what kept it from opening. Connecting has a limit of its own."""
    api = client.CoreV1Api(connection.fresh_client())
    box: queue.Queue[Any] = queue.Queue()

    def connect() -> None:
        try:
            opened = stream(
                api.connect_get_namespaced_pod_exec,
                command.pod,
                command.namespace,
                container=command.container or None,
                command=list(command.argv),
                stdin=bool(command.stdin or command.hold_stdin),
                stdout=True,
                stderr=True,
                tty=False,
                binary=True,
                _preload_content=False,
            )
            box.put(opened)
        except BREAKS as error:
            box.put(error)

    threading.Thread(target=connect, name="exec-connect", daemon=True).start()
    try:
        return box.get(timeout=OPEN_SECONDS)
    except queue.Empty:
        return TimeoutError(f"no connection after {OPEN_SECONDS:.0f} s")


def _close(opened: WSClient) -> None:
    """Say good-bye and let go of the socket, which the library keeps when the other side went."""
    try:
        opened.close(timeout=1)  # type: ignore[no-untyped-call]
    except BREAKS:
        pass
    finally:
        opened.sock.shutdown()


def _ended(command: Command, end: End, out: bytes, err: bytes, fault: bytes, why: str) -> Ran:
    """Read the exit code from the Status that the API server sends on the error channel."""
    if end is not End.exit:
        return Ran(end, None, out, err, why)
    try:
        status = json.loads(fault or b"null")
        if status["status"] == "Success":
            return Ran(End.exit, 0, out, err)
        message = str(status.get("message") or "")
        causes = (status.get("details") or {}).get("causes") or ()
        for cause in causes:
            if cause.get("reason") == "ExitCode":
                return Ran(End.exit, int(cause["message"]), out, err)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Ran(End.lost, None, out, err, "the connection ended without an exit code")
    return _not_started(command.argv[0], message, out, err)


def _not_started(program: str, message: str, out: bytes, err: bytes) -> Ran:
    """The container is there, but the program could not be started in it.

    Runtimes miss files of their own too, where the container ends at that moment; so the message
    must be about the program: `exec: "/x": stat /x: no such file …`, `exec /x: no such file …`.
    """
    words = message.lower()
    name = re.escape(program)
    named = re.search(rf"""["'`]{name}["'`]|exec:? {name}:""", message)
    if NO_EXECUTABLE.search(words) or (named and "no such file or directory" in words):
        return Ran(End.exit, NOT_FOUND, out, err or message.encode())
    if named and "permission denied" in words:
        return Ran(End.exit, NOT_EXECUTABLE, out, err or message.encode())
    return Ran(End.lost, None, out, err, message)
