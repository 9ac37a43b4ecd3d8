"""kind and kubectl: found on the PATH if they fit, else put beside the course."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from checker.environment.engine import Engine
from checker.environment.gobuild import Program, ensure_program, go_version
from checker.environment.run import query
from checker.environment.versions import read_versions
from checker.paths import images_dir, state_dir
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble


def tools_path() -> Path:
    """The folder with the course's own `kind` and `kubectl`; first in the PATH of its shells."""
    return state_dir() / "bin"


def kind_program() -> Program:
    """kind as a Go program."""
    return Program("kind", images_dir() / "node" / "go" / "kind")


def ensure_kind() -> Path:
    """kind in exactly the pinned version. Raises Trouble where it is not to be had."""
    wanted = read_versions().kind
    found = shutil.which("kind")
    if found and _kind_version(found) == wanted:
        return _link("kind", Path(found))
    if not kind_program().is_built and go_version() is None:
        conda = f"conda install -c conda-forge kubernetes-kind={wanted.removeprefix('v')}"
        raise Trouble(
            Text(f"需要 kind {wanted}，没有找到。", f"kind {wanted} is needed and was not found."),
            Text(
                f"安装它：{conda}，或 brew install kind，或 go install sigs.k8s.io/kind@{wanted}",
                f"Install it: {conda}, or brew install kind, "
                f"or go install sigs.k8s.io/kind@{wanted}",
            ),
            code=NOT_CHECKED,
        )
    return _link("kind", ensure_program(kind_program()) / "kind")


def ensure_kubectl(engine: Engine, node_container: str, server_version: str) -> Path:
    """A kubectl that fits the cluster: one minor version apart at most, by Kubernetes' own rule.

    The node has one that fits; it is used where the machine's own is too old or missing.
    """
    own = tools_path() / "kubectl"
    if own.exists() and _minor(_kubectl_version(str(own))) == _minor(server_version):
        return own
    found = shutil.which("kubectl", path=_path_without_ours())
    if found and abs(_minor(_kubectl_version(found)) - _minor(server_version)) <= 1:
        return _link("kubectl", Path(found))
    tools_path().mkdir(parents=True, exist_ok=True)
    partial = own.with_name("kubectl.partial")
    engine.run("cp", f"{node_container}:/usr/bin/kubectl", str(partial))
    partial.replace(own)
    return own


def _link(name: str, program: Path) -> Path:
    link = tools_path() / name
    link.parent.mkdir(parents=True, exist_ok=True)
    if program.resolve() != link.resolve():
        link.unlink(missing_ok=True)
        link.symlink_to(program.resolve())
    return link


def _path_without_ours() -> str:
    ours = str(tools_path())
    return os.pathsep.join(p for p in os.environ.get("PATH", "").split(os.pathsep) if p != ours)


def _kind_version(program: str) -> str:
    found = re.search(r"v\d+\.\d+\.\d+", query([program, "version"]))
    return found.group(0) if found else ""


def _kubectl_version(program: str) -> str:
    found = re.search(r"v\d+\.\d+\.\d+", query([program, "version", "--client"]))
    return found.group(0) if found else "v0.0.0"


def _minor(version: str) -> int:
    return int(version.split(".")[1])
