from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from checker.cluster import Change, Connection
from checker.observe import Bench
from checker.observe import wake as module
from checker.observe.wake import WakefulClock


class FakeChanges:
    made: list[FakeChanges]

    def __init__(
        self, connection: object, namespace: str, kind: str, tell: Callable[[Change], None]
    ) -> None:
        self.tell, self.log = tell, []  # type: ignore[var-annotated]
        self.made.append(self)

    def start(self) -> None:
        self.log.append("start")
        self.tell(Change("modified", "Pod"))

    def stop(self) -> None:
        self.log.append("stop")


@pytest.fixture
def clock(connected: tuple[Connection, Any], monkeypatch: pytest.MonkeyPatch) -> WakefulClock:
    FakeChanges.made = []
    monkeypatch.setattr(module, "Changes", FakeChanges)
    return WakefulClock(connected[0], "ns")


def test_pause_ends_when_something_changes(clock: WakefulClock) -> None:
    began = time.monotonic()
    clock.pause(60)
    assert time.monotonic() - began < 30


def test_pause_without_a_change_lasts_its_time(clock: WakefulClock) -> None:
    clock.pause(0.01)
    began = time.monotonic()
    clock.pause(0.2)
    assert time.monotonic() - began >= 0.15


def test_nothing_is_watched_until_somebody_pauses(clock: WakefulClock) -> None:
    assert [watch.log for watch in FakeChanges.made] == [[], []]
    clock.pause(0.01)
    clock.pause(0.01)
    assert [watch.log for watch in FakeChanges.made] == [["start"], ["start"]]


def test_closing_a_bench_stops_its_watches(
    clock: WakefulClock, connected: tuple[Connection, Any], bench: Bench
) -> None:
    FakeChanges.made.clear()
    live = Bench(connected[0], bench.workspace)
    live.clock.pause(0.01)
    live.close()
    assert [watch.log for watch in FakeChanges.made] == [["start", "stop"], ["start", "stop"]]
