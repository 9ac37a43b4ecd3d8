from __future__ import annotations

import pytest
from fakeclass import ClassApi

from checker.classroom.names import keep_names, recall_names, use_names
from checker.cluster import Connection
from checker.observe.images import IMAGES, REGISTRY
from checker.trouble import USAGE, Trouble

CONFIG = "/api/v1/namespaces/podlab-system/configmaps/class"


def test_names_are_kept_on_the_cluster_and_found_again(
    connection: Connection, api: ClassApi
) -> None:
    there = {IMAGES: "school.example/pods", REGISTRY: "r.example:5000"}
    assert keep_names(connection, "a b", there) is True
    assert keep_names(connection, "a b", there) is False
    environ: dict[str, str] = {}
    assert recall_names(connection, environ)["checked"] == "a b"
    assert environ == there


def test_names_that_are_given_go_before_those_that_were_kept(connection: Connection) -> None:
    keep_names(connection, "", {IMAGES: "school.example/pods"})
    for given in ("other.example/x", ""):
        environ = {IMAGES: given}
        recall_names(connection, environ)
        assert environ == {IMAGES: given}


def test_without_names_kept_nothing_is_changed(connection: Connection) -> None:
    environ: dict[str, str] = {}
    assert recall_names(connection, environ) == {}
    assert environ == {}


@pytest.mark.parametrize(
    "images", ["school.example/pods", "school.example:5000/pods/", "localhost:30500", "a/b_c/d-e"]
)
def test_a_place_of_images_is_taken(images: str) -> None:
    environ: dict[str, str] = {}
    use_names(images, "r.example", environ)
    assert environ == {IMAGES: images, REGISTRY: "r.example"}


@pytest.mark.parametrize(
    ("images", "registry"),
    [
        ("https://school.example", None),
        ("School.example/x", None),
        ("school.example/x y", None),
        ("a//b", None),
        (None, "r.example/path"),
        (None, "http://r.example"),
    ],
)
def test_what_cannot_name_an_image_is_refused(images: str | None, registry: str | None) -> None:
    environ: dict[str, str] = {}
    with pytest.raises(Trouble) as caught:
        use_names(images, registry, environ)
    assert caught.value.code == USAGE
    assert environ == {}


def test_options_that_are_not_given_leave_the_environment_as_it_is() -> None:
    environ = {IMAGES: "a.example"}
    use_names(None, None, environ)
    assert environ == {IMAGES: "a.example"}
    use_names("", None, environ)
    assert environ == {IMAGES: ""}
