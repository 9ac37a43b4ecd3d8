"""From where a recording looks: the shell of the demo, and its bench. Free of IPython."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.notebook.process import run
from checker.notebook.sampling.sampler import GiveUp, Write
from checker.observe import Bench
from checker.paths import course_root

READ_SECONDS = 5.0
"""A command that takes longer counts as no answer."""
QUIET = "exec 2> /dev/null; "
"""Warnings of kubectl are no part of an answer."""


@dataclass(frozen=True)
class Desk:
    """Three ways to look."""

    ask: Callable[[str, GiveUp], str | None]
    """Runs a command and returns its output; None when it fails or takes too long."""
    follow: Callable[[str, Write, GiveUp, float], bool]
    """Runs a command that may go on for so many seconds; whether it ended by itself and well."""
    bench: Callable[[], Bench]
    """A bench in the demo's workspace. Who asks for it closes it."""


def desk_in(env: Mapping[str, str], bench: Callable[[], Bench]) -> Desk:
    """A desk whose commands are bash's, run with these variables in the course's folder."""

    def ask(command: str, give_up: GiveUp) -> str | None:
        said: list[str] = []
        outcome = run(
            QUIET + command,
            env=env,
            folder=course_root(),
            seconds=READ_SECONDS,
            write=said.append,
            give_up=give_up,
        )
        return "".join(said) if outcome.code == 0 else None

    def follow(command: str, write: Write, give_up: GiveUp, seconds: float) -> bool:
        outcome = run(
            QUIET + command,
            env=env,
            folder=course_root(),
            seconds=seconds,
            write=write,
            give_up=give_up,
        )
        return outcome.code == 0

    return Desk(ask, follow, bench)
