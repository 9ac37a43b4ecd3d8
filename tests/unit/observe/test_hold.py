from __future__ import annotations

import pytest
from fakecluster import FakeClock
from fakepods import WHAT

from checker.observe import Bench, CouldNotLook, Refusal
from checker.observe.hold import LONGEST_GAP
from checker.texts import Text

BLIND = CouldNotLook(Text("看不见", "no sight"), Text("再试", "again"))


def test_state_that_lasts_is_held_for_the_whole_time(bench: Bench, clock: FakeClock) -> None:
    assert bench.hold(lambda: "up", lambda v: v == "up", 10, WHAT) == "up"
    assert clock.now() == 10


def test_state_that_breaks_is_refused_with_when_and_what(bench: Bench, clock: FakeClock) -> None:
    with pytest.raises(Refusal) as caught:
        bench.hold(clock.now, lambda now: now < 4, 10, WHAT)
    assert caught.value.message_id == "not-held"
    assert caught.value.params == {"found": "4.0", "after": 4, "what": WHAT}


def test_state_that_is_wrong_from_the_start_is_refused_at_once(
    bench: Bench, clock: FakeClock
) -> None:
    with pytest.raises(Refusal):
        bench.hold(lambda: "down", lambda v: v == "up", 10, WHAT)
    assert clock.now() == 0


def test_refusal_of_the_look_is_kept(bench: Bench) -> None:
    with pytest.raises(Refusal, match="why"):
        bench.hold(lambda: bench.failed("why"), lambda v: True, 10, WHAT)


def test_state_that_was_out_of_sight_for_long_was_not_proven(
    bench: Bench, clock: FakeClock
) -> None:
    def look() -> str:
        if 3 < clock.now() < 17:
            raise BLIND
        return "up"

    with pytest.raises(CouldNotLook, match="For 14 s"):
        bench.hold(look, lambda v: True, 30, WHAT)


def test_short_loss_of_sight_does_no_harm(bench: Bench, clock: FakeClock) -> None:
    def look() -> str:
        if 3 < clock.now() < 6:
            raise BLIND
        return "up"

    assert bench.hold(look, lambda v: True, 30, WHAT) == "up"


def test_end_out_of_sight_is_looked_at_as_soon_as_it_can_be_seen(
    bench: Bench, clock: FakeClock
) -> None:
    def look() -> str:
        if 7 < clock.now() < 12:
            raise BLIND
        return "up" if clock.now() <= 7 else "down"

    with pytest.raises(Refusal) as caught:
        bench.hold(look, lambda v: v == "up", 10, WHAT)
    assert caught.value.params["found"] == "down"
    assert clock.now() == 12


def test_end_that_stays_out_of_sight_was_not_proven(bench: Bench, clock: FakeClock) -> None:
    def look() -> str:
        if clock.now() > 9:
            raise BLIND
        return "up"

    with pytest.raises(CouldNotLook, match="no sight"):
        bench.hold(look, lambda v: True, 10, WHAT)
    assert clock.now() == 10 + LONGEST_GAP


def test_state_that_was_never_seen_is_could_not_look(bench: Bench) -> None:
    def look() -> str:
        raise BLIND

    with pytest.raises(CouldNotLook):
        bench.hold(look, lambda v: True, 3, WHAT)


def test_check_without_time_left_cannot_prove_that_something_lasts(
    bench: Bench, clock: FakeClock
) -> None:
    short = Bench(bench.connection, bench.workspace, deadline=7, clock=clock)
    with pytest.raises(Refusal, match="deadline"):
        short.hold(lambda: "up", lambda v: True, 8, WHAT)
