"""The way of machines that can pull: a registry on this machine stands in for the official one."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.environment import images, node
from checker.environment.engine import Engine
from checker.environment.machine import Machine, look
from checker.environment.progress import Quiet
from checker.environment.recipes import Recipe, read_recipes
from checker.environment.registry import Registries
from checker.environment.versions import read_versions
from checker.environment.wait import wait_until

CONTAINER = "podlab-test-registry"
MIRROR = """
[[registry]]
prefix = "docker.io"
location = "{address}"
insecure = true
"""


@pytest.fixture(scope="module")
def machine() -> Machine:
    """This machine."""
    return look()


def recipe(name: str) -> Recipe:
    return next(found for found in read_recipes() if found.name == name)


def built(engine: Engine, machine: Machine, name: str) -> str:
    stored, _ = images.obtain(recipe(name), engine, Registries(engine), machine)
    return stored


@pytest.fixture(scope="module")
def registry(engine: Engine, machine: Machine) -> Iterator[str]:
    """The address of a registry that holds busybox, and busybox once more in a node's clothes."""
    if engine.name != "podman":
        pytest.fail("only podman takes a mirror from its environment")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    busybox = built(engine, machine, "busybox")
    engine.run("rm", "--force", CONTAINER)
    engine.run(
        "run", "--detach", "--name", CONTAINER, "--network", "host",
        "--env", f"REGISTRY_HTTP_ADDR={address}", built(engine, machine, "registry"),
    )  # fmt: skip
    try:
        push = ("push", "--tls-verify=false", busybox)
        assert wait_until(lambda: engine.succeeds(*push, f"{address}/library/busybox:1.37"), 30)
        engine.run(*push, f"{address}/kindest/node:v1.37.0")
        yield address
    finally:
        engine.run("rm", "--force", "--time", "0", CONTAINER)


@pytest.fixture
def mirrored(registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """podman believes that the registry is the official one."""
    file = tmp_path / "registries.conf"
    file.write_text(MIRROR.format(address=registry))
    monkeypatch.setenv("CONTAINERS_REGISTRIES_CONF", str(file))
    return registry


def test_an_official_image_is_pulled_and_not_built(
    engine: Engine, machine: Machine, mirrored: str
) -> None:
    name, origin = images.obtain(recipe("busybox"), engine, Registries(engine), machine)
    try:
        assert (name, origin) == ("docker.io/library/busybox:1.37", "pulled")
        assert images.true_version(engine, name, recipe("busybox")).startswith("1.37")
    finally:
        engine.run("rmi", "docker.io/library/busybox:1.37")


def test_the_official_node_is_pulled_by_digest_and_another_digest_is_not(
    engine: Engine, machine: Machine, mirrored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = "docker.io/kindest/node:v1.37.0"
    engine.run("pull", image)
    digest = engine.query("image", "inspect", "--format", "{{.Digest}}", image)
    engine.run("rmi", image)
    official = f"{image.rpartition(':')[0]}@{digest}"
    versions = dataclasses.replace(read_versions(), official_node=official)
    monkeypatch.setattr(node, "read_versions", lambda: versions)
    monkeypatch.setattr(node, "node_name", lambda versions: "localhost/podlab/node:none")
    try:
        found = node.ensure_node(engine, Registries(engine), machine, Quiet())
        assert (found.name, found.origin) == (official, "pulled")
    finally:
        engine.run("rmi", official)
    wrong = official[:-1] + ("0" if official[-1] != "0" else "1")
    assert not Registries(engine).pull(wrong)
