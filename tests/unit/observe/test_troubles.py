from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakepods import condition, ended, make, running, seen, waiting
from kubernetes import client

from checker.observe import CouldNotLook, Refusal
from checker.observe.images import course_images, full_name
from checker.observe.pod import view
from checker.observe.troubles import trouble, worst

DOWN: dict[str, Any] = {"ready": False, "phase": "Pending"}
UNSCHEDULABLE = condition("PodScheduled", False, "Unschedulable", "didn't match node selector")
FULL = condition("PodScheduled", False, "Unschedulable", "0/1 nodes: 1 Insufficient cpu")
CROWDED = condition("PodScheduled", False, "Unschedulable", "0/1 nodes: 1 Too many pods")
INIT = client.V1ContainerStatus(
    name="first", image="i", image_id="", ready=False, restart_count=3, state=ended(1)
)


@pytest.fixture(autouse=True)
def own_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A course whose only own image is redis:8."""
    recipe = tmp_path / "images" / "redis" / "recipe.yaml"
    recipe.parent.mkdir(parents=True)
    recipe.write_text("image: docker.io/library/redis:8\n", encoding="utf-8")
    monkeypatch.setenv("PODLAB_COURSE", str(tmp_path))


@pytest.mark.parametrize(
    ("pod", "message", "fragment"),
    [
        (
            seen(**DOWN, image="mine:1", state=waiting("ImagePullBackOff", "no such host")),
            "image-not-pulled",
            "no such host",
        ),
        (seen(**DOWN, image="mine:1", state=waiting("ErrImagePull")), "image-not-pulled", "ErrIm"),
        (seen(**DOWN, image="B d", state=waiting("InvalidImageName")), "image-not-pulled", "Inv"),
        (
            seen(**DOWN, state=waiting("ErrImagePull"), policy="Always"),
            "image-not-pulled",
            "ErrImagePull",
        ),
        (
            seen(**DOWN, state=waiting("CreateContainerConfigError", 'secret "s" not found')),
            "container-not-created",
            'secret "s" not found',
        ),
        (
            seen(ready=False, state=waiting("CrashLoopBackOff"), last=ended(3, message="boom")),
            "crashed",
            "boom",
        ),
        (seen(ready=False, state=ended(1)), "crashed", "exit code 1"),
        (seen(ready=False, state=ended(137, "OOMKilled")), "crashed", "OOMKilled"),
        (seen(ready=False, restarts=2, last=ended(1)), "crashed", "exit code 1"),
        (seen(ready=False, restarts=1, last=ended(1)), "not-ready", "Running"),
        (view(make(**DOWN, state=waiting("PodInitializing"), init=INIT)), "crashed", "exit code 1"),
        (seen(**DOWN, more=(UNSCHEDULABLE,)), "not-scheduled", "node selector"),
        (
            seen(
                ready=False, phase="Failed", reason="Evicted", message="emptyDir", state=ended(137)
            ),
            "evicted",
            "emptyDir",
        ),
        (seen(ready=False, phase="Succeeded", state=ended(0, "Completed")), "pod-ended", "Comp"),
        (seen(ready=False, phase="Failed", state=ended(2)), "pod-ended", "Failed"),
        (seen(**DOWN, state=waiting("ContainerCreating")), "not-ready", "Pending"),
        (seen(ready=False), "not-ready", "Running"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_trouble_is_told_by_its_own_message(pod: Any, message: str, fragment: str) -> None:
    told = trouble(pod)
    assert isinstance(told, Refusal)
    assert told.message_id == message
    assert fragment in str(told.params["detail"])
    assert told.evidence[0].command.startswith("kubectl ")


def test_init_container_that_fails_is_named() -> None:
    told = trouble(view(make(**DOWN, state=waiting("PodInitializing"), init=INIT)))
    assert isinstance(told, Refusal)
    assert told.params["container"] == "first"


def test_course_image_that_is_missing_is_never_the_learners_fault() -> None:
    told = trouble(seen(**DOWN, state=waiting("ErrImageNeverPull"), policy="IfNotPresent"))
    assert isinstance(told, CouldNotLook)
    assert "redis:8" in told.reason.zh
    assert "podlab up" in told.todo.en


def test_warning_event_tells_what_the_status_does_not() -> None:
    told = trouble(seen(**DOWN, state=waiting("ContainerCreating")), "FailedMount: no secret")
    assert isinstance(told, Refusal)
    assert told.params["detail"] == "FailedMount: no secret"


def test_detail_from_the_cluster_is_harmless() -> None:
    told = trouble(seen(ready=False, state=ended(1, message="\x1b[2Jboo")))
    assert isinstance(told, Refusal)
    assert "\x1b" not in str(told.params["detail"])


def test_crash_may_heal_and_a_wrong_image_name_may_not() -> None:
    crash = trouble(seen(ready=False, state=ended(1)))
    name = trouble(seen(**DOWN, image="B d", state=waiting("InvalidImageName")))
    assert isinstance(crash, Refusal)
    assert isinstance(name, Refusal)
    assert crash.settles
    assert name.settles
    assert crash.settles > name.settles


def test_worst_is_none_when_all_are_ready() -> None:
    assert worst([seen()], lambda pod: "") is None
    told = worst([seen(), seen(ready=False)], lambda pod: "why")
    assert isinstance(told, Refusal)
    assert told.params["detail"] == "why"


def test_container_that_runs_again_after_one_crash_is_not_called_crashed() -> None:
    assert trouble(seen(ready=False, restarts=1, state=running(), last=ended(1))).args == (
        "not-ready",
    )


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("redis:8", "docker.io/library/redis:8"),
        ("bitnami/redis:8", "docker.io/bitnami/redis:8"),
        ("docker.io/library/redis:8", "docker.io/library/redis:8"),
        ("localhost:30500/a/b:1", "localhost:30500/a/b:1"),
        ("localhost/b:1", "localhost/b:1"),
        ("ghcr.io/a/b:1", "ghcr.io/a/b:1"),
    ],
)
def test_image_has_one_full_name(short: str, full: str) -> None:
    assert full_name(short) == full


def test_own_images_are_those_with_a_recipe() -> None:
    assert course_images() == {"docker.io/library/redis:8"}


def asking(**requests: str) -> Any:
    raw = make(**DOWN, more=(FULL,))
    assert raw.spec
    raw.spec.containers[0].resources = client.V1ResourceRequirements(requests=requests)
    return view(raw)


@pytest.mark.parametrize("requests", [{}, {"cpu": "50m"}, {"cpu": "0.1", "memory": "64Mi"}])
def test_full_node_is_not_the_fault_of_a_pod_that_asks_for_little(requests: dict[str, str]) -> None:
    found = trouble(asking(**requests))
    assert isinstance(found, CouldNotLook)
    assert "full" in found.reason.en


def test_crowded_node_is_nobodys_fault() -> None:
    assert isinstance(trouble(seen(**DOWN, more=(CROWDED,))), CouldNotLook)


@pytest.mark.parametrize("requests", [{"cpu": "50"}, {"cpu": "101m"}, {"memory": "1Gi"}])
def test_pod_that_asks_for_much_finds_no_room_by_its_own_fault(requests: dict[str, str]) -> None:
    found = trouble(asking(**requests))
    assert isinstance(found, Refusal)
    assert found.message_id == "not-scheduled"


FORK = "runc: fork/exec /usr/bin/runc: Resource temporarily unavailable"


@pytest.mark.parametrize(
    "pod",
    [
        seen(**DOWN, state=waiting("RunContainerError", FORK)),
        seen(**DOWN, state=waiting("CreateContainerError", "mkdir /x: no space left on device")),
        seen(ready=False, restarts=2, last=ended(128, "StartError", FORK)),
    ],
)
def test_node_that_has_run_out_of_something_is_not_the_learners_fault(pod: Any) -> None:
    found = trouble(pod)
    assert isinstance(found, CouldNotLook)
    assert "run out" in found.reason.en


def test_program_that_says_the_same_is_still_the_learners() -> None:
    found = trouble(seen(ready=False, restarts=2, last=ended(1, "Error", FORK)))
    assert isinstance(found, Refusal)
