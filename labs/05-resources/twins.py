"""The two twins of task 2: one is killed for its memory, the other does its batches and lives."""

from __future__ import annotations

from checker.observe import Bench, Pod
from checker.texts import Text

from .amounts import MIB, memory_limit, number, size, whole
from .books import books, show_files
from .lives import SETTLES, as_before

BATCH = 40 * MIB
"""One batch of the given program; with its own needs it uses some 42 MiB."""
SLOW_BATCH = 20.0
"""Seconds in which even a busy machine gets through one; it takes 1 s of its own."""
LEAKED = 150 * MIB
"""The leaky program ends its growth at 4 batches; who has come so far is not killed any more."""
ROUNDS = 6.0
"""Seconds that hold some batches of the honest program."""

SAME = Text("两个容器的内存上限相同", "both containers have the same memory limit")
KILLED = Text("漏的容器被杀：OOMKilled，137", "the leaky container is killed: OOMKilled, 137")
LIVES = Text("老实的容器做完一批，不重启", "the honest container does a batch, without a restart")


def same_limit(bench: Bench, **pods: Pod) -> str:
    """The memory limit that both containers have, in words."""
    words = {}
    for name, pod in pods.items():
        container = pod.container()
        written = memory_limit(pod, container)
        if not written:
            bench.failed(
                "no-memory-limit",
                expected=SAME,
                found="-",
                command=f"kubectl describe pod {pod.name}",
                container=container.name,
                pod=pod.name,
            )
        words[name] = size(number(written))
    if len(set(words.values())) > 1:
        bench.failed(
            "limits-differ",
            expected=SAME,
            found=", ".join(f"{name} {word}" for name, word in words.items()),
            command=f"kubectl describe pod {' '.join(pod.name for pod in pods.values())}",
            **words,
        )
    return next(iter(words.values()))


def killed(bench: Bench, leaky: Pod) -> str:
    """How the leaky container ended, when it was killed for its memory; empty while it grows.

    An end of an earlier life of this Pod counts: elsewhere the next may be minutes away.
    """
    pod = bench.pod(leaky.name)
    container = pod.container()
    ended = container.ended or container.last
    if ended and ended.reason == "OOMKilled" and ended.code == 137:
        return f"{ended.reason}, {ended.code}"
    if ended:
        bench.failed(
            "not-by-memory",
            expected=KILLED,
            found=f"{ended.reason}, {ended.code}",
            command=f"kubectl describe pod {pod.name}",
            settles=SETTLES,
            reason=ended.reason,
            code=ended.code,
        )
    if container.state == "running":
        _must_still_grow(bench, pod)
    return ""


def _must_still_grow(bench: Bench, pod: Pod) -> None:
    now = books(bench, pod)
    if now.memory >= LEAKED:
        bench.failed(
            "leak-lives",
            expected=KILLED,
            found=size(now.memory),
            command=show_files(pod),
            settles=SETTLES / 2,
            used=whole(now.memory),
            limit=size(now.memory_limit),
        )


def does_batches(bench: Bench, honest: Pod, limit: str) -> None:
    """Prove that the honest container takes its whole batch, and lives on."""
    before = bench.before(honest)
    used = 0

    def alive() -> Pod:
        now = bench.pod(honest.name)
        ended = now.container().ended or now.container().last
        if ended:
            bench.failed(
                "honest-killed",
                expected=LIVES,
                found=f"{ended.reason}, {ended.code}",
                command=f"kubectl describe pod {now.name}",
                settles=0,
                reason=ended.reason,
                code=ended.code,
                limit=limit,
            )
        return as_before(bench, before)

    def has_taken_a_batch(pod: Pod) -> bool:
        nonlocal used
        now = books(bench, pod)
        used = max(used, now.memory, now.memory_peak or 0)
        if used < BATCH:
            bench.failed(
                "honest-idle",
                expected=LIVES,
                found=whole(used),
                command=show_files(pod),
                settles=SLOW_BATCH,
                used=whole(used),
            )
        return True

    bench.converge(alive, has_taken_a_batch, 40, LIVES)
    bench.hold(alive, lambda now: now.ready, ROUNDS, LIVES)
