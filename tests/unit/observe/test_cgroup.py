"""The files are as containers of this course showed them: v1 in kind, v2 on a recent kernel."""

from __future__ import annotations

import pytest

from checker.observe.cgroup import COMMAND, ROOT, V1, V2, Cgroup, read

V1_FILES = {
    "limit": "67108864",
    "usage": "1990656",
    "peak": "20971520",
    "oom": "oom_kill_disable 0\nunder_oom 0\noom_kill 3",
    "quota": "10000",
    "period": "100000",
    "stat": (
        "nr_periods 150\nnr_throttled 147\nthrottled_time 1380867049\nnr_bursts 0\nburst_time 0"
    ),
    "time": "1501026156",
}
V2_FILES = {
    "limit": "67108864",
    "usage": "1466368",
    "peak": "20971520",
    "oom": "low 0\nhigh 0\nmax 35\noom 1\noom_kill 3\noom_group_kill 0",
    "max": "10000 100000",
    "stat": (
        "usage_usec 1501026\nuser_usec 1106040\nsystem_usec 394986\nnice_usec 0\n"
        "core_sched.force_idle_usec 0\nnr_periods 150\nnr_throttled 147\n"
        "throttled_usec 1380867\nnr_bursts 0\nburst_usec 0"
    ),
}


def headed(names: dict[str, str], files: dict[str, str]) -> str:
    """As `head` prints several files: a line with each name, an empty line between two."""
    return "\n".join(f"==> {ROOT}/{names[key]} <==\n{text}\n" for key, text in files.items())


def test_the_files_of_version_1_are_read() -> None:
    assert read(headed(V1, V1_FILES)) == Cgroup(
        version=1,
        memory_limit=67108864,
        memory=1990656,
        memory_peak=20971520,
        oom_kills=3,
        cpu_limit=0.1,
        cpu_seconds=pytest.approx(1.501026156),
        periods=150,
        throttled_periods=147,
        throttled_seconds=pytest.approx(1.380867049),
    )


def test_the_files_of_version_2_are_read() -> None:
    assert read(headed(V2, V2_FILES)) == Cgroup(
        version=2,
        memory_limit=67108864,
        memory=1466368,
        memory_peak=20971520,
        oom_kills=3,
        cpu_limit=0.1,
        cpu_seconds=pytest.approx(1.501026),
        periods=150,
        throttled_periods=147,
        throttled_seconds=pytest.approx(1.380867),
    )


def test_without_limits_both_versions_say_none() -> None:
    v1 = V1_FILES | {"limit": "9223372036854771712", "quota": "-1"}
    v2 = V2_FILES | {"limit": "max", "max": "max 100000"}
    for found in (read(headed(V1, v1)), read(headed(V2, v2))):
        assert (found.memory_limit, found.cpu_limit) == (None, None)


def test_a_kernel_that_keeps_no_peak_is_read_all_the_same() -> None:
    files = {key: text for key, text in V2_FILES.items() if key != "peak"}
    assert read(headed(V2, files)).memory_peak is None


def test_half_a_cpu_is_half_a_cpu_whatever_the_period() -> None:
    assert read(headed(V2, V2_FILES | {"max": "25000 50000"})).cpu_limit == 0.5


def test_what_is_not_whole_is_an_error_and_names_the_file() -> None:
    files = {key: text for key, text in V1_FILES.items() if key != "stat"}
    with pytest.raises(ValueError, match=r"cpu/cpu\.stat"):
        read(headed(V1, files))
    with pytest.raises(ValueError, match="control group file"):
        read("head: /sys/fs/cgroup/memory.max: No such file or directory")


def test_one_command_asks_for_the_files_of_both_versions() -> None:
    assert COMMAND[0] == "head"
    assert {f"{ROOT}/{name}" for name in (*V1.values(), *V2.values())} <= set(COMMAND)
