"""How long a check of a solved lab takes, task by task, and how much of it is starting Python.

    python -m tests.bench.check_latency [LAB] [RUNS]

Not a test: it prints figures and asserts nothing. The cluster must be up.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections import defaultdict

from checker.catalogue import load_lab, solution
from checker.cluster import Workspace, connect, remove
from checker.grading import grade, put_case

LEARNER = "bench"


def main(name: str, runs: int) -> None:
    """Grade the solution `runs` times and print the median and the 95th percentile in seconds."""
    lab = load_lab(name)
    connection = connect()
    workspace = Workspace(lab.name, "lab", LEARNER)
    seconds: dict[str, list[float]] = defaultdict(list)
    try:
        put_case(solution(lab), workspace, anew=True, connection=connection)
        grade(lab, workspace, connection=connection)
        for _ in range(runs):
            report = grade(lab, workspace, connection=connection)
            for result in report.results:
                seconds[f"{result.task} ({result.verdict.value})"].append(result.seconds)
            seconds["all tasks"].append(report.seconds)
            seconds["start of the command"].append(_start())
    finally:
        remove(connection, workspace)
    print(f"{lab.name}, {runs} runs\n{'':24}{'p50':>8}{'p95':>8}")
    for what, taken in seconds.items():
        print(f"{what:24}{statistics.median(taken):8.2f}{percentile(taken, 95):8.2f}")


def percentile(taken: list[float], percent: int) -> float:
    """The nearest-rank percentile."""
    ranked = sorted(taken)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]


def _start() -> float:
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "checker", "--help"], check=True, stdout=subprocess.DEVNULL
    )
    return time.monotonic() - began


if __name__ == "__main__":
    words = [*sys.argv[1:], *("storage", "8")[len(sys.argv) - 1 :]]
    main(words[0], int(words[1]))
