"""Lab 09 asks the Redis that came after for a cart, and not the one that takes its time to go."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from fakecluster import FakeClock

from checker.catalogue import load_lab
from checker.observe import Bench, Refusal

LESSON = "09-capstone"
load_lab(LESSON)
records = sys.modules["checker_labs.09_capstone.records"]


def test_old_redis_that_still_answers_keeps_no_cart(
    bench: Bench, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes = 6.0

    def tcp(service: str, port: int, payload: str, **more: object) -> SimpleNamespace:
        old = clock.now() < goes
        word = payload.split()[0]
        answers = {"INFO": f"run_id:{'old' if old else 'new'}", "PING": "+PONG", "LINDEX": "$-1"}
        if old and word == "LINDEX":
            return SimpleNamespace(text="$3\r\nfig")
        return SimpleNamespace(text=answers.get(word, ":1"))

    pod = SimpleNamespace(name="redis-1", uid="uid-1")
    monkeypatch.setattr(bench, "tcp", tcp)
    monkeypatch.setattr(bench, "token", lambda: "fig")
    monkeypatch.setattr(bench, "pod_of_service", lambda *_: pod)
    monkeypatch.setattr(bench, "replace", lambda *_, **__: pod)
    monkeypatch.setattr(records, "_say_why_lost", lambda *_: bench.failed("died-with-pod"))
    with pytest.raises(Refusal, match="died-with-pod"):
        records.carts(bench)
