"""Lab 01 writes a key that only an append-only file can bring over an abrupt end of Redis."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from fakecluster import FakeClock

from checker.catalogue import load_lab
from checker.observe import Bench, Reached, TcpAnswer

LESSON = "01-storage"
load_lab(LESSON)
redis = sys.modules["checker_labs.01_storage.redis"]
WINDOW = 60.0


class Store:
    """Redis with `--save 60 1`: it looks every 0.1 s, and a snapshot takes `lasts` seconds."""

    def __init__(self, clock: FakeClock, lasts: float, aof: bool) -> None:
        self.clock, self.lasts, self.aof = clock, lasts, aof
        self.value = ""
        self.keys: list[str] = []
        self.saved: list[str] = []
        self.saving: list[str] | None = None
        self.last = clock.now()
        self.cron()

    def cron(self) -> None:
        now = self.clock.now()
        if self.saving is None and self.keys != self.saved and now - self.last > WINDOW:
            self.saving = [*self.keys]
            self.clock.at(now + self.lasts, self.save)
        self.clock.at(now + 0.1, self.cron)

    def save(self) -> None:
        assert self.saving is not None
        self.saved, self.saving, self.last = self.saving, None, self.clock.now()

    def kept(self) -> list[str]:
        """What the next process finds on the disk."""
        return self.keys if self.aof else self.saved

    def answer(self, words: list[str]) -> str:
        if words[0] == "SET":
            self.keys.append(words[1])
            self.value = words[2]
            return "+OK\r\n"
        if words[0] == "GET":
            return f"${len(self.value)}\r\n{self.value}\r\n"
        assert words == ["INFO", "persistence"]
        lines = [
            f"rdb_changes_since_last_save:{len(self.keys) - len(self.saved)}",
            f"rdb_bgsave_in_progress:{int(self.saving is not None)}",
            f"aof_enabled:{int(self.aof)}",
        ]
        return "\r\n".join(["$100", "# Persistence", *lines, ""])


Connect = Callable[..., Store]


@pytest.fixture
def connect(bench: Bench, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """A Store that answers what goes through the Service; the way there takes a moment."""

    def connected(lasts: float = 0.02, aof: bool = False) -> Store:
        store = Store(clock, lasts, aof)

        def tcp(to: str, port: int, payload: str, *, safe: bool) -> TcpAnswer:
            clock.pause(0.03)
            words = payload.split("\r\n")[0].split()
            return TcpAnswer(Reached.open, store.answer(words).encode(), f"{to}:{port}")

        monkeypatch.setattr(bench, "tcp", tcp)
        return store

    return connected


@pytest.mark.parametrize("lasts", [0.02, 3.0])
@pytest.mark.parametrize("age", [1.0, WINDOW + 1, 3 * WINDOW])
def test_key_is_in_no_snapshot_however_old_redis_is(
    bench: Bench, clock: FakeClock, connect: Connect, age: float, lasts: float
) -> None:
    store = connect(lasts=lasts)
    clock.pause(age)
    key, _ = redis.Redis(bench, "redis").write_after_snapshot()
    clock.pause(5)  # a snapshot under way may come to its end before Redis does
    assert key in store.keys
    assert key not in store.kept()


def test_with_an_append_only_file_the_first_key_is_the_one(
    bench: Bench, clock: FakeClock, connect: Connect
) -> None:
    store = connect(aof=True)
    clock.pause(WINDOW + 1)
    key, _ = redis.Redis(bench, "redis").write_after_snapshot()
    assert store.kept() == [key]


@pytest.mark.parametrize(
    ("comm", "meant"),
    [
        ({"redis": "redis-server", "watch": "sh"}, ["redis"]),
        ({"redis": "redis-server", "twin": "redis-server"}, ["redis", "twin"]),
        ({"redis": "", "watch": "sh"}, ["redis", "watch"]),
    ],
)
def test_redis_is_looked_for_in_the_container_that_has_its_process(
    monkeypatch: pytest.MonkeyPatch, comm: dict[str, str], meant: list[str]
) -> None:
    def run(pod: object, argv: list[str], container: str) -> SimpleNamespace:
        assert argv == ["cat", "/proc/7/comm"]
        return SimpleNamespace(ok=bool(comm[container]), stdout=f"{comm[container]}\n")

    asked = redis.Redis(SimpleNamespace(exec=run), "redis")
    told = ["$9", "# Server", "process_id:7", "executable:/usr/local/bin/redis-server", ""]
    monkeypatch.setattr(redis.Redis, "ask", lambda *_: told)
    containers = [SimpleNamespace(name=name, state="running") for name in comm]
    assert asked.containers_in(SimpleNamespace(containers=containers)) == meant
