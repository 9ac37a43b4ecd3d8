from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection

from checker.catalogue import Check, Lab, read_lab
from checker.cluster import Connection, Workspace
from checker.grading import Outside
from checker.grading.grade import grade_with
from checker.model import LabReport, Verdict
from checker.observe import Bench, Outcome
from checker.texts import Text

WORKSPACE = Workspace("01-toy", "lab", "ann")
SPACE = "/api/v1/namespaces/lab-01-toy-ann"
LEASE = "/apis/coordination.k8s.io/v1/namespaces/podlab-system/leases/check-lab-01-toy-ann"
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "control"}}
Judge = Callable[[Bench], object]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connected(tmp_path: Path) -> tuple[Connection, FakeApi]:
    connection, api = fake_connection(tmp_path)
    api.put(SPACE, {"metadata": {"labels": WORKSPACE.labels}})
    return connection, api


@pytest.fixture
def connection(connected: tuple[Connection, FakeApi]) -> Connection:
    return connected[0]


@pytest.fixture
def api(connected: tuple[Connection, FakeApi]) -> FakeApi:
    return connected[1]


@pytest.fixture
def toy(lab_folder: Path) -> Callable[..., Lab]:
    """The toy lab with these judges; a task without one finds a ConfigMap `m`."""

    def make(**judges: Judge) -> Lab:
        lab = read_lab(lab_folder)
        checks = {t.id: Check(t.id, judges.get(t.id, finds)) for t in lab.tasks}
        return replace(lab, checks=checks)

    return make


def finds(bench: Bench) -> Outcome:
    bench.get("ConfigMap", "m")
    return bench.passed()


def acts(bench: Bench) -> Outcome:
    bench.apply(MAP)
    return bench.passed()


def told(report: LabReport) -> list[tuple[str, str]]:
    return [(each.verdict.value, each.message_id) for each in report.results]


def held_at(when: datetime) -> dict[str, Any]:
    stamp = f"{when:%Y-%m-%dT%H:%M:%S.%fZ}"
    spec = {
        "holderIdentity": "other",
        "leaseDurationSeconds": 20,
        "acquireTime": stamp,
        "renewTime": stamp,
    }
    return {"spec": spec}


def test_learners_work_is_judged_and_nothing_is_made_but_a_lease_that_goes_away(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab]
) -> None:
    api.put(f"{SPACE}/configmaps/m", {})
    before = set(api.store)
    report = Outside(connection, acts=False).grade(toy(), WORKSPACE, ["ping", "keep"])
    assert told(report) == [("passed", "passed")] * 2
    assert report.workspace == "lab-01-toy-ann"
    assert set(api.store) == before
    changed = {path for method, path in api.log if method != "GET"}
    assert changed == {LEASE, LEASE.rpartition("/")[0]}


def test_a_learners_failure_is_failed(connection: Connection, toy: Callable[..., Lab]) -> None:
    report = Outside(connection, acts=False).grade(toy(), WORKSPACE, ["ping"])
    assert told(report) == [("failed", "no-object")]


def test_check_acts_only_where_that_was_asked_for(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab]
) -> None:
    lab = toy(ping=acts)
    looked = Outside(connection, acts=False).grade(lab, WORKSPACE, ["ping"])
    assert told(looked) == [("unknown", "internal")]
    assert "may only look" in looked.results[0].message.en
    assert told(Outside(connection, acts=True).grade(lab, WORKSPACE, ["ping"])) == [
        ("passed", "passed")
    ]
    assert f"{SPACE}/configmaps/control" not in api.store, "the control was undone"


def test_learner_without_a_namespace_is_told_and_gets_none(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab]
) -> None:
    del api.store[SPACE]
    report = Outside(connection, acts=True).grade(toy(), WORKSPACE, ["ping", "apart"])
    assert told(report) == [("unknown", "not-observed")] * 2
    for word in ("lab-01-toy-ann", "podlab class create"):
        assert word in report.results[0].message.en
    assert {method for method, _ in api.log} == {"GET"}


def test_namespace_that_is_not_the_courses_is_left_alone(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab]
) -> None:
    api.put(SPACE, {"metadata": {"labels": {}}})
    report = Outside(connection, acts=True).grade(toy(), WORKSPACE, ["ping"])
    assert told(report) == [("unknown", "not-observed")]
    assert {method for method, _ in api.log} == {"GET"}


def test_namespace_deleted_in_the_middle_is_unknown_and_not_the_learners_failure(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab]
) -> None:
    def deleted(bench: Bench) -> Outcome:
        api.store[SPACE]["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        return finds(bench)

    report = Outside(connection, acts=False).grade(toy(ping=deleted), WORKSPACE, ["ping"])
    assert told(report) == [("unknown", "not-observed")]
    assert "was deleted" in report.results[0].message.en


@pytest.mark.parametrize("code", [429, 500])
def test_api_server_that_does_not_let_us_look_gives_unknown(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab], code: int
) -> None:
    api.trouble = lambda method, path: code if "configmaps" in path else None
    report = Outside(connection, acts=False).grade(toy(), WORKSPACE, ["ping"])
    assert told(report) == [("unknown", "not-observed")]


def test_workspace_that_a_killed_run_still_holds_is_waited_for(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab], clock: FakeClock
) -> None:
    api.put(f"{SPACE}/configmaps/m", {})
    api.put(LEASE, held_at(datetime(2026, 1, 1, tzinfo=UTC)))
    report = Outside(connection, acts=False, clock=clock).grade(toy(), WORKSPACE, ["ping"])
    assert told(report) == [("passed", "passed")]
    assert 20 <= clock.now() < 25


def test_workspace_that_another_goes_on_holding_is_busy(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab], clock: FakeClock
) -> None:
    api.put(LEASE, held_at(datetime(2027, 1, 1, tzinfo=UTC)))
    report = Outside(connection, acts=False, clock=clock).grade(toy(), WORKSPACE, ["ping"])
    assert told(report) == [("unknown", "busy")]


def test_what_goes_wrong_in_our_own_code_is_unknown_for_each_task_and_raises_nothing(
    connection: Connection, toy: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [RuntimeError("boom")]

    def fails_once(*args: Any, **kwargs: Any) -> LabReport:
        if errors:
            raise errors.pop()
        return grade_with(*args, **kwargs)

    monkeypatch.setattr("checker.grading.outside.grade_with", fails_once)
    report = Outside(connection, acts=False).grade(toy(), WORKSPACE, ["ping", "apart"])
    assert told(report) == [("unknown", "internal")] * 2
    assert "boom" in report.results[0].message.en


def test_stop_ends_waits_at_once_and_begins_no_further_check(
    connection: Connection, api: FakeApi, toy: Callable[..., Lab]
) -> None:
    outside = Outside(connection, acts=True)
    begun: list[str] = []
    left: list[float] = []

    def waits(bench: Bench) -> Outcome:
        begun.append("ping")
        bench.apply(MAP)
        outside.stop()
        left.append(bench.left(60))
        return bench.passed()

    def next_one(bench: Bench) -> Outcome:
        begun.append("apart")
        return bench.passed()

    report = outside.grade(toy(ping=waits, apart=next_one), WORKSPACE, ["ping", "apart"])
    assert begun == ["ping"]
    assert left == [0], "a wait would end at once"
    assert report.results[1].verdict is Verdict.unknown
    assert f"{SPACE}/configmaps/control" not in api.store, "what was made is undone"


def test_learners_files_are_where_they_were_brought(
    connection: Connection, toy: Callable[..., Lab], tmp_path: Path
) -> None:
    seen: list[Path] = []

    def reads(bench: Bench) -> Outcome:
        seen.append(bench.files)
        return bench.passed()

    Outside(connection, acts=False).grade(toy(ping=reads), WORKSPACE, ["ping"], tmp_path)
    assert seen == [tmp_path]


def test_progress_is_told(connection: Connection, toy: Callable[..., Lab]) -> None:
    def says(bench: Bench) -> Outcome:
        bench.say(Text.same("waiting"))
        return bench.passed()

    told: list[object] = []
    Outside(connection, acts=False).grade(toy(ping=says), WORKSPACE, ["ping"], on_event=told.append)
    assert len(told) == 3
