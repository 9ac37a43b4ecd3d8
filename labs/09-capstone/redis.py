"""Redis as a client of its Service meets it. Answers are lines of its protocol (RESP)."""

from __future__ import annotations

from checker.observe import Bench
from checker.texts import Text

from .fronts import STARTS
from .words import fine

REDIS, PORT = "redis", 6379
KEEPS = "900"
"""Seconds after which Redis forgets the checker's keys, also where a check was killed half-way."""
ANSWERS_IN = 20.0
RESTARTS = 100.0
"""Seconds for the next life of a container: other clusters let it wait for 10, 20, 40 s."""
ANSWERS = Text("Redis 应答", "Redis answers")
ANEW = Text("新的 Redis 进程应答", "a new process of Redis to answer")


def send(bench: Bench, *words: str, seconds: float = 5.0) -> str:
    """What Redis says to a command within `seconds`, or nothing. QUIT ends the connection."""
    payload = f"{' '.join(words)}\r\nQUIT\r\n"
    return bench.tcp(REDIS, PORT, payload, seconds=seconds).text


def ask(bench: Bench, *words: str) -> list[str]:
    """The lines of the answer, once Redis gives one. Ends the check where it does not.

    After a crash the new process may answer before the Service has heard that the old one ended:
    for a moment there is no way to it again. So no silence counts that does not last.
    """

    def look() -> str:
        said = send(bench, *words)
        if said[:1] in ("", "-"):
            _silent(bench, said)
        return said

    return bench.converge(look, fine, ANSWERS_IN, ANSWERS).split("\r\n")


def pause_redis(bench: Bench, seconds: float) -> None:
    """Make Redis take connections and answer none of them; it goes on by itself."""
    words = f"CLIENT PAUSE {round(seconds * 1000)} ALL\r\n"
    said = bench.tcp(REDIS, PORT, words, until=b"\r\n").text
    if not said.startswith("+OK"):
        _silent(bench, said)


def must_answer(bench: Bench) -> None:
    """Wait until Redis answers through its Service."""

    def look() -> str:
        said = send(bench, "PING")
        if not said.startswith("+PONG"):
            _silent(bench, said)
        return said

    bench.converge(look, fine, ANSWERS_IN, ANSWERS)


def _silent(bench: Bench, said: str) -> None:
    command = f"kubectl get endpointslices -l kubernetes.io/service-name={REDIS}"
    bench.failed("redis-silent", expected=ANSWERS, found=said, command=command)


def crash_redis(bench: Bench) -> None:
    """End Redis as a crash would, without a last save, and wait for its next process."""
    bench.pod_of_service(REDIS, STARTS)
    before = process(bench)
    send(bench, "SHUTDOWN", "NOSAVE")
    await_next(bench, before)


def process(bench: Bench) -> str:
    """Redis gives each of its processes a random id."""
    lines = send(bench, "INFO", "server").split("\r\n")
    return next((line for line in lines if line.startswith("run_id:")), "run_id:?")


def await_next(bench: Bench, before: str) -> None:
    """Wait until another process than `before` answers."""

    def look() -> bool:
        said = send(bench, "INFO", "server")
        return "run_id:" in said and before not in said

    bench.converge(look, bool, RESTARTS, ANEW, command="kubectl get pods")
