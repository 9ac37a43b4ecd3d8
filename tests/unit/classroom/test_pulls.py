from __future__ import annotations

from typing import Any

import pytest
from fakeclass import ClassApi
from fakecluster import FakeClock

from checker.catalogue import lab_names, load_lab
from checker.classroom.pulls import REFUSED_SECONDS, must_be_pulled, needed_images
from checker.cluster import ClusterError, Connection
from checker.observe.images import IMAGES

PODS = "/api/v1/namespaces/podlab-system/pods/"
NEEDED = {"docker.io/library/redis:8": ["01-storage"], "docker.io/podlab/git:2": ["04-sidecar"]}


def answering(api: ClassApi, *states: dict[str, Any]) -> None:
    """Let the containers of the Pod of images be in these states."""
    statuses = [
        {
            "name": f"image-{n}",
            "image": "",
            "imageID": "",
            "ready": False,
            "restartCount": 0,
            "state": state,
        }
        for n, state in enumerate(states)
    ]

    def after(method: str, path: str) -> None:
        for key in [key for key in api.store if key.startswith(PODS)]:
            api.store[key]["status"] = {"containerStatuses": statuses}

    api.after = after


DONE: dict[str, Any] = {"terminated": {"exitCode": 0, "reason": "Completed"}}
BROKEN: dict[str, Any] = {"waiting": {"reason": "CreateContainerError", "message": "no true"}}
NO_PULL: dict[str, Any] = {"waiting": {"reason": "ErrImagePull", "message": "no such image"}}
COMING: dict[str, Any] = {"waiting": {"reason": "ContainerCreating"}}


def test_each_lab_names_the_images_that_it_needs() -> None:
    labs = [load_lab(name) for name in lab_names()]
    needed = needed_images(labs)
    assert "04-sidecar" in needed["docker.io/podlab/git:2"]
    assert "01-storage" not in needed["docker.io/podlab/git:2"]
    assert "03-registry" in needed["docker.io/library/registry:3"]
    assert needed["docker.io/library/busybox:1.37"] == [lab.name for lab in labs]
    assert needed["docker.io/library/redis:8"]


def test_images_that_arrive_are_good_whatever_the_program_does(
    connection: Connection, api: ClassApi, clock: FakeClock
) -> None:
    answering(api, DONE, BROKEN)
    must_be_pulled(connection, NEEDED, clock)
    assert not [path for path in api.store if path.startswith(PODS)], "the Pod is gone"


def test_images_that_are_refused_are_told_soon_with_the_labs_that_need_them(
    connection: Connection, api: ClassApi, clock: FakeClock
) -> None:
    answering(api, DONE, NO_PULL)
    with pytest.raises(ClusterError) as caught:
        must_be_pulled(connection, NEEDED, clock)
    said = caught.value.render("en")
    assert "docker.io/podlab/git:2 (04-sidecar): ErrImagePull no such image" in said
    assert "redis" not in said
    assert "--images" in said
    assert REFUSED_SECONDS <= clock.now() < 2 * REFUSED_SECONDS
    assert not [path for path in api.store if path.startswith(PODS)], "the Pod is gone"


def test_images_that_do_not_come_in_time_are_told(
    connection: Connection, api: ClassApi, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IMAGES, "school.example/pods")
    answering(api, COMING, DONE)
    with pytest.raises(ClusterError, match=r"school\.example/pods/redis:8 \(01-storage\)"):
        must_be_pulled(connection, NEEDED, clock)
