from __future__ import annotations

from typing import Any

import pytest
from fakecluster import FakeApi, merged
from fakepods import SPACE

from checker.observe import Bench, CouldNotLook, Refusal
from checker.observe.change import inverse

PATH = f"{SPACE}/secrets/s"


@pytest.mark.parametrize(
    ("there", "patch"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 2}),
        ({"a": 1, "b": 2}, {"a": None}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "d": 4}}),
        ({"a": [1, 2]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": 1}),
        ({}, {"a": {"b": 1}}),
    ],
)
def test_inverse_brings_everything_back(there: dict[str, Any], patch: dict[str, Any]) -> None:
    back = inverse(there, patch)
    assert merged(merged(there, patch), back) == there


def test_change_is_undone(bench: Bench, api: FakeApi) -> None:
    api.put(PATH, {"data": {"user": "b2xk"}})
    assert bench.change("Secret", "s", {"data": {"user": "bmV3"}}) is None
    assert api.store[PATH]["data"] == {"user": "bmV3"}
    bench.undo()
    assert api.store[PATH]["data"] == {"user": "b2xk"}


def test_change_that_is_refused_leaves_nothing_to_undo(bench: Bench, api: FakeApi) -> None:
    api.put(PATH, {"data": {}})
    api.trouble = lambda method, path: 422 if (method, path) == ("PATCH", PATH) else None
    answer = bench.change("Secret", "s", {"data": {"user": "bmV3"}})
    assert answer
    assert answer.code == 422
    assert bench.journal.pending() == ()


def test_change_of_what_is_not_there_is_the_learners_failure(bench: Bench) -> None:
    with pytest.raises(Refusal, match="no-object"):
        bench.change("Secret", "s", {"data": {}})


def test_change_that_may_or_may_not_have_happened_stays_in_the_journal(
    bench: Bench, api: FakeApi
) -> None:
    api.put(PATH, {"data": {}})
    api.trouble = lambda method, path: TimeoutError() if (method, path) == ("PATCH", PATH) else None
    with pytest.raises(CouldNotLook):
        bench.change("Secret", "s", {"data": {"user": "bmV3"}})
    assert len(bench.journal.pending()) == 1
