"""Runs a command in the probe Pod: the course's own place in the cluster to send requests from."""

from __future__ import annotations

from collections.abc import Callable

from checker.cluster import SYSTEM
from checker.observe.base import Base
from checker.observe.outcome import CouldNotLook
from checker.observe.transport import NOT_EXECUTABLE, NOT_FOUND, Command, End, Ran, run
from checker.texts import Text

POD = "probe"
MARGIN = 5.0
"""Seconds beyond a command's own limit, after which the way to the probe Pod must be broken."""
NO_PROBE = Text(
    "课程的探测 Pod（{namespace} 里的 {pod}）用不了：{why}。",
    "The course's probe Pod ({pod} in {namespace}) cannot be used: {why}.",
)
MEND = Text("运行 podlab up，它会补上探测 Pod。", "Run podlab up; it brings the probe Pod back.")


class Probe(Base):
    """Commands in the probe Pod; verbs that make requests stand on it."""

    def probe(
        self,
        argv: tuple[str, ...],
        stdin: bytes = b"",
        enough: Callable[[bytes], bool] | None = None,
        seconds: float = 5.0,
    ) -> Ran:
        """Run `argv` for at most `seconds`, or until its output is `enough`.

        Standard input is closed after `stdin`; with `enough` it stays open.
        An exit code of 143 says that the time was up. CouldNotLook when the Pod is missing or the
        command could not be run in it: never the learner's fault.
        """
        whole = max(1, round(self.left(seconds)))
        limited = ("timeout", str(whole), *argv)
        command = Command(SYSTEM, POD, POD, limited, stdin, enough is not None, enough)
        ran = run(self.connection, command, whole + MARGIN, self.clock)
        if ran.end in (End.lost, End.limit) or ran.code in (NOT_FOUND, NOT_EXECUTABLE):
            why = ran.why or ran.stderr.strip() or "no answer"
            words = NO_PROBE.format(pod=POD, namespace=SYSTEM, why=why[:200])
            raise CouldNotLook(words, MEND)
        return ran
