"""What lab 05 makes of the processes it sees, and how it writes amounts."""

from __future__ import annotations

import sys

from checker.catalogue import load_lab

load_lab("05-resources")
effort = sys.modules["checker_labs.05_resources.effort"]
amounts = sys.modules["checker_labs.05_resources.amounts"]

# pid (name) state ppid … utime stime cutime cstime …, as a kernel wrote them
STATS = """\
1 (sh) S 0 1 1 0 -1 4194560 1 0 0 0 2 1 4 3 20 0 1 0 100
7 (a (b) c) R 1 1 1 0 -1 4194304 1 0 0 0 90 5 0 0 20 0 1 0 101
20 (sh) S 0 20 20 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 300
21 (cat) R 20 20 20 0 -1 4194304 1 0 0 0 1 0 0 0 20 0 1 0 301
22 (sleep) S 21 20 20 0 -1 4194304 1 0 0 0 9 9 9 9 20 0 1 0 302
"""


def test_our_own_processes_are_kept_apart() -> None:
    assert effort.processes(STATS, "20") == [("S", 10), ("R", 95)]


def test_half_a_line_is_left_out() -> None:
    assert effort.processes("1 (sh) S 0 1\n9 (cut", "20") == []


def test_amounts_read_as_kubernetes_writes_them() -> None:
    assert amounts.size(amounts.number("64Mi")) == "64Mi"
    assert amounts.size(amounts.number("64M")) == "64000000"
    assert amounts.size(amounts.number("64m")) == "0.064"
    assert amounts.cpu(amounts.number("0.5")) == amounts.cpu(amounts.number("500m")) == "500m"
    assert amounts.size(None) == amounts.cpu(None) == "-"
