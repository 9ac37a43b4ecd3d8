"""What lab 05 makes of the processes it sees, and how it writes amounts."""

from __future__ import annotations

import sys
from types import SimpleNamespace as Simple

import pytest

from checker.catalogue import load_lab
from checker.observe import Refusal

load_lab("05-resources")
effort = sys.modules["checker_labs.05_resources.effort"]
lives = sys.modules["checker_labs.05_resources.lives"]
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


def test_rollout_that_ends_while_we_look_leaves_the_new_pod() -> None:
    old, new = Simple(name="old", phase="Running", ready=True), Simple(name="new", phase="Running")
    new.ready = False
    looks = iter([Refusal("not-ready"), new])

    def look_for(selector: str) -> Simple:
        seen = next(looks)
        if isinstance(seen, Refusal):
            raise seen
        return seen

    bench = Simple(look_for=look_for, pods=lambda selector: [old, new])
    assert lives.started(bench, "app=leaky") is new


def test_pods_whose_trouble_is_over_are_looked_at_again() -> None:
    def look_for(selector: str) -> None:
        raise Refusal("not-ready")

    old = Simple(name="old", phase="Running", ready=True)
    with pytest.raises(Refusal, match="not-ready"):
        lives.present(Simple(look_for=look_for, pods=lambda selector: [old]), "app=my-nginx")
