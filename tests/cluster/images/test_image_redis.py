"""What lessons count on in the image redis, tried on containers of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.engine

Start = Callable[..., Any]
CALM = "3600 1 300 100 60 10000"  # Redis's own save points


@pytest.fixture
def redis(start: Start) -> Callable[..., Any]:
    """A Redis that answers."""

    def run(*argv: str, options: tuple[str, ...] = ()) -> Any:
        container = start("redis", *argv, options=options)
        container.wait_for("Ready to accept connections")
        return container

    return run


def setting(container: Any, name: str) -> str:
    name_and_value = container.says("redis-cli", "CONFIG", "GET", name).split("\n")
    return "\n".join(name_and_value[1:])


def test_redis_starts_with_its_own_defaults_and_lets_others_connect(redis: Start) -> None:
    container = redis()
    names = ("dir", "appendonly", "save", "protected-mode", "requirepass")
    assert [setting(container, name) for name in names] == ["/data", "no", CALM, "no", ""]


def test_options_alone_start_the_redis_server(redis: Start) -> None:
    assert setting(redis("--appendonly", "yes"), "appendonly") == "yes"


def test_redis_lets_others_connect_when_a_command_takes_the_entrypoints_place(
    redis: Start,
) -> None:
    container = redis("--appendonly", "yes", options=("--entrypoint", "redis-server"))
    assert setting(container, "protected-mode") == "no"
    assert setting(container, "appendonly") == "yes"


@pytest.mark.parametrize(("line", "mode"), [("maxclients 7", "no"), ("protected-mode yes", "yes")])
def test_a_configuration_file_is_used_and_may_ask_for_protected_mode(
    redis: Start, tmp_path: Path, line: str, mode: str
) -> None:
    file = tmp_path / "redis.conf"
    file.write_text(line + "\nmaxmemory-policy allkeys-lru\n", encoding="utf-8")
    container = redis("/etc/redis.conf", options=("-v", f"{file}:/etc/redis.conf:ro"))
    assert setting(container, "protected-mode") == mode
    assert setting(container, "maxmemory-policy") == "allkeys-lru"


def test_redis_becomes_its_own_user_and_keeps_its_files_to_itself(redis: Start) -> None:
    container = redis()
    assert container.status("Uid").split()[0] == "999"
    assert container.status("Gid").split()[0] == "999"
    assert container.status("Umask") == "0077"


def test_redis_stays_root_where_it_may_not_change_its_user(redis: Start) -> None:
    container = redis(options=("--cap-drop", "ALL"))
    assert container.status("Uid").split()[0] == "0"


def test_redis_runs_as_its_user_from_the_start_where_it_is_told_to(redis: Start) -> None:
    container = redis(options=("--cap-drop", "ALL", "--user", "999:999"))
    assert container.status("Uid").split()[0] == "999"


def test_redis_takes_over_a_volume_that_belongs_to_root(redis: Start) -> None:
    container = redis(options=("--tmpfs", "/data:mode=0755"))
    assert container.says("redis-cli", "SET", "key", "value") == "OK"
    assert container.says("redis-cli", "SAVE") == "OK"
    assert container.says("stat", "-c", "%U", "/data/dump.rdb") == "redis"


def test_redis_leaves_a_volume_with_other_files_alone(redis: Start, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    tmp_path.chmod(0o755)
    container = redis(options=("-v", f"{tmp_path}:/data"))
    assert container.says("stat", "-c", "%u", "/data", "/data/holiday.jpg") == "0\n0"
