"""Containers for the tests of the application images: cut off from every network, and removed."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from checker.environment.engine import Engine
from checker.environment.images import obtain
from checker.environment.machine import look
from checker.environment.recipes import read_recipes
from checker.environment.registry import Registries
from checker.environment.wait import wait_until

START_SECONDS = 30.0
GRACE_SECONDS = 10

Done = subprocess.CompletedProcess[str]


def call(engine: Engine, *words: str, stdin: str = "") -> Done:
    """Run the engine; both streams are kept apart, and a failure is for the caller to judge."""
    return subprocess.run(
        [engine.name, *words],
        env={**os.environ, **engine.environ},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass(frozen=True)
class Container:
    """One running container of an image."""

    engine: Engine
    id: str

    def exec(self, *argv: str, stdin: str = "", options: tuple[str, ...] = ()) -> Done:
        """Run a program in the container."""
        return call(self.engine, "exec", "-i", *options, self.id, *argv, stdin=stdin)

    def says(self, *argv: str, stdin: str = "") -> str:
        """What a program in the container prints; it must end well."""
        done = self.exec(*argv, stdin=stdin)
        assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def log(self) -> Done:
        """The container's own standard output and standard error."""
        return call(self.engine, "logs", self.id)

    def wait_for(self, pattern: str, stream: str = "") -> None:
        """Wait for a line of the log, on `stdout`, `stderr` or either."""

        def is_there() -> bool:
            log = self.log()
            words = getattr(log, stream) if stream else log.stdout + log.stderr
            return re.search(pattern, words) is not None

        assert wait_until(is_there, START_SECONDS), f"no {pattern!r} in: {self.log()}"

    def stop(self) -> int:
        """Send the image's stop signal, and give the exit code (137 if that was not enough)."""
        call(self.engine, "stop", "-t", str(GRACE_SECONDS), self.id)
        return int(self.engine.query("inspect", "--format", "{{.State.ExitCode}}", self.id))

    def status(self, field: str) -> str:
        """A field of /proc/1/status in the container."""
        (line,) = re.findall(rf"^{field}:\s*(.*)$", self.says("cat", "/proc/1/status"), re.M)
        return str(line)


@pytest.fixture(scope="session")
def image_of(engine: Engine) -> Callable[[str], str]:
    """`image_of(recipe)`: the image's name in the engine's store, pulled or built as learners'."""
    machine, registries = look(), Registries(engine)
    recipes = {recipe.name: recipe for recipe in read_recipes()}
    return cache(lambda recipe: obtain(recipes[recipe], engine, registries, machine)[0])


@pytest.fixture
def start(engine: Engine, image_of: Callable[[str], str]) -> Iterator[Callable[..., Container]]:
    """`start(recipe, *argv, options=…)`: a container without a network but its own loopback."""
    started: list[str] = []

    def run(recipe: str, *argv: str, options: tuple[str, ...] = ()) -> Container:
        network = () if "--network" in options else ("--network", "none")
        # In two steps: a container that cannot start has to be removed too.
        made = call(engine, "create", *network, *options, image_of(recipe), *argv)
        assert made.returncode == 0, made.stderr
        container = Container(engine, made.stdout.strip())
        started.append(container.id)
        done = call(engine, "start", container.id)
        assert done.returncode == 0, done.stderr
        return container

    yield run
    # The last first: a container may live in the network of an earlier one.
    for container in reversed(started):
        # `rm` alone would wait for a process 1 that does not listen to signals.
        call(engine, "kill", container)
        call(engine, "rm", "-f", "-v", container)


@pytest.fixture(scope="session")
def config_of(engine: Engine, image_of: Callable[[str], str]) -> Callable[[str], dict[str, Any]]:
    """`config_of(recipe)`: the image's configuration, with the defaults that engines leave out."""

    def inspect(recipe: str) -> dict[str, Any]:
        (found,) = json.loads(engine.query("image", "inspect", image_of(recipe)))
        config: dict[str, Any] = found["Config"]
        return {
            "user": config.get("User") or "",
            "entrypoint": config.get("Entrypoint") or [],
            "cmd": config.get("Cmd") or [],
            "stop_signal": config.get("StopSignal") or "SIGTERM",
            "working_dir": config.get("WorkingDir") or "/",
            "ports": sorted(config.get("ExposedPorts") or {}),
            "volumes": sorted(config.get("Volumes") or {}),
        }

    return inspect
