from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fakecluster import FakeApi, FakeClock

from checker.cluster import Busy, ClusterError, Connection, Lease, Workspace
from checker.cluster.lease import LASTS, micro

PATH = "/apis/coordination.k8s.io/v1/namespaces/podlab-system/leases/check-lab-01-storage"


def lease(c: Connection, w: Workspace, clock: FakeClock, holder: str) -> Lease:
    return Lease(c, w, holder, clock)


def test_second_caller_is_told_who_checks_and_since_when(
    connection: Connection, workspace: Workspace, clock: FakeClock
) -> None:
    with (
        lease(connection, workspace, clock, "ann"),
        pytest.raises(Busy, match=r"by ann \(since 00:00:00") as caught,
        lease(connection, workspace, clock, "bob"),
    ):
        pass
    assert caught.value.holder == "ann"


def test_lease_is_free_again_after_the_check(
    connection: Connection, workspace: Workspace, clock: FakeClock, api: FakeApi
) -> None:
    with lease(connection, workspace, clock, "ann"):
        assert PATH in api.store
    assert PATH not in api.store


def test_lease_of_a_killed_holder_is_free_after_its_time_and_not_before(
    connection: Connection, workspace: Workspace, clock: FakeClock
) -> None:
    lease(connection, workspace, clock, "killed").acquire()
    clock.pause(LASTS - 1)
    with pytest.raises(Busy):
        lease(connection, workspace, clock, "bob").acquire()
    clock.pause(2)
    lease(connection, workspace, clock, "bob").acquire()


def test_holder_who_renews_keeps_it_for_longer_than_its_time(
    connection: Connection, workspace: Workspace, clock: FakeClock
) -> None:
    mine = lease(connection, workspace, clock, "ann")
    mine.acquire()
    for _ in range(3):
        clock.pause(LASTS - 1)
        mine.renew()
    with pytest.raises(Busy, match="ann"):
        lease(connection, workspace, clock, "bob").acquire()


def test_quicker_caller_wins_when_two_find_it_free(
    connection: Connection, workspace: Workspace, clock: FakeClock, api: FakeApi
) -> None:
    def ann_comes_between(method: str, path: str) -> None:
        api.trouble = lambda method, path: None
        lease(connection, workspace, clock, "ann").acquire()

    api.trouble = lambda method, path: ann_comes_between(method, path) if method == "POST" else None
    with pytest.raises(Busy, match="ann"):
        lease(connection, workspace, clock, "bob").acquire()


def test_late_holder_does_not_take_away_the_lease_of_the_next(
    connection: Connection, workspace: Workspace, clock: FakeClock, api: FakeApi
) -> None:
    late = lease(connection, workspace, clock, "late")
    late.acquire()
    clock.pause(LASTS + 1)
    lease(connection, workspace, clock, "bob").acquire()
    late.release()
    assert api.store[PATH]["spec"]["holderIdentity"] == "bob"


def test_lease_lies_where_learners_have_no_rights(
    connection: Connection, workspace: Workspace, clock: FakeClock, api: FakeApi
) -> None:
    lease(connection, workspace, clock, "ann").acquire()
    assert {path.split("/")[5] for method, path in api.log} == {"podlab-system"}


def test_missing_system_namespace_says_podlab_up(
    connection: Connection, workspace: Workspace, clock: FakeClock, api: FakeApi
) -> None:
    api.trouble = lambda method, path: 404 if method == "POST" else None
    with pytest.raises(ClusterError, match="Run podlab up") as caught:
        lease(connection, workspace, clock, "ann").acquire()
    assert not isinstance(caught.value, Busy)


def test_silent_api_server_is_a_cluster_error_and_not_busy(
    connection: Connection, workspace: Workspace, clock: FakeClock, api: FakeApi
) -> None:
    api.trouble = lambda method, path: TimeoutError()
    with pytest.raises(ClusterError) as caught:
        lease(connection, workspace, clock, "ann").acquire()
    assert not isinstance(caught.value, Busy)


def test_renewing_thread_sees_that_the_lease_was_lost(
    connection: Connection,
    workspace: Workspace,
    clock: FakeClock,
    api: FakeApi,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("checker.cluster.lease.RENEWED_EVERY", 0.001)
    mine = lease(connection, workspace, clock, "ann")
    with mine:
        api.put(PATH, {"spec": {"holderIdentity": "bob"}})
        assert mine._thread
        mine._thread.join(5)
        assert mine.lost


def test_full_second_is_written_with_microseconds() -> None:
    assert "." in micro(datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
