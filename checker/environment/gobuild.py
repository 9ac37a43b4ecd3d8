"""Builds programs from Go modules whose checksums stand in the course's own `go.sum` files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checker.environment.cache import kept, key_of, make_once
from checker.environment.run import query, run
from checker.environment.versions import read_versions
from checker.paths import cache_dir
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

# The compiler's own caches, kept apart from the user's so that they can be removed after a build.
CACHES = ("go-build", "go-mod")


@dataclass(frozen=True)
class Program:
    """What to build: the folder of a `go.mod`, the packages in it, and the linker's stamps."""

    name: str
    module: Path
    packages: tuple[str, ...] = ("tool",)
    tags: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    output: str = ""  # the program's name, where its package's is another

    @property
    def key(self) -> str:
        """Changes whenever what is built would."""
        return key_of(self.module, *self.packages, *self.tags, *self.stamps, self.output)

    @property
    def is_built(self) -> bool:
        """Whether the cache has it."""
        return kept("go", self.name, self.key).is_dir()


def ensure_program(program: Program, at: Callable[[float], None] = lambda _: None) -> Path:
    """The folder with the built programs; `at` hears how far the build is, from 0 to 1."""
    if not program.is_built:
        require_go()
    return make_once("go", program.name, program.key, lambda out: _build(program, out, at))


def forget_caches() -> None:
    """Remove the compiler's caches: several GB that are of no use once all is built."""
    for name in CACHES:
        shutil.rmtree(cache_dir() / name, ignore_errors=True)


def require_go() -> None:
    """Raise Trouble unless a Go toolchain that is new enough is there."""
    minimum = read_versions().go_minimum
    found = go_version()
    if found is None or _numbers(found) < _numbers(minimum):
        raise Trouble(
            Text(
                f"这里要从源码构建，需要 Go {minimum} 或更新版本；找到的是：{found or '没有'}。",
                f"Building from source needs Go {minimum} or newer; found: {found or 'none'}.",
            ),
            Text(
                "从 https://go.dev/dl/ 安装 Go，然后再运行同一条命令。",
                "Install Go from https://go.dev/dl/ and run the same command again.",
            ),
            code=NOT_CHECKED,
        )


def go_version() -> str | None:
    """The version of the Go toolchain, or None without one."""
    if shutil.which("go") is None:
        return None
    found = re.search(r"go(\d+(?:\.\d+)+)", query(["go", "version"]))
    return found.group(1) if found else None


def _build(program: Program, out: Path, at: Callable[[float], None]) -> None:
    env = {
        "CGO_ENABLED": "0",
        "GOFLAGS": "-buildvcs=false -modcacherw -mod=readonly",
        "GOCACHE": str(cache_dir() / CACHES[0]),
        "GOMODCACHE": str(cache_dir() / CACHES[1]),
    }
    flags = ["-tags", ",".join(program.tags)] if program.tags else []
    listed = run(
        ["go", "list", "-deps", *flags, *program.packages], env=env, cwd=program.module
    ).splitlines()
    compiled = 0

    def count(line: str) -> None:
        nonlocal compiled
        compiled += not line.startswith("go: ")
        at(min(1.0, compiled / max(1, len(listed))))

    ldflags = " ".join(["-s", "-w", *(f"-X {stamp}" for stamp in program.stamps)])
    run(
        [
            "go",
            "build",
            "-v",
            "-trimpath",
            *flags,
            "-ldflags",
            ldflags,
            "-o",
            f"{out}/{program.output}",
        ]
        + list(program.packages),
        env=env,
        cwd=program.module,
        on_line=count,
    )


def _numbers(version: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", version)[:2]]
