"""The node image of the kind cluster: pulled by digest, else built from `images/node`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from checker.environment import archive
from checker.environment.base import ensure_base
from checker.environment.cache import key_of, locked
from checker.environment.engine import Engine
from checker.environment.gobuild import Program, ensure_program
from checker.environment.images import build_image, fix_modes
from checker.environment.machine import Machine
from checker.environment.needs import require_build_room
from checker.environment.progress import Progress
from checker.environment.registry import Registries
from checker.environment.run import query
from checker.environment.versions import Versions, read_versions
from checker.paths import cache_dir, images_dir
from checker.texts import Text

BUILD_MINUTES = 10  # on two cores, nothing in the cache


@dataclass(frozen=True)
class NodeImage:
    """An image in the engine's store that kind can start."""

    name: str
    origin: Literal["pulled", "built"]


def ensure_node(
    engine: Engine, registries: Registries, machine: Machine, progress: Progress
) -> NodeImage:
    """The node image, pulled or built first if need be."""
    versions = read_versions()
    built = node_name(versions)
    if engine.has_image(built):
        return NodeImage(built, "built")
    if engine.has_image(versions.official_node) or registries.pull(versions.official_node):
        return NodeImage(versions.official_node, "pulled")
    with locked("node"):
        if not engine.has_image(built):
            _build(engine, registries, machine, progress, versions)
    return NodeImage(built, "built")


def node_name(versions: Versions) -> str:
    """The name of the node image that is built here; its tag changes with what goes into it."""
    recipe = images_dir() / "node"
    return f"localhost/podlab/node:{versions.kubernetes}-{key_of(recipe, versions.node_debian)}"


def programs(versions: Versions) -> list[Program]:
    """What Go builds for the node, the longest first."""
    modules = images_dir() / "node" / "go"
    # kubeadm refuses programs that do not know their version.
    stamp = versions.kubernetes
    major, minor = stamp.removeprefix("v").split(".")[:2]
    stamps = tuple(
        f"{package}.{name}={value}"
        for package in ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
        for name, value in (
            ("gitVersion", stamp),
            ("gitMajor", major),
            ("gitMinor", minor),
            ("gitTreeState", "clean"),
        )
    )
    return [
        Program(
            "kubernetes",
            modules / "kubernetes",
            tags=("selinux", "notest", "grpcnotrace"),
            stamps=stamps,
        ),
        Program("coredns", modules / "coredns", packages=(".",), tags=("grpcnotrace",)),
        Program("local-path-provisioner", modules / "local-path-provisioner"),
        Program("etcd", modules / "etcd", output="etcd"),
        Program("pause", modules / "pause", packages=(".",)),
    ]


def is_built(versions: Versions) -> bool:
    """Whether all that takes long is in the cache."""
    return all(program.is_built for program in programs(versions))


def _build(
    engine: Engine, registries: Registries, machine: Machine, progress: Progress, versions: Versions
) -> None:
    if not is_built(versions):
        require_build_room()
        progress.note(
            Text(
                f"没有镜像仓库可用，所以在本机从源码构建节点镜像：两个核心"
                f"大约 {BUILD_MINUTES} 分钟，只需要一次，以后都用缓存。",
                "No image registry answers, so the node image is built here from source: about "
                f"{BUILD_MINUTES} minutes on two cores, once; after that it is cached.",
            )
        )
    folders = []
    for program in programs(versions):
        title = Text(f"从源码构建 {program.name}", f"Building {program.name} from source")
        with progress.step(title) as step:
            folders.append(ensure_program(program, step.at))
    with progress.step(Text("Debian 基础系统", "The Debian base system")):
        base = ensure_base(engine, registries, machine, versions.node_debian)
    with (
        progress.step(Text("组装节点镜像", "Putting the node image together")) as step,
        tempfile.TemporaryDirectory(dir=cache_dir(), prefix="node.") as folder,
    ):
        _assemble(engine, Path(folder), folders, base, versions, step.at)


def _assemble(
    engine: Engine,
    context: Path,
    folders: Iterable[Path],
    base: str,
    versions: Versions,
    at: Callable[[float], None],
) -> None:
    recipe = images_dir() / "node"
    shutil.copytree(recipe, context, dirs_exist_ok=True, ignore=shutil.ignore_patterns("go"))
    fix_modes(context)
    for folder in folders:
        shutil.copytree(folder, context / "bin", dirs_exist_ok=True)
    (context / "images").mkdir()
    official = official_names(context / "bin" / "kubeadm", versions)
    stored = {}
    for number, (stage, name) in enumerate(official.items(), 1):
        stored[name] = f"localhost/podlab/{stage}:{node_name(versions).rpartition(':')[2]}"
        build_image(engine, context, stored[name], {"BASE": base}, stage)
        at(0.5 * number / len(official))
    archive.save(engine, stored, context / "images" / "node.tar")
    args = {
        "BASE": base,
        "KUBERNETES": versions.kubernetes,
        "PAUSE": official["pause"],
        "PROVISIONER": official["local-path-provisioner"],
    }
    build_image(engine, context, node_name(versions), args, "node")
    engine.run("rmi", *stored.values())


def official_names(kubeadm: Path, versions: Versions) -> dict[str, str]:
    """The images that kubeadm asks for, each by its stage in the Containerfile."""
    asked = query(
        [str(kubeadm), "config", "images", "list", "--kubernetes-version", versions.kubernetes]
    )
    names = {name.rpartition(":")[0].rpartition("/")[2]: name for name in asked.split()}
    names["local-path-provisioner"] = (
        f"docker.io/kindest/local-path-provisioner:{versions.local_path_provisioner}"
    )
    return names
