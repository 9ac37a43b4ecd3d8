from __future__ import annotations

import pytest
from fakecluster import FakeClock
from fakepods import WHAT

from checker.observe import Bench, CouldNotLook, Refusal
from checker.texts import Text

BLIND = CouldNotLook(Text("看不见", "no sight"), Text("再试", "again"))


def test_converge_returns_what_was_seen_when_it_was_so(bench: Bench, clock: FakeClock) -> None:
    assert bench.converge(clock.now, lambda now: now >= 3, 10, WHAT) == 3


def test_what_never_comes_is_refused_with_the_last_state_seen(
    bench: Bench, clock: FakeClock
) -> None:
    with pytest.raises(Refusal) as caught:
        bench.converge(lambda: "no", lambda v: False, 10, WHAT, command="look")
    assert caught.value.message_id == "deadline"
    assert caught.value.params == {"found": "no", "seconds": 10, "waiting_for": WHAT}
    assert caught.value.evidence[0].found == "no"
    assert clock.now() == 10


def test_refusal_has_the_message_the_check_chose(bench: Bench) -> None:
    with pytest.raises(Refusal) as caught:
        bench.converge(lambda: 1, lambda v: False, 5, WHAT, failing="mine", service="redis")
    assert caught.value.message_id == "mine"
    assert caught.value.params["service"] == "redis"


def test_refusal_of_the_look_itself_says_more_and_is_kept(bench: Bench) -> None:
    def look() -> None:
        bench.failed("why")

    with pytest.raises(Refusal, match="why"):
        bench.converge(look, lambda v: True, 5, WHAT)


def test_refusal_that_heals_is_no_failure(bench: Bench, clock: FakeClock) -> None:
    def look() -> str:
        if clock.now() < 4:
            bench.failed("why")
        return "fine"

    assert bench.converge(look, lambda v: True, 10, WHAT) == "fine"


def test_refusal_that_settles_ends_the_wait_early(bench: Bench, clock: FakeClock) -> None:
    with pytest.raises(Refusal):
        bench.converge(lambda: bench.failed("why", settles=3), lambda v: True, 60, WHAT)
    assert clock.now() == 3


def test_never_seen_is_could_not_look_with_the_reason(bench: Bench) -> None:
    def look() -> None:
        raise BLIND

    with pytest.raises(CouldNotLook) as caught:
        bench.converge(look, lambda v: True, 10, WHAT)
    assert caught.value is BLIND


def test_seen_long_ago_and_not_since_is_could_not_look(bench: Bench, clock: FakeClock) -> None:
    def look() -> str:
        if clock.now() > 10:
            raise BLIND
        return "no"

    with pytest.raises(CouldNotLook):
        bench.converge(look, lambda v: False, 60, WHAT)


def test_no_wait_is_longer_than_the_check_may_take(bench: Bench, clock: FakeClock) -> None:
    short = Bench(bench.connection, bench.workspace, deadline=7, clock=clock)
    with pytest.raises(Refusal):
        short.converge(lambda: 1, lambda v: False, 60, WHAT)
    assert clock.now() == 7


def test_what_is_waited_for_is_said_once_and_only_when_there_is_a_wait(
    bench: Bench, clock: FakeClock, said: list[Text]
) -> None:
    bench.converge(lambda: 1, lambda v: True, 5, WHAT)
    assert said == []
    bench.converge(clock.now, lambda now: now >= 3, 5, WHAT)
    assert said == [WHAT]


def test_error_of_the_check_itself_is_not_swallowed(bench: Bench) -> None:
    with pytest.raises(ZeroDivisionError):
        bench.converge(lambda: 1 // 0, lambda v: True, 5, WHAT)
