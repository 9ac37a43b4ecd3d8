from __future__ import annotations

import pytest
from fakecluster import FakeApi

from checker.cluster import ClusterError, Connection, Journal, Step, Workspace
from checker.cluster.journal import ANNOTATION

SPACE = "/api/v1/namespaces/lab-01-storage"
POD = Step.delete("Pod", "control")
SECRET = Step.patch("Secret", "s", {"data": {"a": None}})
FILE = Step.exec("redis-0", ("rm", "-f", "/data/fill"), "redis", "uid-1")


@pytest.fixture
def journal(connection: Connection, workspace: Workspace, api: FakeApi) -> Journal:
    api.put(SPACE, {"metadata": {"annotations": {"other": "stays"}}})
    return Journal(connection, workspace)


def test_steps_are_read_back_last_act_first(journal: Journal) -> None:
    for step in (POD, SECRET, FILE):
        journal.write(step)
    assert journal.pending() == (FILE, SECRET, POD)


def test_next_run_reads_what_a_killed_one_left(
    journal: Journal, connection: Connection, workspace: Workspace
) -> None:
    journal.write(POD)
    assert Journal(connection, workspace).pending() == (POD,)


def test_struck_step_is_gone_and_the_others_stay(journal: Journal) -> None:
    journal.write(POD)
    journal.write(FILE)
    journal.strike(FILE)
    assert journal.pending() == (POD,)


def test_empty_journal_leaves_no_annotation_and_no_trace_on_others(
    journal: Journal, api: FakeApi
) -> None:
    journal.write(POD)
    assert ANNOTATION in api.store[SPACE]["metadata"]["annotations"]
    journal.strike(POD)
    assert api.store[SPACE]["metadata"]["annotations"] == {"other": "stays"}


def test_namespace_without_annotations_has_nothing_to_undo(
    connection: Connection, workspace: Workspace, api: FakeApi
) -> None:
    api.put(SPACE, {})
    assert Journal(connection, workspace).pending() == ()


def test_checks_side_by_side_undo_their_own_steps_and_what_other_runs_left(
    connection: Connection, workspace: Workspace, journal: Journal
) -> None:
    one, two = (Journal(connection, workspace, f"run2/{name}") for name in ("one", "two"))
    Journal(connection, workspace, "run1/two").write(POD)
    one.write(SECRET)
    two.write(FILE)
    assert [step.name for step in one.pending()] == ["s", "control"]
    assert [step.name for step in two.pending()] == ["redis-0", "control"]
    assert len(journal.pending()) == 3


def test_namespace_that_went_away_in_the_middle_is_told(journal: Journal, api: FakeApi) -> None:
    journal.pending()
    del api.store[SPACE]
    with pytest.raises(ClusterError, match="lab-01-storage was deleted"):
        journal.pending()


def test_namespace_that_is_going_counts_as_gone(journal: Journal, api: FakeApi) -> None:
    api.store[SPACE]["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    with pytest.raises(ClusterError, match="was deleted"):
        journal.pending()


def test_another_namespace_of_the_same_name_is_not_the_same(journal: Journal, api: FakeApi) -> None:
    journal.pending()
    del api.store[SPACE]
    api.put(SPACE, {})
    with pytest.raises(ClusterError, match="was deleted"):
        journal.pending()
