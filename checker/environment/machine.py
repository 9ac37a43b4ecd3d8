"""Facts about this machine, each looked up and none assumed."""

from __future__ import annotations

import os
import platform
import resource
import shutil
from dataclasses import dataclass
from pathlib import Path

CAP_SYS_RESOURCE = 24  # its bit in /proc/self/status, see capabilities(7)
GIB = 1024**3


@dataclass(frozen=True)
class Machine:
    """What the choices of `podlab up` rest on."""

    system: str
    architecture: str
    cores: int
    memory_bytes: int
    cgroup_version: int | None
    can_raise_limits: bool
    is_root: bool
    open_files: int
    processes: int
    highest_pid: int


def look(proc: Path = Path("/proc"), cgroup: Path = Path("/sys/fs/cgroup")) -> Machine:
    """This machine as it is now."""
    return Machine(
        system=platform.system(),
        architecture={"x86_64": "amd64", "aarch64": "arm64"}.get(
            platform.machine(), platform.machine()
        ),
        cores=os.cpu_count() or 1,
        memory_bytes=_memory(),
        cgroup_version=_cgroup_version(cgroup),
        can_raise_limits=_has_capability(proc, CAP_SYS_RESOURCE),
        is_root=os.geteuid() == 0,
        open_files=_hard_limit(resource.RLIMIT_NOFILE),
        processes=_hard_limit(resource.RLIMIT_NPROC),
        highest_pid=_highest_pid(proc),
    )


def free_bytes(folder: Path) -> int:
    """Free disk space where `folder` is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _cgroup_version(folder: Path) -> int | None:
    """The version the controllers are in; a hybrid machine counts as 1."""
    if (folder / "cgroup.controllers").exists():
        return 2
    return 1 if (folder / "memory").is_dir() else None


def _has_capability(proc: Path, bit: int) -> bool:
    try:
        lines = (proc / "self/status").read_text().splitlines()
    except OSError:
        return True  # no /proc: the engine runs in a machine of its own, which has its own limits
    effective = next(line.split()[1] for line in lines if line.startswith("CapEff"))
    return bool(int(effective, 16) >> bit & 1)


def _highest_pid(proc: Path) -> int:
    try:
        return int((proc / "sys/kernel/pid_max").read_text())
    except OSError:
        return 32768  # the kernel's default, see proc(5)


def _hard_limit(which: int) -> int:
    return resource.getrlimit(which)[1]
