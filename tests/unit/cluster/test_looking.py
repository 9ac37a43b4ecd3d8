from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi
from kubernetes.client import (
    AuthorizationV1Api,
    CoreV1Api,
    V1SubjectAccessReview,
    V1SubjectAccessReviewSpec,
)

from checker.cluster import ActsError, Connection, Lease, LookingConnection, Objects, Workspace

SPACE = "/api/v1/namespaces/lab-01-storage"
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}}
Act = Callable[[Objects], object]


@pytest.fixture
def eyes(connection: Connection, api: FakeApi) -> LookingConnection:
    api.put(SPACE, {})
    api.put(f"{SPACE}/configmaps/m", {})
    api.put(f"{SPACE}/pods/exec", {})  # a Pod may have any name
    return LookingConnection(connection)


@pytest.mark.parametrize(
    "look",
    [
        lambda objects: objects.read("ConfigMap", "m"),
        lambda objects: objects.read("Pod", "exec"),
        lambda objects: objects.list("ConfigMap"),
        lambda objects: objects.read("Namespace", "lab-01-storage"),
        lambda objects: objects.apply(MAP, dry_run=True),
    ],
)
def test_what_only_looks_goes_out_over_the_connection_that_is_there(
    eyes: LookingConnection, api: FakeApi, look: Act
) -> None:
    look(Objects(eyes, "lab-01-storage"))
    assert len(api.log) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda objects: objects.apply(MAP),
        lambda objects: objects.patch("ConfigMap", "m", {"data": {"a": "1"}}),
        lambda objects: objects.delete("ConfigMap", "m"),
        lambda objects: objects.patch("Namespace", "lab-01-storage", {}),
        lambda objects: objects.connection.api(CoreV1Api).delete_collection_namespaced_pod("x"),
        lambda objects: objects.connection.api(CoreV1Api).connect_get_namespaced_pod_exec(
            "p", "lab-01-storage", command=["true"]
        ),
        lambda objects: objects.connection.api(
            CoreV1Api
        ).connect_get_namespaced_pod_proxy_with_path("p", "lab-01-storage", "stop"),
        lambda objects: Lease(objects.connection, Workspace("01-storage", "lab")).acquire(),
    ],
)
def test_what_acts_is_refused_before_it_goes_out(
    eyes: LookingConnection, api: FakeApi, act: Act
) -> None:
    with pytest.raises(ActsError, match="may only look"):
        act(Objects(eyes, "lab-01-storage"))
    assert [each for each in api.log if each[0] != "GET"] == []


def test_an_access_review_is_a_question_though_it_is_posted(
    eyes: LookingConnection, api: FakeApi
) -> None:
    api.after = lambda method, path: None
    review = V1SubjectAccessReview(spec=V1SubjectAccessReviewSpec(user="ann"))
    api.serve = lambda *request: (201, {"spec": {"user": "ann"}, "status": {"allowed": False}})  # type: ignore[method-assign]
    eyes.api(AuthorizationV1Api).create_subject_access_review(review)
    assert [method for method, _ in api.log] == ["POST"]


def test_commands_go_to_the_courses_own_pod_and_to_no_other(eyes: LookingConnection) -> None:
    core = CoreV1Api(eyes.fresh_client())
    request = core._connect_get_namespaced_pod_exec_serialize
    words = request.__code__.co_varnames[1 : request.__code__.co_argcount]
    asked = dict.fromkeys(words) | {"name": "probe", "_host_index": 0}
    assert request(**asked | {"namespace": "podlab-system"})[0] == "GET"
    with pytest.raises(ActsError):
        request(**asked | {"namespace": "lab-01-storage"})


def test_other_connections_act(connection: Connection, api: FakeApi) -> None:
    api.put(f"{SPACE}/configmaps/m", {})
    LookingConnection(connection)
    Objects(connection, "lab-01-storage").delete("ConfigMap", "m")
    assert f"{SPACE}/configmaps/m" not in api.store
