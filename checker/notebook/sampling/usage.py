"""What a container uses, by the kernel's own books, read in it by a small loop of `sh`.

The loop ends by itself after half a minute and is begun again: a program that was started by
`kubectl exec` does not end with the connection.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import ClassVar

from checker.observe import cgroup

OFTEN, SELDOM = 0.5, 1.0
"""Seconds between two looks: a leak is quick; a share of a second needs a whole one."""
LOOP_SECONDS = 30
MIB = 1 << 20
BEGIN, END = "== at", "== end"

LOOP = """
i=0
while [ $i -lt {count} ]; do
    read -r up rest < /proc/uptime
    echo "{begin} $up"
    {books} 2> /dev/null
    echo "{end}"
    i=$((i + 1))
    sleep {pause}
done
"""

Note = Callable[[str, float | None, float | None], None]
"""Told the line's name, its value (None: the line breaks here) and the limit."""


def command(target: str, container: str, pause: float) -> str:
    """The command of bash that prints the books again and again."""
    loop = LOOP.format(
        count=round(LOOP_SECONDS / pause),
        begin=BEGIN,
        books=" ".join(cgroup.COMMAND),
        end=END,
        pause=pause,
    )
    where = [target, *(["-c", container] if container else [])]
    return shlex.join(["kubectl", "exec", *where, "--", "sh", "-c", loop])


class Books:
    """Turns what the loop prints into numbers. `unit` is theirs."""

    unit: ClassVar[str]

    def __init__(self, note: Note) -> None:
        self._note = note
        self._up = 0.0
        self._lines: list[str] = []

    def take(self, line: str) -> None:
        """One line of the loop's output."""
        if line.startswith(BEGIN):
            self._up, self._lines = float(line.removeprefix(BEGIN)), []
        elif line == END:
            try:
                books = cgroup.read("\n".join(self._lines))
            except ValueError:  # the container ended while they were read
                return
            self._read(self._up, books)
        else:
            self._lines.append(line)

    def broke(self) -> None:
        """The loop did not come to its end: the container is gone."""
        raise NotImplementedError

    def _read(self, up: float, books: cgroup.Cgroup) -> None:
        raise NotImplementedError


class Memory(Books):
    """One line: what is in use, in MiB."""

    unit = "MiB"

    def broke(self) -> None:
        """The line breaks."""
        self._note("memory", None, None)

    def _read(self, up: float, books: cgroup.Cgroup) -> None:
        limit = books.memory_limit
        self._note("memory", books.memory / MIB, None if limit is None else limit / MIB)


class Cpu(Books):
    """Two lines: CPU seconds used and seconds throttled, in each second between two looks."""

    unit = "s/s"

    def __init__(self, note: Note) -> None:
        super().__init__(note)
        self._before: tuple[float, cgroup.Cgroup] | None = None

    def broke(self) -> None:
        """Both lines break: another container's counters begin anew."""
        self._before = None
        self._note("used", None, None)
        self._note("throttled", None, None)

    def _read(self, up: float, books: cgroup.Cgroup) -> None:
        before, self._before = self._before, (up, books)
        if before is None or up <= before[0]:
            return
        span = up - before[0]
        self._note("used", (books.cpu_seconds - before[1].cpu_seconds) / span, books.cpu_limit)
        throttled = books.throttled_seconds - before[1].throttled_seconds
        self._note("throttled", throttled / span, books.cpu_limit)
