"""Reads the control group files of a container, version 1 or 2, into one form. Text in, data out.

The files are the kernel's own books: the limits it enforces, and what it counted while doing so.
https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

V1 = {
    "limit": "memory/memory.limit_in_bytes",
    "usage": "memory/memory.usage_in_bytes",
    "peak": "memory/memory.max_usage_in_bytes",
    "oom": "memory/memory.oom_control",
    "quota": "cpu/cpu.cfs_quota_us",
    "period": "cpu/cpu.cfs_period_us",
    "stat": "cpu/cpu.stat",
    "time": "cpuacct/cpuacct.usage",
}
V2 = {
    "limit": "memory.max",
    "usage": "memory.current",
    "peak": "memory.peak",
    "oom": "memory.events",
    "max": "cpu.max",
    "stat": "cpu.stat",
}
ROOT = "/sys/fs/cgroup"
COMMAND = ("head", "-n", "64", *(f"{ROOT}/{name}" for name in (*V1.values(), *V2.values())))
"""What to run in a container: one process, no shell. It complains about the other version's files,
so its exit code says nothing; `read` takes its standard output."""

NO_LIMIT_V1 = 1 << 62
"""Version 1 writes "no limit" as the largest number of pages it can count."""
MICRO, NANO = 1e-6, 1e-9


@dataclass(frozen=True)
class Cgroup:
    """One container's books at one moment.

    Bytes, CPUs and seconds; a limit of None: there is none. `memory` counts page cache and memory
    volumes as well. `memory_peak` is None on kernels that do not keep it. Counters only grow, and
    begin anew with a new container.
    """

    version: int
    memory_limit: int | None
    memory: int
    memory_peak: int | None
    oom_kills: int
    cpu_limit: float | None
    cpu_seconds: float
    periods: int
    throttled_periods: int
    throttled_seconds: float


def read(output: str) -> Cgroup:
    """The books in the output of COMMAND. Raises ValueError where they are not whole."""
    files = split(output)
    form = _version_2 if V2["limit"] in files else _version_1
    try:
        return form(files)
    except KeyError as missing:
        raise ValueError(f"no control group file {missing} in {sorted(files)}") from missing


def split(output: str) -> dict[str, str]:
    """The files in the output of `head`, by name below ROOT."""
    files: dict[str, str] = {}
    name = ""
    for line in output.splitlines():
        if line.startswith(f"==> {ROOT}/") and line.endswith(" <=="):
            name = line.removeprefix(f"==> {ROOT}/").removesuffix(" <==")
            files[name] = ""
        elif name and line:
            files[name] += f"{line}\n"
    return files


def _version_1(files: Mapping[str, str]) -> Cgroup:
    stat = _table(files[V1["stat"]])
    limit, quota = int(files[V1["limit"]]), int(files[V1["quota"]])
    return Cgroup(
        version=1,
        memory_limit=None if limit >= NO_LIMIT_V1 else limit,
        memory=int(files[V1["usage"]]),
        memory_peak=int(files[V1["peak"]]),
        oom_kills=_table(files[V1["oom"]]).get("oom_kill", 0),
        cpu_limit=None if quota < 0 else quota / int(files[V1["period"]]),
        cpu_seconds=int(files[V1["time"]]) * NANO,
        periods=stat["nr_periods"],
        throttled_periods=stat["nr_throttled"],
        throttled_seconds=stat["throttled_time"] * NANO,
    )


def _version_2(files: Mapping[str, str]) -> Cgroup:
    stat = _table(files[V2["stat"]])
    limit, peak = files[V2["limit"]].strip(), files.get(V2["peak"])
    quota, period = files[V2["max"]].split()
    return Cgroup(
        version=2,
        memory_limit=None if limit == "max" else int(limit),
        memory=int(files[V2["usage"]]),
        memory_peak=int(peak) if peak else None,
        oom_kills=_table(files[V2["oom"]])["oom_kill"],
        cpu_limit=None if quota == "max" else int(quota) / int(period),
        cpu_seconds=stat["usage_usec"] * MICRO,
        periods=stat["nr_periods"],
        throttled_periods=stat["nr_throttled"],
        throttled_seconds=stat["throttled_usec"] * MICRO,
    )


def _table(text: str) -> dict[str, int]:
    rows = (line.split() for line in text.splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) == 2}
