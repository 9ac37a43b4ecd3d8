"""What it takes to grade a class of 20 to 100 learners in one lab that is judged by status.

    python -m tests.bench.class_grade [SIZE ...] [--runs 1] [--at-once N]

Not a test: it prints figures and asserts nothing. The cluster must be up. Each run is the command
`podlab class grade` in a process of its own, from its start to its end. `calls` are HTTP requests,
repeated ones too. `beside` is how many cores were busy with all else meanwhile, the API server that
answers among it; `load` the machine's load average in the minute before.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from urllib3.connectionpool import HTTPConnectionPool

from checker.classroom.results import read_run, runs_in
from checker.cli.app import main as podlab
from checker.cluster import connect
from tests.bench.simulated import LAB, Simulated

SIZES = (20, 40, 60, 80, 100)
COUNTED = "--counted"
TICKS = os.sysconf("SC_CLK_TCK")
ROW = "{:>8}{:>9}{:>7}{:>9}{:>8}{:>13}{:>13}{:>8}{:>7}  {}"


@dataclass(frozen=True)
class Own:
    """What a process tells of itself at its end."""

    calls: int
    connections: int
    peak_mb: float
    cpu: float


def main(sizes: Sequence[int], runs: int, more: Sequence[str]) -> None:
    """Grade classes of these sizes, and print a row for each run."""
    heads = ("learners", "seconds", "CPU s", "peak MB", "calls", "per learner", "connections")
    print(ROW.format(*heads, "beside", "load", "verdicts"), flush=True)
    with Simulated(connect()) as crowd, tempfile.TemporaryDirectory() as folder:
        for size in sorted(sizes):
            crowd.grow(size)
            for _ in range(runs):
                measure(crowd.ids(), Path(folder), more)


def measure(ids: Sequence[str], folder: Path, more: Sequence[str]) -> None:
    """Grade these learners once and print the row."""
    roster = folder / "class.csv"
    rows = [f"{each},Learner {each},{'zh' if n % 2 else 'en'}\n" for n, each in enumerate(ids)]
    roster.write_text("id,name,language\n" + "".join(rows), encoding="utf-8")
    words = [
        "class",
        "grade",
        "--new",
        "--roster",
        f"{roster}",
        "--labs",
        LAB,
        "--out",
        f"{folder}",
    ]
    program = [sys.executable, "-m", "tests.bench.class_grade", COUNTED, f"{folder / 'own'}"]
    load, busy, began = os.getloadavg()[0], busy_seconds(), time.monotonic()
    done = subprocess.run([*program, *words, *more], capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"podlab class grade ended with {done.returncode}:\n{done.stderr}")
    own = Own(**json.loads((folder / "own").read_text()))
    beside = (busy_seconds() - busy - own.cpu) / seconds
    run = read_run(runs_in(folder)[-1])
    verdicts = Counter(each.verdict for report in run.reports.values() for each in report.results)
    print(
        ROW.format(
            len(ids),
            f"{seconds:.1f}",
            f"{own.cpu:.1f}",
            f"{own.peak_mb:.0f}",
            own.calls,
            f"{own.calls / len(ids):.1f}",
            own.connections,
            f"{beside:.1f}",
            f"{load:.1f}",
            ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())),
        ),
        flush=True,
    )


def counted(file: Path, words: Sequence[str]) -> None:
    """Be `podlab` with these words, and write to the file what it took."""
    calls: list[None] = []
    pools: list[HTTPConnectionPool] = []
    send, begin = HTTPConnectionPool.urlopen, HTTPConnectionPool.__init__

    def urlopen(pool: HTTPConnectionPool, *args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        return send(pool, *args, **kwargs)

    def init(pool: HTTPConnectionPool, *args: Any, **kwargs: Any) -> None:
        pools.append(pool)
        begin(pool, *args, **kwargs)

    HTTPConnectionPool.urlopen = urlopen  # type: ignore[method-assign]
    HTTPConnectionPool.__init__ = init  # type: ignore[method-assign]
    sys.argv = ["podlab", *words]
    try:
        podlab()
    finally:
        used = os.times()
        connections = sum(pool.num_connections for pool in pools)
        # Not getrusage: the peak it knows began with that of the process that started this one.
        peak = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
        own = Own(
            len(calls), connections, int(peak[1]) / 1000 if peak else 0.0, used.user + used.system
        )
        file.write_text(json.dumps(vars(own)))


def busy_seconds() -> float:
    """How long all cores together have been busy since the machine started."""
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / TICKS


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    if sys.argv[1:2] == [COUNTED]:
        counted(Path(sys.argv[2]), sys.argv[3:])
        sys.exit()
    signal.signal(signal.SIGTERM, _interrupt)  # so that the learners go away then as well
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--at-once", type=int)
    given = parser.parse_args()
    at_once = ["--at-once", str(given.at_once)] if given.at_once else []
    main(given.sizes or SIZES, given.runs, at_once)
