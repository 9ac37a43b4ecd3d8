from __future__ import annotations

from collections.abc import Callable

import pytest
from fakeclass import ClassApi
from fakecluster import FakeClock

from checker.catalogue import Lab
from checker.classroom.plan import Desk, desk_of, space_form
from checker.classroom.roster import Pupil
from checker.classroom.seat import Seat, look
from checker.cluster import ClusterError, Connection

Writes = Callable[[], list[tuple[str, str]]]
SPACE = "/api/v1/namespaces/lab-01-toy-ann"
HOME = "/api/v1/namespaces/podlab-class"
BINDING = "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings/podlab-learner".format(
    "lab-01-toy-ann"
)


@pytest.fixture
def desk(lab: Lab, ann: Pupil) -> Desk:
    return desk_of(ann, [lab])


@pytest.fixture
def make(connection: Connection, desk: Desk, clock: FakeClock) -> Callable[[], int]:
    """Make what is missing; how much that was."""

    def run() -> int:
        seat = Seat(connection, desk, clock)
        seat.make(look(connection))
        return seat.wrote

    return run


def test_learner_gets_namespaces_with_quota_and_his_rights_and_an_account(
    make: Callable[[], int], api: ClassApi
) -> None:
    assert make() == 2 * 3 + 1
    labels = api.store[SPACE]["metadata"]["labels"]
    assert labels["podlab/class"] == "true"
    assert labels["podlab/learner"] == "ann"
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
    assert "pods" in api.store[f"{SPACE}/resourcequotas/podlab"]["spec"]["hard"]
    binding = api.store[BINDING]
    assert binding["roleRef"]["name"] == "podlab-learner"
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "learner-ann", "namespace": "podlab-class"}
    ]
    assert f"{HOME}/serviceaccounts/learner-ann" in api.store
    assert "/api/v1/namespaces/demo-01-toy-ann" in api.store


def test_second_run_sends_nothing(make: Callable[[], int], writes: Writes) -> None:
    make()
    writes()
    assert make() == 0
    assert writes() == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda api: api.store.pop(BINDING),
        lambda api: api.store.pop(f"{SPACE}/resourcequotas/podlab"),
        lambda api: api.store[f"{SPACE}/resourcequotas/podlab"]["spec"]["hard"].update(pods="99"),
        lambda api: api.store[BINDING]["subjects"].append({"kind": "User", "name": "bo"}),
        lambda api: api.store[SPACE]["metadata"]["labels"].update(
            {"pod-security.kubernetes.io/enforce": "privileged"}
        ),
        lambda api: api.store.pop(f"{HOME}/serviceaccounts/learner-ann"),
    ],
)
def test_what_somebody_took_away_or_altered_is_put_right_and_nothing_else(
    make: Callable[[], int], api: ClassApi, writes: Writes, spoil: Callable[[ClassApi], object]
) -> None:
    make()
    as_it_was = dict(api.store)
    spoil(api)
    writes()
    assert make() == 1
    assert len(writes()) == 1
    assert api.store.keys() == as_it_was.keys()
    assert "99" not in str(api.store)
    assert "privileged" not in str(api.store)


@pytest.mark.parametrize(
    ("labels", "word"),
    [
        ({}, "did not make it"),
        ({"team": "shop"}, "did not make it"),
        (
            {"podlab/lesson": "01-toy", "podlab/part": "lab", "podlab/learner": "ann"},
            "not for a class",
        ),
    ],
)
def test_namespace_of_somebody_else_is_refused_and_never_taken(
    make: Callable[[], int],
    api: ClassApi,
    writes: Writes,
    labels: dict[str, str],
    word: str,
) -> None:
    api.put(SPACE, {"metadata": {"labels": labels}})
    with pytest.raises(ClusterError, match=word):
        make()
    assert not [path for _, path in writes() if path.startswith(SPACE)]
    assert api.store[SPACE]["metadata"]["labels"] == labels


def test_namespace_that_comes_between_the_look_and_the_act_is_not_taken_either(
    connection: Connection, desk: Desk, clock: FakeClock, api: ClassApi
) -> None:
    before = look(connection)
    api.put(SPACE, {"metadata": {"labels": {"team": "shop"}}})
    with pytest.raises(ClusterError, match="did not make it"):
        Seat(connection, desk, clock).make(before)
    assert api.store[SPACE]["metadata"]["labels"] == {"team": "shop"}


def test_namespace_that_is_deleted_in_the_middle_is_made_anew(
    make: Callable[[], int], api: ClassApi
) -> None:
    strokes = iter([SPACE])

    def after(method: str, path: str) -> None:
        if (method, path) == ("PATCH", f"{SPACE}/resourcequotas/podlab"):
            for space in strokes:
                for key in [key for key in api.store if key.startswith(space) or key == BINDING]:
                    del api.store[key]

    def trouble(method: str, path: str) -> int | None:
        inside = path == BINDING or path.startswith(f"{SPACE}/")
        return 404 if method == "PATCH" and inside and SPACE not in api.store else None

    api.after, api.trouble = after, trouble
    make()
    assert {SPACE, BINDING, f"{SPACE}/resourcequotas/podlab"} <= api.store.keys()


def test_namespace_that_is_ending_is_waited_for_and_made_anew(
    make: Callable[[], int], api: ClassApi, desk: Desk, clock: FakeClock
) -> None:
    ending = space_form(desk.spaces[0])
    ending["metadata"] |= {"uid": "old", "deletionTimestamp": "2026-01-01T00:00:00Z"}
    api.put(SPACE, ending)
    clock.at(20, lambda: api.store.pop(SPACE))
    make()
    assert clock.now() >= 20
    assert api.store[SPACE]["metadata"]["uid"] != "old"


def test_namespace_that_keeps_being_deleted_is_an_error_in_words(
    make: Callable[[], int], api: ClassApi
) -> None:
    api.trouble = lambda method, path: 404 if path == BINDING and method == "PATCH" else None
    with pytest.raises(ClusterError, match="ann: "):
        make()


def test_rights_that_are_missing_are_said_in_words(make: Callable[[], int], api: ClassApi) -> None:
    api.trouble = lambda method, path: 403 if method == "POST" else None
    with pytest.raises(ClusterError) as caught:
        make()
    assert "cluster-admin" in caught.value.todo.en


def test_lab_with_a_team_has_a_third_namespace(with_team: Lab, ann: Pupil) -> None:
    names = [space.namespace for space in desk_of(ann, [with_team]).spaces]
    assert names == ["lab-01-toy-ann", "team-01-toy-ann", "demo-01-toy-ann"]
