"""Disk and memory: looked at before long work, not after it has failed."""

from __future__ import annotations

from checker.environment.machine import GIB, Machine, free_bytes
from checker.paths import cache_dir
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

MEMORY_GIB = 3.0  # the node with the course's Pods needs 1.5 GiB, JupyterLab the rest
ROOM_GIB = 4.0  # images in the engine and in the node
BUILD_ROOM_GIB = 14.0  # compiler caches of 7 GiB on top, removed after the build


def require_room(machine: Machine) -> None:
    """Raise Trouble where a cluster would not fit on this machine."""
    memory = machine.memory_bytes / GIB
    if memory < MEMORY_GIB:
        raise Trouble(
            Text(
                f"集群至少需要 {MEMORY_GIB:.0f} GiB 内存，这台机器只有 {memory:.1f} GiB。",
                f"The cluster needs {MEMORY_GIB:.0f} GiB of memory; this machine has "
                f"{memory:.1f} GiB.",
            ),
            Text(
                "换一台内存大些的机器，或者给虚拟机多分一些内存。",
                "Use a machine with more memory, or give the virtual machine more.",
            ),
            code=NOT_CHECKED,
        )
    _require_disk(ROOM_GIB)


def require_build_room() -> None:
    """Raise Trouble where a build from source would fill the disk."""
    _require_disk(BUILD_ROOM_GIB)


def _require_disk(needed: float) -> None:
    free = free_bytes(cache_dir()) / GIB
    if free >= needed:
        return
    raise Trouble(
        Text(
            f"{cache_dir()} 所在的磁盘需要 {needed:.0f} GiB 空闲，现在只有 {free:.1f} GiB。",
            f"The disk of {cache_dir()} needs {needed:.0f} GiB free; it has {free:.1f} GiB.",
        ),
        Text(
            "腾出空间，或者用 PODLAB_CACHE 指定另一块磁盘上的文件夹。",
            "Free some space, or name a folder on another disk with PODLAB_CACHE.",
        ),
        code=NOT_CHECKED,
    )
