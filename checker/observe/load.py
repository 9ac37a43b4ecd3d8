"""`bench.load`: requests at a steady rate from inside the cluster, while a check does something.

The client is busybox in the probe Pod, one process for each request: a slow answer holds up no
other. How many are sent is bounded, and they end when the block ends or our connection does.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType

from checker.cluster import SYSTEM, ActsError
from checker.observe.http import parse
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import Pod
from checker.observe.probe import MEND, NO_PROBE, POD
from checker.observe.tcp import LOUD, Tcp
from checker.observe.transport import Command, End, Ran, run
from checker.texts import Text

RATE = 10.0
PATIENCE = 5.0
STARTS = 10.0
MOST = 1200
KEPT = 600
"""Bytes of an answer that are kept. MOST of them fit into what is read of one command."""
MARGIN = 5.0

# The program that -e names speaks over the connection itself; with a pipe before it, nc would close
# our side behind the request, and a proxy would take us for a client that has gone. Descriptor 5 is
# made behind `timeout`, whose watcher lives up to a second longer: it would hold the pipe open.
SCRIPT = f"""
export request=$1 speak='printf %s "$request"; exec cat >&5'
address=$2 port=$3 pause=$4 count=$5 patience=$6
one() {{
    read -r began _ < /proc/uptime
    said=$(timeout "$patience" sh -c \
        'exec nc {" ".join(LOUD)} "$0" "$1" -e sh -c "$speak" 5>&1 2>&1' "$address" "$port" |
        head -c {KEPT} | base64 -w 0)
    read -r ended _ < /proc/uptime
    echo "answer $began $ended $said"
}}
main=$$
exec 3<&0
(cat <&3; kill $main) > /dev/null 2>&1 &
trap 'stop=1' TERM
read -r up _ < /proc/uptime
echo "start $up $(adjtimex | awk '/tv_sec/ {{s = $2}} /tv_usec/ {{u = $2}} END {{print s, u}}')"
while [ -z "$stop" ] && [ "$count" -gt 0 ]; do
    one < /dev/null &
    jobs="$jobs $!"
    count=$((count - 1))
    sleep "$pause"
done
trap '' TERM
wait $jobs
echo end
"""

CUT_OFF = "the answer was cut off"
NO_ANSWER = "no answer"
NO_START = Text("请求没有开始发出", "the requests did not begin")
TOO_FEW = Text("请求没有发完", "the requests did not come to their end")


@dataclass(frozen=True)
class Answer:
    """What came of one request. The body is untrusted and holds at most the first bytes.

    `at` is when it was sent, by the clock of the node; `seconds` how long it took. `error` is
    empty when a whole answer with a status below 400 came.
    """

    at: datetime
    seconds: float
    status: int | None
    body: str
    error: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Answered, and not with an error."""
        return not self.error


def first_line(answer: Answer) -> str:
    """The first line of the body: where an app tells which Pod it is."""
    return answer.body.strip().partition("\n")[0].strip()


class Load:
    """Requests under way. A context manager; `answers` may be read while it runs and after it.

    Leaving the block waits for the answers that are still to come. CouldNotLook when the probe
    Pod failed, so that missing answers are never blamed on the app.
    """

    def __init__(self, send: Callable[[Callable[[bytes], None], threading.Event], Ran]) -> None:
        self._send = send
        self._stop = threading.Event()
        self._started = threading.Event()
        self._heard = bytearray()
        self._ran: Ran | None = None
        self._thread = threading.Thread(target=self._go, name="load", daemon=True)

    def __enter__(self) -> Load:
        self._thread.start()
        if not self._started.wait(STARTS) or self._broken():
            self._stop.set()
            raise _lost(NO_START, self._ran)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if kind is None:
            self._thread.join()
            if self._broken() or b"\nend\n" not in self._heard:
                raise _lost(TOO_FEW, self._ran)

    @property
    def answers(self) -> list[Answer]:
        """All that has come so far, in the order in which the requests were sent."""
        return read_answers(bytes(self._heard))

    @property
    def failed(self) -> list[Answer]:
        """The requests that got no answer, half of one, or an error."""
        return [each for each in self.answers if not each.ok]

    def slow(self, seconds: float) -> list[Answer]:
        """The requests that took longer than `seconds`."""
        return [each for each in self.answers if each.seconds > seconds]

    def by(self, who: Callable[[Answer], str] = first_line) -> Counter[str]:
        """How many good answers each Pod gave; `who` reads the Pod from an answer."""
        return Counter(who(each) for each in self.answers if each.ok)

    def _go(self) -> None:
        try:
            self._ran = self._send(self._hear, self._stop)
        finally:
            self._started.set()

    def _hear(self, data: bytes) -> None:
        self._heard.extend(data)
        if b"\n" in self._heard:
            self._started.set()

    def _broken(self) -> bool:
        ran = self._ran
        return not self._thread.is_alive() and (ran is None or ran.end is not End.exit)


class LoadTest(Tcp):
    """Requests at a steady rate."""

    def load(
        self,
        to: str | Pod,
        path: str = "/",
        port: int = 80,
        rate: float = RATE,
        seconds: float = 60.0,
        patience: float = PATIENCE,
    ) -> Load:
        """Send about `rate` GET requests per second, for at most `seconds`, in a `with` block.

        A request is given up when nothing comes for `patience` seconds. Refusals are those of
        `address`; the address is looked up once, as a client of the Service's IP does.
        """
        host = to if isinstance(to, str) else to.ip
        if self.connection.looks_only:
            raise ActsError(f"load {host}")
        address = self.address(to, port)
        lines = (f"GET {path} HTTP/1.1", f"Host: {host}", "User-Agent: podlab", "Connection: close")
        request = "".join(f"{line}\r\n" for line in (*lines, ""))
        seconds = self.left(seconds)
        count = max(1, min(MOST, round(rate * seconds)))
        whole = max(1, round(seconds + patience + MARGIN))
        words = (request, address, port, 1 / rate, count, max(1, round(patience)))
        argv = ("timeout", str(whole), "sh", "-c", SCRIPT, "sh", *map(str, words))

        def send(hear: Callable[[bytes], None], stop: threading.Event) -> Ran:
            command = Command(SYSTEM, POD, POD, argv, hold_stdin=True, heard=hear, stop=stop)
            return run(self.connection, command, whole + MARGIN, self.clock)

        return Load(send)


def read_answers(data: bytes) -> list[Answer]:
    """The answers in what the script wrote. A line that is not whole yet is left out."""
    lines = [line.split() for line in data.decode("ascii", "replace").split("\n")[:-1]]
    start = next((words for words in lines if words[:1] == ["start"]), None)
    if start is None:
        return []
    booted = datetime.fromtimestamp(int(start[2]), UTC) + timedelta(microseconds=int(start[3]))
    booted -= timedelta(seconds=float(start[1]))
    found = [_answer(booted, words) for words in lines if words[:1] == ["answer"]]
    return sorted(found, key=lambda each: each.at)


def _answer(booted: datetime, words: list[str]) -> Answer:
    began, ended = float(words[1]), float(words[2])
    try:
        said = base64.b64decode(words[3]) if len(words) > 3 else b""
    except binascii.Error:
        said = b""
    complaint, mark, rest = said.partition(b"HTTP/1.")
    rest = re.sub(rb"sent \d+, rcvd \d+\s*$", b"", rest)
    status, headers, body = parse(mark + rest) if mark else (None, {}, b"")
    error = ""
    if status is None:
        error = _complaint(complaint)
    elif len(said) < KEPT and _cut(headers, rest, body):
        error = CUT_OFF
    elif status >= 400:
        error = f"HTTP {status}"
    at = booted + timedelta(seconds=began)
    return Answer(at, ended - began, status, body.decode("utf-8", "replace"), error, headers)


def _cut(headers: Mapping[str, str], rest: bytes, body: bytes) -> bool:
    if "chunked" in headers.get("transfer-encoding", ""):
        return not rest.endswith(b"0\r\n\r\n")
    length = headers.get("content-length", "")
    return length.isdigit() and len(body) < int(length)


def _complaint(words: bytes) -> str:
    """What nc says of a request without an answer, such as `Connection refused`."""
    lines = words.decode("utf-8", "replace").splitlines()
    return next((line.rpartition(": ")[2] for line in lines if ": " in line), NO_ANSWER)


def _lost(what: Text, ran: Ran | None) -> CouldNotLook:
    why = (ran.why or ran.stderr.strip() if ran else "") or "no answer"
    words = Text(f"{what.zh}（{why[:200]}）", f"{what.en} ({why[:200]})")
    return CouldNotLook(NO_PROBE.format(pod=POD, namespace=SYSTEM, why=words), MEND)
