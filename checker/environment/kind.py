"""One kind cluster: made, found again, started after a reboot, removed. Never another's."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from checker.environment.engine import Engine
from checker.environment.node import NodeImage
from checker.environment.run import query, run
from checker.environment.wait import wait_until
from checker.paths import course_root, state_dir
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

MARK = "/kind/podlab.json"
CREATE_SECONDS = 600.0
API_SECONDS = 120.0
LOAD_SECONDS = 600.0
# Beyond the node some networks answer for any address, and then a Service without a ready Pod would
# seem to. kube-proxy refuses such requests itself, but not while it is changing its rules.
FENCE = 'rule="FORWARD -d $0 -j REJECT"; iptables -w -C $rule 2> /dev/null || iptables -w -A $rule'
CREATE_LINES = 7  # steps that `kind create cluster` prints


class State(StrEnum):
    """What there is under the cluster's name."""

    ABSENT = "absent"
    HALF_MADE = "half-made"
    STOPPED = "stopped"
    PAUSED = "paused"
    RUNNING = "running"


@dataclass(frozen=True)
class Mark:
    """What a finished `up` leaves on the node, so that the next one knows what it finds."""

    node: str
    origin: str
    images: str


class KindCluster:
    """The cluster `name` on `engine`; `kind` is the program, or None where it is not needed."""

    def __init__(self, name: str, engine: Engine, kind: Path | None = None) -> None:
        self.name = name
        self.engine = engine
        self.kind = kind
        self.container = f"{name}-control-plane"
        self.folder = state_dir() / name
        self.kubeconfig = self.folder / "kubeconfig"
        self._making = self.folder / "making"

    def state(self) -> State:
        """What is there now."""
        names = self.engine.query("ps", "-a", "--format", "{{.Names}}").split()
        if self.container not in names:
            return State.ABSENT
        status = self._inspect("{{.State.Status}}")
        if status == "paused":
            return State.PAUSED
        if self._making.exists():
            return State.HALF_MADE
        return State.RUNNING if status == "running" else State.STOPPED

    def mark(self) -> Mark | None:
        """What the last finished `up` left; None on a cluster that podlab did not finish."""
        try:
            return Mark(**json.loads(self.engine.query("exec", self.container, "cat", MARK)))
        except (Trouble, ValueError, TypeError):
            return None

    def runs_commands(self) -> bool:
        """Whether the node really runs; an engine can believe so of one that was killed."""
        return self.engine.succeeds("exec", self.container, "true")

    def finish(self, mark: Mark) -> None:
        """Leave the mark; from now on the cluster counts as made."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(asdict(mark), file)
            file.flush()
            self.engine.run("cp", file.name, f"{self.container}:{MARK}")
        self._making.unlink(missing_ok=True)

    def create(self, node: NodeImage, at: Callable[[float], None] = lambda _: None) -> None:
        """Make the cluster. What a killed run left under this name is removed first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._making.touch()
        steps = 0

        def count(line: str) -> None:
            nonlocal steps
            steps += "✓" in line or "•" in line
            at(min(1.0, steps / CREATE_LINES))

        config = self.folder / "kind.yaml"
        config.write_text(configuration(node))
        self._kind(
            "create", "cluster", "--image", node.name, "--config", str(config), on_line=count
        )

    def load(self, archive: Path) -> None:
        """Put the images of an archive into the node."""
        self._kind("load", "image-archive", str(archive), timeout=LOAD_SECONDS)

    def export_kubeconfig(self) -> None:
        """Write this course's kubeconfig of a cluster that is there already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._kind("export", "kubeconfig")
        self.kubeconfig.chmod(0o600)

    def start(self) -> None:
        """Start a stopped or paused node and wait for its API."""
        verb = "unpause" if self.state() is State.PAUSED else "start"
        self.engine.run(verb, self.container)

    def delete(self) -> None:
        """Remove the cluster and this course's kubeconfigs of it; no error if there is none."""
        self._kind("delete", "cluster")
        self.forget()

    def forget(self) -> None:
        """Remove this course's kubeconfigs of the cluster."""
        for file in sorted(self.folder.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        if self.folder.is_dir():
            self.folder.rmdir()

    def kubectl(self, *words: str, timeout: float = 60.0) -> str:
        """What kubectl, on this cluster and no other, prints for these words."""
        program = state_dir() / "bin" / "kubectl"
        return query([str(program), "--kubeconfig", str(self.kubeconfig), *words], timeout=timeout)

    def answers(self) -> bool:
        """Whether the API server says that it is ready."""
        try:
            self.kubectl("get", "--raw", "/readyz", "--request-timeout", "5s", timeout=15.0)
        except Trouble:
            return False
        return True

    def wait_for_api(self) -> None:
        """Return when the API server is ready; Trouble after API_SECONDS."""
        if not wait_until(self.answers, API_SECONDS):
            raise Trouble(
                Text(
                    f"集群 {self.name} 的 API 在 {API_SECONDS:.0f} 秒内没有就绪。",
                    f"The API of cluster {self.name} was not ready within {API_SECONDS:.0f} s.",
                ),
                Text(
                    "重新建一个：podlab down，然后 podlab up。你在 work/ 里的文件会保留。",
                    "Make a new one: podlab down, then podlab up. Your files in work/ stay.",
                ),
                code=NOT_CHECKED,
            )

    def wait_for_basics(self) -> None:
        """Return when Pods can be made, find each other by name, and claim storage."""
        for words in (
            ("serviceaccount/default", "-n", "default", "--for=create"),
            ("deployment/coredns", "-n", "kube-system", "--for=condition=Available"),
            ("storageclass/standard", "--for=create"),
        ):
            self.kubectl("wait", *words, f"--timeout={API_SECONDS:.0f}s", timeout=API_SECONDS + 15)

    def furnish(self) -> None:
        """Put in what every lesson needs: the course's namespace and its probe Pod, running."""
        manifest = course_root() / "manifests" / "cluster" / "probe.yaml"
        # A Pod cannot be changed in place; by force kubectl makes it anew where it must, and gives
        # the old one no time to go unless it is told how much.
        self.kubectl("apply", "--force", "--timeout=30s", "-f", str(manifest))
        ready = ("pod/probe", "-n", "podlab-system", "--for=condition=Ready")
        self.kubectl("wait", *ready, f"--timeout={API_SECONDS:.0f}s", timeout=API_SECONDS + 15)

    def fence(self) -> None:
        """Let no request to a Service's address leave the cluster; gone when the node restarts."""
        subnet = _settings()["networking"]["serviceSubnet"]
        self.engine.run("exec", self.container, "sh", "-c", FENCE, subnet)

    def server_version(self) -> str:
        """The version of Kubernetes that runs on the node."""
        return self.engine.query("exec", self.container, "cat", "/kind/version")

    def _inspect(self, template: str) -> str:
        return self.engine.query("inspect", "--format", template, self.container)

    def _kind(
        self,
        *words: str,
        timeout: float = CREATE_SECONDS,
        on_line: Callable[[str], None] | None = None,
    ) -> str:
        if self.kind is None:
            raise ValueError("this cluster was opened without the program kind")
        own = ["--name", self.name]
        if "load" not in words:
            own += ["--kubeconfig", str(self.kubeconfig)]
        return run(
            [str(self.kind), *words, *own],
            env=self.engine.environ,
            timeout=timeout,
            on_line=on_line,
        )


def configuration(node: NodeImage) -> str:
    """kind's configuration for this node image, from the files in `manifests/cluster/`."""
    config = _settings()
    if node.origin == "built":
        config["kubeadmConfigPatches"] += _settings("built-node.yaml")["kubeadmConfigPatches"]
    return yaml.safe_dump(config, sort_keys=False)


def _settings(name: str = "kind.yaml") -> dict[str, Any]:
    file = course_root() / "manifests" / "cluster" / name
    found: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return found
