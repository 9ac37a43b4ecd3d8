from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi, status
from fakepods import SPACE

from checker.observe import Bench, CouldNotLook, Refusal

MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ctl"}, "data": {"a": "1"}}
PATH = f"{SPACE}/configmaps/ctl"


@pytest.fixture
def refuse(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], None]:
    """The API server answers a PATCH of the control with this code and these words."""

    def start(code: int, words: str) -> None:
        serve = api.serve

        def refusing(method: str, path: str, *rest: object) -> object:
            if method == "PATCH" and path == PATH:
                return code, status(code, "No", words)
            return serve(method, path, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(api, "serve", refusing)

    return start


def test_control_is_made_with_a_label_and_gone_after_undo(bench: Bench, api: FakeApi) -> None:
    bench.apply(MAP)
    assert api.store[PATH]["metadata"]["labels"] == {"podlab/control": "true"}
    bench.undo()
    assert PATH not in api.store


def test_way_back_is_written_down_before_the_act(bench: Bench, api: FakeApi) -> None:
    bench.apply(MAP)
    patches = [path for method, path in api.log if method == "PATCH"]
    assert patches == [SPACE, PATH]


def test_control_may_be_given_as_yaml(bench: Bench, api: FakeApi) -> None:
    bench.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: ctl, labels: {a: b}}}")
    assert api.store[PATH]["metadata"]["labels"] == {"a": "b", "podlab/control": "true"}


def test_object_of_the_learner_with_that_name_is_never_touched(bench: Bench, api: FakeApi) -> None:
    api.put(PATH, {"data": {"mine": "1"}})
    with pytest.raises(CouldNotLook) as caught:
        bench.apply(MAP)
    assert "ConfigMap ctl" in caught.value.reason.zh
    assert api.store[PATH]["data"] == {"mine": "1"}
    assert bench.journal.pending() == ()


def test_control_left_by_a_killed_run_is_taken_over(bench: Bench, api: FakeApi) -> None:
    bench.apply(MAP)
    bench.apply(MAP | {"data": {"a": "2"}})
    assert api.store[PATH]["data"] == {"a": "2"}


def test_control_the_api_server_refuses_is_told_with_its_words(
    bench: Bench, refuse: Callable[[int, str], None]
) -> None:
    refuse(403, "exceeded quota: podlab")
    with pytest.raises(Refusal) as caught:
        bench.apply(MAP)
    assert caught.value.message_id == "refused-manifest"
    assert caught.value.params["detail"] == "exceeded quota: podlab"


def test_control_is_not_refused_when_the_api_server_is_ill(
    bench: Bench, refuse: Callable[[int, str], None]
) -> None:
    refuse(500, "etcd")
    with pytest.raises(CouldNotLook):
        bench.apply(MAP)
    with pytest.raises(CouldNotLook):
        bench.refused_by_api(MAP)


def test_refusal_can_be_asked_for_and_none_means_accepted(
    bench: Bench, refuse: Callable[[int, str], None]
) -> None:
    assert bench.refused_by_api(MAP) is None
    refuse(422, "spec.x: Invalid")
    answer = bench.refused_by_api(MAP)
    assert answer
    assert (answer.code, answer.message) == (422, "spec.x: Invalid")


def test_delete_of_what_is_gone_is_no_error(bench: Bench, api: FakeApi) -> None:
    bench.apply(MAP)
    bench.delete("ConfigMap", "ctl")
    assert PATH not in api.store
    bench.delete("ConfigMap", "ctl")


def test_delete_on_a_silent_cluster_is_could_not_look(bench: Bench, api: FakeApi) -> None:
    api.trouble = lambda method, path: 503
    with pytest.raises(CouldNotLook):
        bench.delete("ConfigMap", "ctl")


def test_delete_never_takes_an_object_of_the_learner(bench: Bench, api: FakeApi) -> None:
    api.put(PATH, {"data": {"mine": "1"}})
    with pytest.raises(CouldNotLook):
        bench.delete("ConfigMap", "ctl")
    assert PATH in api.store
