"""A record becomes a picture's data: lives in a window, marks as deeds and as reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checker.notebook.timeline import DotKind, Timeline
from checker.notebook.timeline.story import tell
from checker.observe import Fact, Record

ZERO = datetime(2026, 1, 1, tzinfo=UTC)


def at(second: float) -> datetime:
    return ZERO + timedelta(seconds=second)


def mark(second: float, label: str, **more: object) -> Fact:
    return Fact("mark", at(second), at(second), label, more=more)


def read(second: float, answer: str | None) -> Fact:
    return Fact("sample", at(second), at(second), "city", more={"form": "read", "value": answer})


def pod(what: str, second: float, name: str) -> Fact:
    return Fact(what, at(second), at(second), name, name)


def story(*facts: Fact, start: float | None = None, end: float | None = None) -> Timeline:
    record = Record("n", ZERO, at(20), facts)
    return tell(
        record,
        None if start is None else at(start),
        None if end is None else at(end),
    )


@pytest.mark.parametrize(
    ("answer", "kind", "value"),
    [
        ("Hangzhou\n", DotKind.good, "Hangzhou"),
        ("1\n", DotKind.good, "1"),
        ("\n", DotKind.bad, ""),
        ("(nil)", DotKind.bad, "(nil)"),
        ("0\n", DotKind.bad, "0"),
        ("None", DotKind.bad, "None"),
        (None, DotKind.none, ""),
    ],
)
def test_an_answer_means_found_gone_or_none(answer: str | None, kind: DotKind, value: str) -> None:
    (dot,) = story(read(3, answer)).dots
    assert (dot.kind, dot.value, dot.at, dot.lane.label.en) == (kind, value, 3, "read city")


def test_a_mark_without_an_answer_is_a_deed() -> None:
    timeline = story(mark(2, "kubectl delete pod"), read(3, "x"))
    assert [(deed.at, deed.label) for deed in timeline.deeds] == [(2, "kubectl delete pod")]
    assert len(timeline.dots) == 1


def test_a_claim_is_neither_a_deed_nor_a_read() -> None:
    timeline = story(Fact("claim-seen", at(1), at(2), "data", "u1"))
    assert (timeline.deeds, timeline.dots) == ((), ())
    assert [life.lane.label.en for life in timeline.lives] == ["PVC data"]


def test_without_a_window_all_is_shown() -> None:
    timeline = story(mark(2, "a"), mark(19, "b"))
    assert (timeline.began, timeline.seconds, len(timeline.deeds)) == (ZERO, 20, 2)


def test_a_window_holds_only_what_happened_in_it() -> None:
    timeline = story(
        mark(1, "before"),
        pod("pod-seen", 2, "gone"),
        pod("pod-gone", 5, "gone"),
        pod("pod-seen", 5, "stays"),
        mark(10, "within"),
        mark(15, "after"),
        pod("pod-seen", 16, "late"),
        start=8,
        end=12,
    )
    assert (timeline.began, timeline.seconds) == (at(8), 4)
    assert [(deed.label, deed.at) for deed in timeline.deeds] == [("within", 2)]
    assert [(a.name.en, a.start, a.end) for a in timeline.lives] == [("stays", 0, None)]


def test_what_ended_after_a_window_still_lives_in_it() -> None:
    (life,) = story(pod("pod-seen", 1, "a"), pod("pod-gone", 9, "a"), start=2, end=5).lives
    assert life.end is None


def test_what_ended_in_a_window_ends_at_its_moment_in_it() -> None:
    (life,) = story(pod("pod-seen", 1, "a"), pod("pod-gone", 9, "a"), start=2, end=12).lives
    assert (life.start, life.end) == (0, 7)
