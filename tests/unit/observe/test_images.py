from __future__ import annotations

import pytest

from checker.observe.control import labelled
from checker.observe.images import (
    IMAGES,
    REGISTRY,
    course_images,
    named,
    official_images,
    registry_host,
    renamed,
    renamed_form,
)
from checker.observe.registry import registry_forms

SCHOOL = {IMAGES: "school.example/pods/", REGISTRY: "registry.school.example"}


def test_the_list_of_images_is_not_empty() -> None:
    assert {"docker.io/library/redis:8", "docker.io/podlab/git:2"} <= set(official_images())


@pytest.mark.parametrize(
    ("image", "there"),
    [
        ("redis:8", "school.example/pods/redis:8"),
        ("docker.io/library/redis:8", "school.example/pods/redis:8"),
        ("docker.io/podlab/git:2", "school.example/pods/git:2"),
        ("redis:7", "redis:7"),
        ("example.com/redis:8", "example.com/redis:8"),
        ("localhost:30500/janedoe/awesomeapp:v1", "localhost:30500/janedoe/awesomeapp:v1"),
    ],
)
def test_only_the_courses_own_images_have_another_name(image: str, there: str) -> None:
    assert named(image, SCHOOL) == there
    assert named(image, {}) == image


def test_own_images_are_known_by_the_names_they_have_there() -> None:
    assert "school.example/pods/nginx:1" in course_images(SCHOOL)
    assert "docker.io/library/nginx:1" not in course_images(SCHOOL)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("image: redis:8\n", "image: school.example/pods/redis:8\n"),
        ('image: "nginx:1" # x', 'image: "school.example/pods/nginx:1" # x'),
        ("the image `busybox:1.37`.", "the image `school.example/pods/busybox:1.37`."),
        ("with busybox:1.37.", "with school.example/pods/busybox:1.37."),
        ("image: docker.io/podlab/git:2", "image: school.example/pods/git:2"),
        ("my-redis:8 redis:8.2 redis:80 a/redis:8", "my-redis:8 redis:8.2 redis:80 a/redis:8"),
        ("localhost:30500/janedoe/x:v1", "registry.school.example/janedoe/x:v1"),
    ],
)
def test_a_text_is_told_with_the_names_of_the_cluster(text: str, there: str) -> None:
    assert renamed(text, SCHOOL) == there
    assert renamed(text, {}) == text


def test_images_deep_in_a_manifest_are_named_and_nothing_else() -> None:
    form = {
        "metadata": {"name": "redis:8"},
        "spec": {"containers": [{"image": "redis:8", "args": ["redis:8"]}], "image": 7},
    }
    there = renamed_form(form, SCHOOL)
    assert there["spec"]["containers"] == [
        {"image": "school.example/pods/redis:8", "args": ["redis:8"]}
    ]
    assert there["metadata"] == {"name": "redis:8"}
    assert form["spec"]["containers"][0]["image"] == "redis:8"  # type: ignore[index]


def test_what_the_course_itself_applies_has_the_names_of_the_cluster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert registry_host() == "localhost:30500"
    for name, value in SCHOOL.items():
        monkeypatch.setenv(name, value)
    assert registry_host() == "registry.school.example"
    assert "school.example/pods/registry:3" in str(registry_forms())
    pod = "kind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: busybox:1.37}]}"
    assert "school.example/pods/busybox:1.37" in str(labelled(pod)[0])
