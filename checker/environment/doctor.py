"""Every requirement: what was found, and the one command that fixes it. Changes nothing."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from checker.environment import engine as engines
from checker.environment.engine import DEBIAN_PACKAGES, Engine, install_command
from checker.environment.gobuild import go_version
from checker.environment.images import known
from checker.environment.machine import GIB, Machine, free_bytes, look
from checker.environment.needs import BUILD_ROOM_GIB, MEMORY_GIB, ROOM_GIB
from checker.environment.node import node_name
from checker.environment.tools import kind_program
from checker.environment.versions import Versions, read_versions
from checker.paths import cache_dir, find_course
from checker.texts import Lang, Text
from checker.version import difference

Sign = Literal["good", "bad", "note"]


@dataclass(frozen=True)
class Finding:
    """One requirement. `mend` is a command or a short instruction; empty where nothing is wrong."""

    name: Text
    sign: Sign
    found: Text
    mend: Text | None = None

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """For `--json`."""
        return {
            "name": self.name.pick(lang),
            "sign": self.sign,
            "found": self.found.pick(lang),
            "mend": self.mend.pick(lang) if self.mend else None,
        }


@dataclass(frozen=True)
class Facts:
    """All that the findings are made of; tests make their own."""

    machine: Machine
    engine: Engine | None
    engine_version: str
    free_gib: float
    go: str | None
    mmdebstrap: bool
    kind: bool
    node_built: bool
    images_kept: bool
    chinese_fonts: bool
    course: Path | None
    writable: bool


def examine(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at this machine and say what it needs."""
    return findings(gather(environ), read_versions())


def gather(environ: Mapping[str, str]) -> Facts:
    """The facts of this machine."""
    machine = look()
    engine = engines.find(machine, environ)
    versions = read_versions()
    course = find_course(environ)
    return Facts(
        machine=machine,
        engine=engine,
        engine_version=engine.version() if engine else "",
        free_gib=free_bytes(cache_dir()) / GIB,
        go=go_version(),
        mmdebstrap=shutil.which("mmdebstrap") is not None,
        kind=shutil.which("kind") is not None or kind_program().is_built,
        node_built=engine is not None and engine.has_image(node_name(versions)),
        images_kept=known() is not None,
        chinese_fonts=machine.system != "Linux" or any(Path("/usr/share/fonts").rglob("*CJK*")),
        course=course,
        writable=course is not None and os.access(course, os.W_OK),
    )


def findings(facts: Facts, versions: Versions) -> list[Finding]:
    """One finding for each requirement, in the order in which they matter."""
    looks: tuple[Callable[[Facts, Versions], Finding], ...] = (
        _engine,
        _memory,
        _disk,
        _folder,
        _cgroups,
        _limits,
        _node,
        _go,
        _mmdebstrap,
        _kind,
        _fonts,
    )
    return [one(facts, versions) for one in looks]


def _engine(facts: Facts, versions: Versions) -> Finding:
    name = Text("容器引擎", "container engine")
    if facts.engine:
        return Finding(name, "good", Text.same(f"{facts.engine.name} {facts.engine_version}"))
    return Finding(
        name,
        "bad",
        Text("docker 没有响应，podman 不可用", "docker does not answer, no podman that works"),
        Text(
            f"启动 Docker，或运行：{install_command(DEBIAN_PACKAGES)}",
            f"Start Docker, or run: {install_command(DEBIAN_PACKAGES)}",
        ),
    )


def _memory(facts: Facts, versions: Versions) -> Finding:
    gib = facts.machine.memory_bytes / GIB
    return Finding(
        Text("内存", "memory"),
        "good" if gib >= MEMORY_GIB else "bad",
        Text(f"{gib:.1f} GiB（需要 {MEMORY_GIB:.0f}）", f"{gib:.1f} GiB (needs {MEMORY_GIB:.0f})"),
        Text("给机器或虚拟机更多内存", "Give the machine or the virtual machine more memory"),
    )


def _disk(facts: Facts, versions: Versions) -> Finding:
    needed = ROOM_GIB if facts.node_built else BUILD_ROOM_GIB
    return Finding(
        Text("空闲磁盘", "free disk"),
        "good" if facts.free_gib >= needed else "bad",
        Text(
            f"{facts.free_gib:.1f} GiB（最多需要 {needed:.0f}）",
            f"{facts.free_gib:.1f} GiB (needs {needed:.0f} at most)",
        ),
        Text(
            "腾出空间，或用 PODLAB_CACHE 指定另一块磁盘",
            "Free some, or name another disk with PODLAB_CACHE",
        ),
    )


def _folder(facts: Facts, versions: Versions) -> Finding:
    name = Text("课程文件夹", "course folder")
    if facts.course is None:
        return Finding(
            name,
            "bad",
            Text("这里和上层文件夹里都没有", "none here, nor in the folders above"),
            Text.same("podlab new my-course"),
        )
    if not facts.writable:
        mend = Text.same(f"sudo chown -R $USER {shlex.quote(str(facts.course))}")
        return Finding(name, "bad", Text("不可写", "cannot be written"), mend)
    if differs := difference(facts.course):
        return Finding(name, "note", Text("版本不同", "of another version"), differs)
    return Finding(name, "good", Text("可写", "can be written"))


def _cgroups(facts: Facts, versions: Versions) -> Finding:
    version = facts.machine.cgroup_version
    return Finding(
        Text.same("cgroup"),
        "note" if version == 1 else "good",
        Text.same(f"v{version}") if version else Text("由引擎的虚拟机决定", "the engine's own"),
        Text(
            "能用；Kubernetes 1.38 起需要 v2",
            "Works; from Kubernetes 1.38 on version 2 is needed",
        ),
    )


def _limits(facts: Facts, versions: Versions) -> Finding:
    if facts.machine.can_raise_limits:
        found = Text("可以提高", "can be raised")
    else:
        found = Text(
            f"不能提高，用现有的 {facts.machine.open_files} 个打开文件",
            f"cannot be raised; the {facts.machine.open_files} open files there are will do",
        )
    return Finding(Text("资源上限", "limits"), "good", found)


def _node(facts: Facts, versions: Versions) -> Finding:
    name = Text("节点镜像", "node image")
    if facts.node_built:
        return Finding(name, "good", Text("已经构建好", "built, and kept"))
    return Finding(
        name,
        "note",
        Text("还没有", "not there yet"),
        Text(
            "podlab up（拉取官方镜像；没有镜像仓库时从源码构建，约 10 分钟，只需一次）",
            "podlab up (pulls the official one; without a registry builds it, 10 minutes, once)",
        ),
    )


def _go(facts: Facts, versions: Versions) -> Finding:
    return Finding(
        Text("Go（只在构建时需要）", "Go (for building only)"),
        "good" if facts.go or facts.node_built else "note",
        Text.same(facts.go) if facts.go else Text("没有", "none"),
        Text(f"需要构建时：安装 Go {versions.go_minimum}", f"To build: Go {versions.go_minimum}"),
    )


def _mmdebstrap(facts: Facts, versions: Versions) -> Finding:
    return Finding(
        Text("mmdebstrap（只在构建时需要）", "mmdebstrap (for building only)"),
        "good" if facts.mmdebstrap or facts.images_kept else "note",
        Text("有", "there") if facts.mmdebstrap else Text("没有", "none"),
        Text.same(install_command(["mmdebstrap"])),
    )


def _kind(facts: Facts, versions: Versions) -> Finding:
    return Finding(
        Text.same("kind"),
        "good" if facts.kind or facts.go else "bad",
        Text.same(versions.kind) if facts.kind else Text("还没有", "not there yet"),
        Text.same(f"go install sigs.k8s.io/kind@{versions.kind}"),
    )


def _fonts(facts: Facts, versions: Versions) -> Finding:
    return Finding(
        Text("中文字体（图片用）", "Chinese font (for pictures)"),
        "good" if facts.chinese_fonts else "note",
        Text("有", "there") if facts.chinese_fonts else Text("没有", "none"),
        Text.same(install_command(["fonts-noto-cjk"])),
    )
