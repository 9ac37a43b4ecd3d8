from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi

from checker.observe import Bench, CouldNotLook, Refusal


def test_object_that_is_there_is_returned(bench: Bench, service: Callable[..., None]) -> None:
    service()
    assert bench.get("Service", "redis").spec.ports[0].port == 6379


def test_object_that_is_not_there_is_the_learners_failure(bench: Bench) -> None:
    with pytest.raises(Refusal) as caught:
        bench.get("Service", "redis")
    assert caught.value.message_id == "no-object"
    assert caught.value.params["object"] == "Service redis"
    assert caught.value.settles == 0, "an object does not come by itself"


def test_find_says_none_where_there_is_none(bench: Bench) -> None:
    assert bench.find("Secret", "s") is None


@pytest.mark.parametrize("wrong", [401, 429, 500, 503, ConnectionRefusedError(), TimeoutError()])
def test_cluster_that_does_not_let_us_look_is_no_answer(
    bench: Bench, api: FakeApi, wrong: Exception | int
) -> None:
    api.trouble = lambda method, path: wrong
    for look in (bench.get, bench.find):
        with pytest.raises(CouldNotLook):
            look("Service", "redis")
    with pytest.raises(CouldNotLook):
        bench.list("Pod")


def test_list_takes_labels_as_words_or_as_pairs(bench: Bench, put: Callable[..., None]) -> None:
    put(name="a")
    put(name="b", labels={"app": "web"})
    for selector in ("app=web", {"app": "web"}):
        assert [pod.metadata.name for pod in bench.list("Pod", selector)] == ["b"]
