from __future__ import annotations

from collections.abc import Callable

from fakecluster import FakeClock

from checker.cluster import Glance, wait

CAUSE = ConnectionRefusedError("no")


def so(clock: FakeClock, from_: float) -> Callable[[], Glance[float]]:
    return lambda: Glance(so=clock.now() >= from_, value=clock.now())


def test_wait_ends_at_the_first_look_that_is_so(clock: FakeClock) -> None:
    ended = wait(so(clock, 12), 60, clock, every=5)
    assert (ended.so, ended.seconds) == (True, 15)


def test_wait_for_what_is_so_already_takes_no_time(clock: FakeClock) -> None:
    assert wait(so(clock, 0), 60, clock).seconds == 0


def test_wait_looks_once_more_when_the_time_is_up(clock: FakeClock) -> None:
    ended = wait(so(clock, 7), 7, clock, every=5)
    assert (ended.so, ended.seconds) == (True, 7)


def test_what_is_never_so_is_not_so_with_the_last_state_seen(clock: FakeClock) -> None:
    ended = wait(so(clock, 99), 10, clock, every=3)
    assert ended.so is False
    assert ended.last
    assert ended.last.value == 10


def test_wait_that_never_saw_anything_is_not_known(clock: FakeClock) -> None:
    ended = wait(lambda: Glance[None](so=None, cause=CAUSE), 10, clock)
    assert (ended.so, ended.last) == (None, None)
    assert ended.blind
    assert ended.blind.cause is CAUSE


def test_old_observation_does_not_count_when_nothing_fresh_came_after_it(clock: FakeClock) -> None:
    def look() -> Glance[None]:
        return Glance(so=False) if clock.now() < 20 else Glance(so=None, cause=CAUSE)

    assert wait(look, 60, clock).so is None


def test_short_trouble_at_the_end_does_not_hide_what_was_seen_before(clock: FakeClock) -> None:
    def look() -> Glance[None]:
        return Glance(so=False) if clock.now() < 57 else Glance(so=None, cause=CAUSE)

    assert wait(look, 60, clock).so is False


def test_one_look_at_the_start_of_a_short_wait_is_not_fresh_at_its_end(clock: FakeClock) -> None:
    def look() -> Glance[None]:
        return Glance(so=False) if clock.now() == 0 else Glance(so=None, cause=CAUSE)

    assert wait(look, 4, clock).so is None


def test_look_that_takes_long_is_fresh_when_it_ends(clock: FakeClock) -> None:
    def look() -> Glance[None]:
        clock.pause(8)
        return Glance(so=False)

    assert wait(look, 5, clock).so is False


def test_state_that_cannot_change_ends_the_wait_once_it_has_settled(clock: FakeClock) -> None:
    ended = wait(lambda: Glance[None](so=False, settles=5, key="a"), 60, clock, every=1)
    assert (ended.so, ended.seconds) == (False, 5)


def test_state_that_comes_and_goes_never_settles(clock: FakeClock) -> None:
    def look() -> Glance[None]:
        return Glance(so=False, settles=5, key=int(clock.now()) // 3)

    assert wait(look, 60, clock, every=1).seconds == 60


def test_longest_gap_is_the_longest_time_without_anything_seen(clock: FakeClock) -> None:
    def look() -> Glance[None]:
        return Glance(so=None if 10 <= clock.now() < 17 else False)

    assert wait(look, 30, clock, every=1).longest_gap == 8
