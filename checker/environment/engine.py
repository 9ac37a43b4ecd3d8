"""The container engine: docker if its daemon answers, else podman, and how to call it here."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from checker.environment.machine import Machine
from checker.environment.run import query, run, succeeds
from checker.paths import cache_dir
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

Name = Literal["docker", "podman"]
ANSWER_SECONDS = 10.0

# What the podman path needs on Debian: the engine, a runtime that works on both cgroup versions,
# and the tool that makes the base images.
DEBIAN_PACKAGES = ("podman", "runc", "mmdebstrap")


@dataclass(frozen=True)
class Engine:
    """A container engine that works. `environ` is what it and kind must find in theirs."""

    name: Name
    environ: Mapping[str, str] = field(default_factory=dict)

    def query(self, *words: str, timeout: float = 60.0) -> str:
        """What the engine prints for these words."""
        return query([self.name, *words], env=self.environ, timeout=timeout)

    def succeeds(self, *words: str, timeout: float = 60.0) -> bool:
        """Whether the engine does this well."""
        return succeeds([self.name, *words], env=self.environ, timeout=timeout)

    def run(self, *words: str, timeout: float | None = None) -> str:
        """Do long work."""
        return run([self.name, *words], env=self.environ, timeout=timeout)

    def has_image(self, name: str) -> bool:
        """Whether the image is in the engine's store."""
        return self.succeeds("image", "inspect", name)

    def version(self) -> str:
        """The engine's own version."""
        return self.query("--version").removeprefix(f"{self.name} version ").split(",")[0]


def find(machine: Machine, environ: Mapping[str, str]) -> Engine | None:
    """The engine that works here now, or None. PODLAB_ENGINE (docker or podman) forces one."""
    wanted = environ.get("PODLAB_ENGINE")
    if wanted not in (None, "", "docker", "podman"):
        raise Trouble(
            Text(f"PODLAB_ENGINE={wanted} 不认识。", f"PODLAB_ENGINE={wanted} is not known."),
            Text("写 docker 或 podman。", "Say docker or podman."),
        )
    if wanted != "podman" and _docker_answers():
        return Engine("docker")
    if wanted != "docker" and shutil.which("podman"):
        engine = Engine("podman", podman_environ(machine))
        if engine.succeeds("info", timeout=ANSWER_SECONDS * 3):
            return engine
    return None


def ensure(machine: Machine, environ: Mapping[str, str]) -> Engine:
    """The engine, installed from Debian's packages first if there is none and that is allowed."""
    found = find(machine, environ)
    if found or environ.get("PODLAB_ENGINE") == "docker" or not can_install(machine):
        return found or _no_engine()
    install(DEBIAN_PACKAGES)
    return find(machine, environ) or _no_engine()


def can_install(machine: Machine) -> bool:
    """Whether packages may be added to this machine: Debian or its kin, and root."""
    return machine.is_root and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> None:
    """Install Debian packages. One index of several that fails does not matter."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    succeeds(["apt-get", "update"], env=quiet, timeout=300.0)
    run(
        ["apt-get", "install", "-y", "--no-install-recommends", *packages],
        env=quiet,
        timeout=900.0,
    )


def install_command(packages: Sequence[str]) -> str:
    """The one command that a person types for it."""
    return "sudo apt-get update && sudo apt-get install -y " + " ".join(packages)


def podman_environ(machine: Machine, folder: Path | None = None) -> dict[str, str]:
    """What podman and kind need in their environment on this machine.

    podman's own configuration is replaced only where it would fail: crun does not work with
    cgroup v1, and without CAP_SYS_RESOURCE a container's limits cannot be above the user's own.
    """
    environ = {"KIND_EXPERIMENTAL_PROVIDER": "podman"}
    words = podman_configuration(machine)
    if words:
        file = (folder or cache_dir()) / "containers.conf"
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text() != words:
            file.write_text(words)
        environ["CONTAINERS_CONF"] = str(file)
    return environ


def podman_configuration(machine: Machine) -> str:
    """A containers.conf for this machine, or nothing where podman's own will do.

    Where there is one it also lifts podman's limit of 2048 processes for a container: the node is
    a container, and all Pods of a class or of the gates are in it.
    """
    containers, words = "", ""
    if not machine.can_raise_limits:
        limits = f'"nofile={machine.open_files}:{machine.open_files}"'
        if machine.processes > 0:
            # podman lowers its own limit to the highest process id before it starts a container.
            processes = min(machine.processes, machine.highest_pid)
            limits += f', "nproc={processes}:{processes}"'
        containers = f"default_ulimits = [{limits}]\n"
    if machine.cgroup_version == 1:
        words = '[engine]\nruntime = "runc"\n'
    if not containers and not words:
        return ""
    return f"[containers]\npids_limit = 0\n{containers}{words}"


def _docker_answers() -> bool:
    # A client without a daemon is common; only the server's version proves that it works.
    return shutil.which("docker") is not None and succeeds(
        ["docker", "version", "--format", "{{.Server.Version}}"], timeout=ANSWER_SECONDS
    )


def _no_engine() -> Engine:
    raise Trouble(
        Text(
            "这台机器上没有可用的容器引擎：docker 的守护进程没有响应，"
            "podman 也没有安装或不能运行。",
            "No container engine works on this machine: docker's daemon does not answer, and "
            "podman is missing or fails.",
        ),
        Text(
            f"启动 Docker Desktop，或者在 Debian/Ubuntu 上运行：{install_command(DEBIAN_PACKAGES)}",
            "Start Docker Desktop, or on Debian or Ubuntu run: " + install_command(DEBIAN_PACKAGES),
        ),
        code=NOT_CHECKED,
    )
