from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml
from fakecluster import FakeApi, FakeClock

from checker.cluster import (
    ClusterError,
    Connection,
    Workspace,
    ensure,
    remove,
    remove_learner,
    reset,
    system_uid,
    write_kubeconfig,
)

SPACE = "/api/v1/namespaces/lab-01-storage"
ACCOUNT = f"{SPACE}/serviceaccounts/default"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def lively(api: FakeApi) -> FakeApi:
    """A cluster whose controller makes ServiceAccount `default` in a new namespace."""

    def after(method: str, path: str) -> None:
        if SPACE in api.store and ACCOUNT not in api.store:
            api.put(ACCOUNT, {})

    api.after = after
    return api


def test_new_workspace_has_labels_quota_folder_and_kubeconfig(
    connection: Connection, workspace: Workspace, lively: FakeApi, clock: FakeClock
) -> None:
    ensure(connection, workspace, clock)
    assert lively.store[SPACE]["metadata"]["labels"] == {
        "podlab/lesson": "01-storage",
        "podlab/part": "lab",
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/audit": "restricted",
    }
    assert f"{SPACE}/resourcequotas/podlab" in lively.store
    assert workspace.folder.is_dir()
    assert workspace.kubeconfig("podlab").is_file()


def test_quota_counts_objects_and_storage_only(
    connection: Connection, workspace: Workspace, lively: FakeApi, clock: FakeClock
) -> None:
    ensure(connection, workspace, clock)
    hard = lively.store[f"{SPACE}/resourcequotas/podlab"]["spec"]["hard"]
    assert "pods" in hard
    assert not [key for key in hard if "cpu" in key or "memory" in key]


def test_ensure_twice_changes_nothing(
    connection: Connection, workspace: Workspace, lively: FakeApi, clock: FakeClock
) -> None:
    ensure(connection, workspace, clock)
    lively.put(f"{SPACE}/pods/mine", {})
    uid = lively.store[SPACE]["metadata"]["uid"]
    ensure(connection, workspace, clock)
    assert lively.store[SPACE]["metadata"]["uid"] == uid
    assert f"{SPACE}/pods/mine" in lively.store


def test_ensure_waits_for_the_service_account_without_which_no_pod_is_accepted(
    connection: Connection, workspace: Workspace, api: FakeApi, clock: FakeClock
) -> None:
    clock.at(3, lambda: api.put(ACCOUNT, {}))
    ensure(connection, workspace, clock)
    assert 3 <= clock.now() < 4


def test_service_account_that_never_comes_is_a_cluster_error(
    connection: Connection, workspace: Workspace, api: FakeApi, clock: FakeClock
) -> None:
    with pytest.raises(ClusterError, match="no ServiceAccount default"):
        ensure(connection, workspace, clock)


@pytest.mark.parametrize("act", [ensure, reset, remove])
def test_namespace_of_somebody_else_is_never_touched(
    act: object, connection: Connection, workspace: Workspace, api: FakeApi, clock: FakeClock
) -> None:
    api.put(SPACE, {"metadata": {"labels": {"team": "shop"}}})
    with pytest.raises(ClusterError, match="is not ours"):
        act(connection, workspace, clock)  # type: ignore[operator]
    assert not {method for method, path in api.log} & WRITES


@pytest.mark.parametrize("act", [ensure, reset, remove])
def test_namespace_that_cannot_be_seen_is_never_touched(
    act: object, connection: Connection, workspace: Workspace, api: FakeApi, clock: FakeClock
) -> None:
    api.trouble = lambda method, path: 503
    with pytest.raises(ClusterError, match="503"):
        act(connection, workspace, clock)  # type: ignore[operator]
    assert not {method for method, path in api.log} & WRITES


def test_reset_gives_a_new_namespace_without_what_was_in_it_and_keeps_the_files(
    connection: Connection, workspace: Workspace, lively: FakeApi, clock: FakeClock
) -> None:
    ensure(connection, workspace, clock)
    (workspace.folder / "mine.yaml").touch()
    lively.put(f"{SPACE}/pods/mine", {})
    uid = lively.store[SPACE]["metadata"]["uid"]
    reset(connection, workspace, clock)
    assert lively.store[SPACE]["metadata"]["uid"] != uid
    assert f"{SPACE}/pods/mine" not in lively.store
    assert (workspace.folder / "mine.yaml").exists()


def test_reset_waits_until_the_old_namespace_is_gone(
    connection: Connection, workspace: Workspace, lively: FakeApi, clock: FakeClock
) -> None:
    ensure(connection, workspace, clock)
    uid = lively.store[SPACE]["metadata"]["uid"]
    lively.sticky.add(SPACE)
    clock.at(20, lambda: lively.store.pop(SPACE))
    reset(connection, workspace, clock)
    assert clock.now() >= 20
    assert lively.store[SPACE]["metadata"]["uid"] != uid


@pytest.mark.parametrize("act", [ensure, reset, remove])
def test_a_pod_that_a_long_grace_period_holds_is_let_go(
    act: object, connection: Connection, workspace: Workspace, lively: FakeApi, clock: FakeClock
) -> None:
    ensure(connection, workspace, clock)
    uid = lively.store[SPACE]["metadata"]["uid"]
    lively.sticky.add(SPACE)
    lively.store[SPACE]["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    held = f"{SPACE}/pods/held"
    lively.put(held, {})
    as_usual = lively.after

    def after(method: str, path: str) -> None:
        if (method, path) == ("DELETE", f"{SPACE}/pods") and clock.now() < 10:
            lively.put(held, {})  # its kubelet goes on waiting
        if (method, path) == ("PATCH", SPACE) and held not in lively.store:
            lively.store.pop(SPACE)
        as_usual(method, path)

    lively.after = after
    act(connection, workspace, clock)  # type: ignore[operator]
    assert SPACE not in lively.store or lively.store[SPACE]["metadata"]["uid"] != uid
    assert clock.now() < 60


def test_namespace_that_does_not_go_is_a_cluster_error_that_says_what_is_left(
    connection: Connection, workspace: Workspace, lively: FakeApi, clock: FakeClock
) -> None:
    ensure(connection, workspace, clock)
    lively.sticky.add(SPACE)
    lively.store[SPACE]["status"] = {
        "conditions": [{"type": "Left", "status": "True", "message": "pods has 1 instance"}]
    }
    with pytest.raises(ClusterError, match="pods has 1 instance"):
        remove(connection, workspace, clock)


def test_remove_of_what_is_not_there_is_no_error(
    connection: Connection, workspace: Workspace, api: FakeApi, clock: FakeClock
) -> None:
    remove(connection, workspace, clock)
    assert not {method for method, path in api.log} & WRITES


def test_kubeconfig_of_a_workspace_knows_one_context_with_the_namespace_set(
    connection: Connection, workspace: Workspace
) -> None:
    path = write_kubeconfig(connection, workspace)
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert data["current-context"] == "kind-podlab"
    assert [c["context"]["namespace"] for c in data["contexts"]] == ["lab-01-storage"]
    assert [u["name"] for u in data["users"]] == ["kind-podlab"]
    assert [c["name"] for c in data["clusters"]] == ["kind-podlab"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_kubeconfig_of_a_workspace_finds_files_named_beside_the_first(
    connection: Connection, workspace: Workspace, tmp_path: Path
) -> None:
    data = yaml.safe_load(write_kubeconfig(connection, workspace).read_text(encoding="utf-8"))
    authority = data["clusters"][0]["cluster"]["certificate-authority"]
    assert authority == str(tmp_path.resolve() / "ca.crt")


def test_all_workspaces_of_a_learner_go_and_nobody_elses(
    connection: Connection, api: FakeApi
) -> None:
    spaces = [
        Workspace("01-storage", part, who) for part in ("demo", "lab") for who in ("ci", "ann")
    ]
    for space in spaces:
        api.put(f"/api/v1/namespaces/{space.namespace}", {"metadata": {"labels": space.labels}})
        space.folder.mkdir(parents=True)
    remove_learner(connection, "ci")
    deleted = {path for method, path in api.log if method == "DELETE" and "pods" not in path}
    assert deleted == {f"/api/v1/namespaces/{part}-01-storage-ci" for part in ("demo", "lab")}
    assert [space.folder.exists() for space in spaces] == [False, True, False, True]


def test_cluster_is_known_by_the_uid_of_the_courses_namespace(
    connection: Connection, api: FakeApi
) -> None:
    first = api.put("/api/v1/namespaces/podlab-system", {})["metadata"]["uid"]
    assert system_uid(connection) == first
    api.put("/api/v1/namespaces/podlab-system", {})
    assert system_uid(connection) != first


@pytest.mark.parametrize(
    ("trouble", "said"), [(None, "has no namespace podlab-system"), (403, "refused the request")]
)
def test_cluster_that_cannot_be_known_is_told(
    connection: Connection, api: FakeApi, trouble: int | None, said: str
) -> None:
    api.trouble = lambda method, path: trouble
    with pytest.raises(ClusterError) as told:
        system_uid(connection)
    assert said in str(told.value)
