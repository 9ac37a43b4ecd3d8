from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from fakeclass import ClassApi

from checker.catalogue import Lab
from checker.classroom import Clearing, Gone, Pupil, remove
from checker.classroom.finalizers import MADE_BY_LEARNERS
from checker.classroom.handout import handout, put
from checker.classroom.keys import Key
from checker.classroom.plan import HOME, account_form, desk_of, space_form
from checker.cluster import Connection, SystemClock
from checker.paths import course_root

ANN, BO = Pupil("ann", "Ann", "en"), Pupil("bo", "Bo", "en")
ACCOUNTS = f"/api/v1/namespaces/{HOME}/serviceaccounts"
Clear = Callable[..., dict[str, Gone]]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def of_two(api: ClassApi, lab: Lab, out: Path) -> ClassApi:
    """Ann and Bo have their places."""
    api.put(f"/api/v1/namespaces/{HOME}", {})
    for pupil in (ANN, BO):
        desk = desk_of(pupil, [lab])
        for space in desk.spaces:
            api.put(f"/api/v1/namespaces/{space.namespace}", space_form(space))
        api.put(f"{ACCOUNTS}/{desk.account}", account_form(pupil.id))
        put(handout(desk, [lab], Key("k", SystemClock().wall())), out / pupil.id)
    return api


@pytest.fixture
def clear(connection: Connection, of_two: ClassApi, lab: Lab, toy_course: Path, out: Path) -> Clear:
    def run(*pupils: Pupil, chosen: list[str] | None = None) -> dict[str, Gone]:
        gone: dict[str, Gone] = {}
        clearing = Clearing(connection, {lab.name: lab}, chosen, out)
        clearing.clear_all(pupils, lambda pupil, result: gone.update({pupil.id: result}), 2)
        return gone

    return run


def test_all_of_a_learner_goes_and_nothing_of_anybody_else(
    clear: Clear, of_two: ClassApi, out: Path
) -> None:
    before = {key for key in of_two.store if "ann" not in key}
    assert clear(ANN) == {"ann": Gone(spaces=2)}
    assert of_two.store.keys() == before
    assert not (out / "ann").exists()
    assert (out / "bo" / "kubeconfig").exists()


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {"podlab/learner": "ann"},
        {"podlab/lesson": "02-x", "podlab/part": "lab", "podlab/learner": "ann"},
        {"podlab/class": "true"},
        {
            "podlab/class": "true",
            "podlab/learner": "bo",
            "podlab/lesson": "02-x",
            "podlab/part": "lab",
        },
    ],
)
def test_what_lacks_the_mark_of_this_learners_class_stays(
    clear: Clear, of_two: ClassApi, labels: dict[str, str]
) -> None:
    path = "/api/v1/namespaces/lab-02-x-ann"
    of_two.put(path, {"metadata": {"labels": labels}})
    clear(ANN)
    assert path in of_two.store


def test_the_account_goes_first_so_that_nothing_new_comes(clear: Clear, of_two: ClassApi) -> None:
    clear(ANN)
    deleted = [path for method, path in of_two.log if method == "DELETE"]
    assert deleted[0] == f"{ACCOUNTS}/learner-ann"


def test_chosen_lessons_only_and_the_account_stays_while_others_are_left(
    clear: Clear, of_two: ClassApi, out: Path
) -> None:
    labels = {"podlab/class": "true", "podlab/learner": "ann", "podlab/part": "lab"}
    other = "/api/v1/namespaces/lab-02-x-ann"
    of_two.put(other, {"metadata": {"labels": labels | {"podlab/lesson": "02-x"}}})
    assert clear(ANN, chosen=["01-toy"])["ann"].spaces == 2
    assert {other, f"{ACCOUNTS}/learner-ann"} <= of_two.store.keys()
    assert (out / "ann" / "kubeconfig").exists()


def test_files_that_the_learner_changed_stay_and_are_told(clear: Clear, out: Path) -> None:
    (out / "ann" / "01-toy" / "redis.yaml").write_text("mine")
    assert clear(ANN)["ann"].kept == out / "ann"
    assert not (out / "ann" / "kubeconfig").exists()


def test_again_is_no_error_and_removes_nothing(clear: Clear, of_two: ClassApi) -> None:
    clear(ANN)
    assert clear(ANN) == {"ann": Gone()}


def test_the_home_of_the_accounts_goes_with_the_last_learner(
    clear: Clear, of_two: ClassApi
) -> None:
    of_two.store[f"/api/v1/namespaces/{HOME}"]["metadata"]["labels"] = {
        "app.kubernetes.io/part-of": "podlab"
    }
    clear(ANN)
    assert f"/api/v1/namespaces/{HOME}" in of_two.store
    clear(BO)
    assert f"/api/v1/namespaces/{HOME}" not in of_two.store


def test_leases_of_his_checks_go_and_no_others(clear: Clear, of_two: ClassApi) -> None:
    leases = "/apis/coordination.k8s.io/v1/namespaces/podlab-system/leases"
    for name, learner in (("lab-01-toy-ann", "ann"), ("lab-01-toy-bo", "bo"), ("other", "ann")):
        of_two.put(f"{leases}/check-{name}", {"metadata": {"labels": {"podlab/learner": learner}}})
    clear(ANN, chosen=["02-x"])
    assert f"{leases}/check-lab-01-toy-ann" in of_two.store, "its namespace is there"
    clear(ANN)
    left = {path for path in of_two.store if path.startswith(leases)}
    assert left == {f"{leases}/check-lab-01-toy-bo", f"{leases}/check-other"}


def test_what_a_run_that_was_cut_off_left_behind_goes_with_the_next(
    clear: Clear, of_two: ClassApi
) -> None:
    lease = "/apis/coordination.k8s.io/v1/namespaces/podlab-system/leases/check-lab-01-toy-ann"
    of_two.put(lease, {"metadata": {"labels": {"podlab/learner": "ann"}}})
    for space in [path for path in of_two.store if path.endswith("01-toy-ann")]:
        if space != lease:
            del of_two.store[space]
    assert clear(ANN)["ann"].spaces == 0
    assert lease not in of_two.store


def test_finalizer_of_a_learner_does_not_hold_his_namespace(
    clear: Clear, of_two: ClassApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remove, "HELD_SECONDS", 0.0)
    space = "/api/v1/namespaces/lab-01-toy-ann"
    held, kept = f"{space}/configmaps/held", f"{space}/configmaps/kept"
    of_two.sticky.add(space)
    for path, ended in ((held, "2026-01-01T00:00:00Z"), (kept, None)):
        meta = {"finalizers": ["example.com/never"], "deletionTimestamp": ended}
        of_two.put(path, {"metadata": meta})

    def go(method: str, path: str) -> None:
        if method == "PATCH" and "finalizers" not in of_two.store[held]["metadata"]:
            del of_two.store[space]

    of_two.after = go
    assert clear(ANN)["ann"].spaces == 2
    assert [path for method, path in of_two.log if method == "PATCH"] == [held]


def test_kinds_that_are_let_go_are_those_that_a_learner_can_make() -> None:
    roles = yaml.safe_load_all((course_root() / "manifests/cluster/class.yaml").read_text("utf-8"))
    role = next(each for each in roles if each["kind"] == "ClusterRole")
    creates = {
        word
        for rule in role["rules"]
        for word in rule["resources"]
        if "create" in rule["verbs"] and "/" not in word
    }
    plurals = {re.sub("ys$", "ies", f"{kind.lower()}s") for kind in MADE_BY_LEARNERS}
    assert plurals == creates


def test_trouble_with_one_learner_keeps_no_other_waiting(clear: Clear, of_two: ClassApi) -> None:
    of_two.trouble = lambda method, path: 503 if path.endswith("lab-01-toy-ann") else None
    gone = clear(ANN, BO)
    assert gone["ann"].trouble
    assert gone["bo"] == Gone(spaces=2)
