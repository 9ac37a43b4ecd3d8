from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi
from fakepods import SPACE, FakeRun, ended, ran

from checker.observe import Bench, CouldNotLook, End, Step

Put = Callable[..., None]
FILE = Step.exec("redis-0", ("rm", "-f", "/data/fill"), "redis", "uid-1")
MAP = Step.delete("ConfigMap", "ctl")
SECRET = Step.patch("Secret", "s", {"data": {"a": None}})


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    fake = FakeRun(ran(0))
    monkeypatch.setattr("checker.observe.undo.run", fake)
    return fake


def test_every_kind_of_step_is_done_and_struck_out(
    bench: Bench, api: FakeApi, put: Put, run: FakeRun
) -> None:
    put()
    api.put(f"{SPACE}/configmaps/ctl", {})
    api.put(f"{SPACE}/secrets/s", {"data": {"a": "MQ==", "b": "Mg=="}})
    for step in (MAP, SECRET, FILE):
        bench.later(step)
    bench.undo()
    assert f"{SPACE}/configmaps/ctl" not in api.store
    assert api.store[f"{SPACE}/secrets/s"]["data"] == {"b": "Mg=="}
    assert run.log[0].argv == ("rm", "-f", "/data/fill")
    assert bench.journal.pending() == ()


def test_last_act_is_undone_first(bench: Bench, api: FakeApi) -> None:
    for name in ("first", "second"):
        api.put(f"{SPACE}/configmaps/{name}", {})
        bench.later(Step.delete("ConfigMap", name))
    bench.undo()
    gone = [path for method, path in api.log if method == "DELETE"]
    assert gone == [f"{SPACE}/configmaps/second", f"{SPACE}/configmaps/first"]


def test_what_is_gone_already_needs_no_undoing(bench: Bench, run: FakeRun) -> None:
    for step in (MAP, SECRET, FILE):
        bench.later(step)
    bench.undo()
    assert bench.journal.pending() == ()
    assert run.log == []


def test_command_is_not_run_in_a_pod_that_took_the_place_of_that_one(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put(uid="uid-2")
    bench.later(FILE)
    bench.undo()
    assert run.log == []
    assert bench.journal.pending() == ()


def test_command_in_a_container_that_is_down_does_not_block_every_check(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put(ready=False, state=ended(1))
    bench.later(FILE)
    bench.undo()
    assert run.log == []
    assert bench.journal.pending() == ()


def test_cluster_that_is_away_leaves_the_steps_for_the_next_run(bench: Bench, api: FakeApi) -> None:
    bench.later(MAP)
    api.trouble = lambda method, path: 503 if method == "DELETE" else None
    with pytest.raises(CouldNotLook):
        bench.undo()
    api.trouble = lambda method, path: None
    assert bench.journal.pending() == (MAP,)


def test_command_that_could_not_be_run_leaves_its_step_for_the_next_run(
    bench: Bench, put: Put, run: FakeRun
) -> None:
    put()
    run.answers = [ran(end=End.lost, why="broken")]
    bench.later(FILE)
    with pytest.raises(CouldNotLook, match="broken"):
        bench.undo()
    assert bench.journal.pending() == (FILE,)


def test_step_that_is_refused_is_told_once_and_does_not_block_for_ever(
    bench: Bench, api: FakeApi
) -> None:
    bench.later(SECRET)
    api.put(f"{SPACE}/secrets/s", {"immutable": True})
    api.trouble = lambda method, path: 422 if path.endswith("/secrets/s") else None
    with pytest.raises(CouldNotLook, match="patch Secret s"):
        bench.undo()
    bench.undo()


def test_empty_journal_costs_one_look(bench: Bench, api: FakeApi) -> None:
    bench.undo()
    assert api.log == [("GET", SPACE)]
