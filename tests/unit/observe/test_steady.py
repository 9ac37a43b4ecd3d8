from __future__ import annotations

import pytest
from fakecluster import FakeClock
from fakepods import WHAT

from checker.observe import KUBE_PROXY, Bench, Refusal


def test_what_is_right_all_the_time_is_held_for_its_time(bench: Bench, clock: FakeClock) -> None:
    assert bench.steady(lambda: "new", "new".__eq__, 3, WHAT) == "new"
    assert clock.now() == 3


def test_old_pod_that_answers_for_a_while_after_a_rollout_is_forgiven(
    bench: Bench, clock: FakeClock
) -> None:
    def look() -> str:
        return "old" if clock.now() in (1.0, 2.5, 6.0) else "new"

    assert bench.steady(look, "new".__eq__, 3, WHAT) == "new"
    assert clock.now() == 9.5


def test_what_goes_on_to_break_is_refused(bench: Bench, clock: FakeClock) -> None:
    def look() -> str:
        return "old" if clock.now() % 2 == 1 else "new"

    with pytest.raises(Refusal, match="not-held"):
        bench.steady(look, "new".__eq__, 3, WHAT)
    assert KUBE_PROXY <= clock.now() <= KUBE_PROXY + 3


def test_what_never_becomes_right_is_refused_in_time(bench: Bench, clock: FakeClock) -> None:
    with pytest.raises(Refusal, match="deadline"):
        bench.steady(lambda: "old", "new".__eq__, 3, WHAT)
    assert clock.now() == KUBE_PROXY


def test_check_without_time_left_does_not_begin_again(bench: Bench, clock: FakeClock) -> None:
    short = Bench(bench.connection, bench.workspace, deadline=2, clock=clock)
    looks: list[float] = []

    def look() -> str:
        looks.append(clock.now())
        assert len(looks) < 10, "looking again and again without a pause"
        return "new"

    with pytest.raises(Refusal, match="deadline"):
        short.steady(look, "new".__eq__, 3, WHAT)
