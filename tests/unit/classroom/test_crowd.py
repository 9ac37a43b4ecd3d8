from __future__ import annotations

import threading
import time

import pytest

from checker.classroom.crowd import Halted, HaltingClock, for_each


def test_all_is_done_and_told_in_the_callers_thread() -> None:
    told: dict[int, int] = {}

    def tell(item: int, result: int) -> None:
        assert threading.current_thread() is threading.main_thread()
        told[item] = result

    for_each(range(20), lambda n: n * n, tell, HaltingClock().halt, at_once=4)
    assert told == {n: n * n for n in range(20)}


def test_no_more_run_at_the_same_time_than_are_allowed() -> None:
    lock, running, most = threading.Lock(), 0, 0

    def work(_: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.005)
        with lock:
            running -= 1

    for_each(range(30), work, lambda *_: None, HaltingClock().halt, at_once=3)
    assert most == 3


def test_an_interruption_ends_the_waits_and_begins_nothing_more() -> None:
    clock, began = HaltingClock(), []

    def work(n: int) -> int:
        began.append(n)
        if n:
            clock.pause(60)
        return n

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        for_each(range(100), work, interrupt, clock.halt, at_once=3)
    assert time.monotonic() - start < 30, "nobody waited for the minute to pass"
    assert len(began) < 10


def test_a_halted_clock_lets_no_later_wait_begin() -> None:
    clock = HaltingClock()
    clock.pause(0.001)
    clock.halt()
    with pytest.raises(Halted):
        clock.pause(60)


def test_what_is_wrong_in_our_own_code_is_raised() -> None:
    def work(n: int) -> int:
        return 1 // n

    with pytest.raises(ZeroDivisionError):
        for_each([1, 0, 1], work, lambda *_: None, HaltingClock().halt, at_once=2)
