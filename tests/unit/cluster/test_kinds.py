from __future__ import annotations

import pytest
from fakecluster import FakeApi
from kubernetes.client import ApiException, V1ObjectMeta, V1Pod

from checker.cluster import Connection, Objects
from checker.cluster.kinds import KINDS


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_client_has_all_methods_of_every_kind_in_the_table(kind: object) -> None:
    middle = "_namespaced_" if kind.namespaced else "_"  # type: ignore[attr-defined]
    for verb in ("create", "read", "list", "patch", "delete"):
        assert hasattr(kind.api, f"{verb}{middle}{kind.word}")  # type: ignore[attr-defined]
    end = "_for_all_namespaces" if kind.namespaced else ""  # type: ignore[attr-defined]
    assert hasattr(kind.api, f"list_{kind.word}{end}")  # type: ignore[attr-defined]


def test_object_is_read_as_the_librarys_model(connection: Connection, api: FakeApi) -> None:
    api.put("/api/v1/namespaces/x/pods/a", V1Pod(metadata=V1ObjectMeta(name="a")))
    assert isinstance(Objects(connection, "x").read("Pod", "a"), V1Pod)


def test_list_takes_a_label_selector(connection: Connection, api: FakeApi) -> None:
    for name in ("a", "b"):
        api.put(f"/api/v1/namespaces/x/pods/{name}", {"metadata": {"labels": {"app": name}}})
    found = Objects(connection, "x").list("Pod", "app=b")
    assert [pod.metadata.name for pod in found] == ["b"]


def test_apply_makes_and_changes_and_delete_takes_away(
    connection: Connection, api: FakeApi
) -> None:
    objects = Objects(connection, "x")
    form = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    objects.apply(form)
    objects.apply(form | {"data": {"a": "2"}})
    assert objects.read("ConfigMap", "c").data == {"a": "2"}
    objects.delete("ConfigMap", "c")
    with pytest.raises(ApiException, match="404"):
        objects.read("ConfigMap", "c")


def test_what_is_there_already_is_not_made_again(connection: Connection, api: FakeApi) -> None:
    objects = Objects(connection, "x")
    form = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    objects.create(form)
    with pytest.raises(ApiException, match="409"):
        objects.create(form | {"data": {"a": "2"}})
    assert objects.read("ConfigMap", "c").data == {"a": "1"}


def test_objects_of_all_namespaces_are_found_at_once(connection: Connection, api: FakeApi) -> None:
    for space in ("x", "y"):
        for name in ("a", "b"):
            path = f"/api/v1/namespaces/{space}/pods/{name}"
            api.put(path, {"metadata": {"labels": {"app": name}}})
    found = Objects(connection, "x").everywhere("Pod", "app=b")
    assert [(pod.metadata.namespace, pod.metadata.name) for pod in found] == [
        ("x", "b"),
        ("y", "b"),
    ]


def test_delete_by_uid_spares_the_successor(connection: Connection, api: FakeApi) -> None:
    api.put("/api/v1/namespaces/x/pods/a", {"metadata": {"uid": "new"}})
    with pytest.raises(ApiException, match="409"):
        Objects(connection, "x").delete("Pod", "a", uid="old")


def test_objects_without_a_namespace_are_asked_for_without_one(
    connection: Connection, api: FakeApi
) -> None:
    api.put("/api/v1/nodes/n", {})
    assert Objects(connection, "x").read("Node", "n").metadata.name == "n"


def test_unknown_kind_names_the_known_ones(connection: Connection) -> None:
    with pytest.raises(ValueError, match=r"unknown kind Pods; known: .*Pod,"):
        Objects(connection, "x").read("Pods", "a")
