from __future__ import annotations

from pathlib import Path

import pytest
from fakecluster import FakeApi, FakeClock

from checker.cluster import Connection, Workspace
from checker.observe import Bench, Step

TEAM = "/api/v1/namespaces/team-01-storage"
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ctl"}}


@pytest.fixture
def team(bench: Bench, api: FakeApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    monkeypatch.setattr(
        "checker.observe.team.ensure",
        lambda connection, space: api.put(TEAM, {"space": str(space)}),
    )
    return bench.team()


def test_team_is_a_namespace_of_its_own_with_the_same_time(team: Bench, bench: Bench) -> None:
    assert team.namespace == "team-01-storage"
    assert team.clock is bench.clock
    assert team.left(600.0) == bench.left(600.0)


def test_time_of_the_whole_check_holds_in_the_team_too(
    connected: tuple[Connection, FakeApi], team: Bench
) -> None:
    clock = FakeClock()
    bench = Bench(connected[0], Workspace("01-storage", "lab"), deadline=30, clock=clock)
    clock.pause(10)
    assert bench.team().left(600.0) == pytest.approx(20.0)


def test_what_was_done_in_the_team_is_undone_by_the_lab(
    team: Bench, bench: Bench, api: FakeApi
) -> None:
    team.apply(MAP)
    assert f"{TEAM}/configmaps/ctl" in api.store
    bench.undo()
    assert f"{TEAM}/configmaps/ctl" not in api.store
    assert bench.journal.pending() == ()


def test_team_that_is_gone_needs_no_undoing(team: Bench, bench: Bench, api: FakeApi) -> None:
    team.later(Step.delete("ConfigMap", "ctl"))
    del api.store[TEAM]
    bench.undo()
    assert bench.journal.pending() == ()
