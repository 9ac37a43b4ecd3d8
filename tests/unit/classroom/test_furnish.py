from __future__ import annotations

from typing import Any

import pytest
import yaml
from fakeclass import DEPLOYMENT, PROBE, READY, ClassApi
from fakecluster import FakeClock

from checker.catalogue import load_lab
from checker.classroom.furnish import STARTS, Furniture, clear_away
from checker.classroom.names import keep_names
from checker.cluster import ClusterError, Connection
from checker.observe.images import IMAGES
from checker.paths import course_root

REGISTRY = "/api/v1/namespaces/podlab-registry"
ROLE = "/apis/rbac.authorization.k8s.io/v1/clusterroles/podlab-learner"


@pytest.fixture
def furniture(connection: Connection, clock: FakeClock) -> Furniture:
    return Furniture(connection, clock)


def test_rights_are_put_in_once(furniture: Furniture, api: ClassApi, writes: Any) -> None:
    furniture.rights()
    assert furniture.wrote == 6
    assert {ROLE, "/api/v1/namespaces/podlab-class"} <= api.store.keys()
    writes()
    furniture.rights()
    assert furniture.wrote == 6
    assert writes() == []


def test_a_role_that_somebody_widened_is_put_right(furniture: Furniture, api: ClassApi) -> None:
    furniture.rights()
    api.store[ROLE]["rules"].append({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
    furniture.rights()
    form = next(form for form in _class_forms() if form["kind"] == "ClusterRole")
    assert api.store[ROLE]["rules"] == form["rules"]


def _class_forms() -> list[dict[str, Any]]:
    file = course_root() / "manifests" / "cluster" / "class.yaml"
    return list(yaml.safe_load_all(file.read_text("utf-8")))


def test_an_old_cluster_is_told_by_its_version(
    furniture: Furniture, api: ClassApi, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "version", lambda: "v1.28.3")
    api.trouble = lambda method, path: 404 if "validatingadmission" in path else None
    with pytest.raises(ClusterError, match=r"v1\.28\.3.*1\.30"):
        furniture.rights()


@pytest.mark.parametrize(
    "path",
    ["/api/v1/namespaces/podlab-class", ROLE],
)
def test_what_somebody_else_made_under_our_name_is_not_taken(
    furniture: Furniture, api: ClassApi, path: str
) -> None:
    api.put(path, {"metadata": {"labels": {"team": "shop"}}})
    with pytest.raises(ClusterError, match="did not make"):
        furniture.rights()
    assert api.store[path]["metadata"]["labels"] == {"team": "shop"}


def test_the_home_of_a_class_that_is_just_ending_is_waited_for_and_made_anew(
    furniture: Furniture, api: ClassApi, clock: FakeClock
) -> None:
    home = "/api/v1/namespaces/podlab-class"
    furniture.rights()
    old = api.store[home]["metadata"]
    old |= {"uid": "old", "deletionTimestamp": "2026-01-01T00:00:00Z"}
    clock.at(20, lambda: api.store.pop(home))
    furniture.rights()
    assert clock.now() >= 20
    assert api.store[home]["metadata"]["uid"] != "old"


def test_the_probe_pod_is_made_and_waited_for(furniture: Furniture, lively: ClassApi) -> None:
    furniture.probe()
    assert lively.store[PROBE]["spec"]["containers"][0]["image"] == "busybox:1.37"
    labels = lively.store["/api/v1/namespaces/podlab-system"]["metadata"]["labels"]
    assert labels["podlab/class"] == "true", "it was made for the class, and goes with it"


def test_a_probe_pod_with_another_image_is_made_anew(
    furniture: Furniture, lively: ClassApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    furniture.probe()
    uid = lively.store[PROBE]["metadata"]["uid"]
    monkeypatch.setenv(IMAGES, "school.example/pods")
    furniture.probe()
    assert lively.store[PROBE]["metadata"]["uid"] != uid
    image = lively.store[PROBE]["spec"]["containers"][0]["image"]
    assert image == "school.example/pods/busybox:1.37"


def test_a_probe_pod_that_was_evicted_is_made_anew(furniture: Furniture, lively: ClassApi) -> None:
    furniture.probe()
    evicted = lively.store[PROBE]["metadata"]["uid"]

    def after(method: str, path: str) -> None:
        pod = lively.store.get(PROBE)
        if pod and pod["metadata"]["uid"] == evicted:
            pod["status"] = {"phase": "Failed", "reason": "Evicted"}
        elif pod:
            pod["status"] = {"phase": "Running"} | READY

    lively.after = after
    furniture.probe()
    assert lively.store[PROBE]["metadata"]["uid"] != evicted


def test_a_probe_pod_that_does_not_come_up_is_told_with_the_reason(
    furniture: Furniture, api: ClassApi, clock: FakeClock
) -> None:
    waiting = {"reason": "ImagePullBackOff", "message": "no such host"}
    down = {
        "containerStatuses": [
            {
                "name": "probe",
                "image": "",
                "imageID": "",
                "ready": False,
                "restartCount": 0,
                "state": {"waiting": waiting},
            }
        ]
    }

    def after(method: str, path: str) -> None:
        if PROBE in api.store:
            api.store[PROBE]["status"] = down

    api.after = after
    with pytest.raises(ClusterError, match=r"busybox:1\.37: ImagePullBackOff no such host") as said:
        furniture.probe()
    assert "--images" in said.value.todo.en
    assert clock.now() >= STARTS


def test_the_registrys_port_is_taken_also_where_no_lab_needs_the_registry(
    furniture: Furniture, lively: ClassApi
) -> None:
    furniture.registry([load_lab("01")])
    assert f"{REGISTRY}/services/registry" in lively.store
    assert DEPLOYMENT not in lively.store
    furniture.registry([load_lab("03")])
    assert DEPLOYMENT in lively.store


@pytest.fixture
def furnished(furniture: Furniture, connection: Connection, lively: ClassApi) -> ClassApi:
    furniture.rights()
    furniture.probe()
    furniture.registry([load_lab("03")])
    keep_names(connection, "x", {})
    return lively


def test_when_the_last_class_goes_nothing_that_was_made_for_it_stays(
    furnished: ClassApi, connection: Connection
) -> None:
    clear_away(connection)
    # What is inside a namespace goes with it; the fake does not know what is in which.
    spaces = ("podlab-system", "podlab-registry", "podlab-class")
    left = [path for path in furnished.store if not any(name in path for name in spaces)]
    assert left == []
    assert not [
        f"/api/v1/namespaces/{name}"
        for name in spaces
        if f"/api/v1/namespaces/{name}" in furnished.store
    ]


def test_what_was_there_before_the_class_stays(furnished: ClassApi, connection: Connection) -> None:
    for name in ("podlab-system", "podlab-registry"):
        del furnished.store[f"/api/v1/namespaces/{name}"]["metadata"]["labels"]["podlab/class"]
    clear_away(connection)
    assert {PROBE, "/api/v1/namespaces/podlab-registry"} <= furnished.store.keys()
    assert "/api/v1/namespaces/podlab-system/configmaps/class" not in furnished.store
    clear_away(connection)
