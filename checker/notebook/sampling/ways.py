"""Ways to look, as a lesson writes them: `recording(file=values("cat …"))`. Descriptions only.

A way makes a sampler, which notes facts: `sample` (a text, or None for no answer), `moment`,
`number` (a value of a line in a panel; None where the line breaks), `request`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checker.notebook.plain import UsageError
from checker.notebook.sampling import usage
from checker.notebook.sampling.dated import Dated
from checker.notebook.sampling.desk import Desk
from checker.notebook.sampling.requests import Requests
from checker.notebook.sampling.sampler import Follow, GiveUp, Notes, Poll, Sampler
from checker.observe import clean
from checker.texts import Text

MOST_LETTERS = 500
"""Letters of a sampled value that are kept."""

MEMORY = Text("{target} 的内存", "memory of {target}")
CPU = Text("{target} 的 CPU", "CPU of {target}")

Make = Callable[[str, Notes, Desk, dict[str, Any]], Sampler]


@dataclass(frozen=True)
class Way:
    """One way to look. `label` is that of its lane, in both languages; None: the name alone."""

    make: Make
    label: Text | None = None

    def sampler(self, name: str, notes: Notes, desk: Desk) -> Sampler:
        """What looks in this way, and notes under `name` what it sees."""
        label = self.label and {"zh": self.label.zh, "en": self.label.en}
        return self.make(name, notes, desk, {"label": label} if label else {})


def reads(command: str) -> Way:
    """Is it there? Once a second: an answer, an empty one, or none."""
    return _sampled(command, "read", None)


def values(command: str, *, zh: str = "", en: str = "") -> Way:
    """What does it say? Once a second: the text that `command` prints."""
    return _sampled(command, "value", _label(zh, en))


def numbers(
    command: str, *, unit: str = "", limit: float | None = None, zh: str = "", en: str = ""
) -> Way:
    """How much is it? Once a second: the number that `command` prints, in a panel of its own."""

    def make(name: str, notes: Notes, desk: Desk, more: dict[str, Any]) -> Sampler:
        def look(give_up: GiveUp) -> None:
            value = _number(desk.ask(command, give_up))
            if not give_up.is_set():
                notes.note("number", name, line="", value=value, limit=limit, unit=unit, **more)

        return Poll(look)

    return Way(make, _label(zh, en))


def memory(target: str, container: str = "", *, zh: str = "", en: str = "") -> Way:
    """How much memory a container uses, and its limit. `target` as `kubectl exec` takes it."""
    label = _label(zh, en) or MEMORY.format(target=target)
    return _usage(usage.Memory, usage.command(target, container, usage.OFTEN), label)


def cpu(target: str, container: str = "", *, zh: str = "", en: str = "") -> Way:
    """How much CPU time a container gets, and how long it is throttled, in each second."""
    label = _label(zh, en) or CPU.format(target=target)
    return _usage(usage.Cpu, usage.command(target, container, usage.SELDOM), label)


def moments(command: str, like: str = "", *, zh: str = "", en: str = "") -> Way:
    """When did it happen? Each line of `command` that begins with a time is a labelled point.

    `like` keeps the lines whose words match it; of a group in it, only that is shown.
    """
    try:
        pattern = re.compile(like)
    except re.error as error:
        raise UsageError(
            Text(
                f"like={like!r} 不是正则表达式：{error}。",
                f"like={like!r} is no regular expression: {error}.",
            ),
            Text('例如 like="(SIGTERM|preStop)"。', 'An example: like="(SIGTERM|preStop)".'),
        ) from None

    def make(name: str, notes: Notes, desk: Desk, more: dict[str, Any]) -> Sampler:
        dated = Dated(
            pattern, lambda at, words: notes.note("moment", name, at, words=words, **more)
        )

        def follow(write: Callable[[str], None], give_up: GiveUp, seconds: float) -> bool:
            return desk.follow(command, write, give_up, seconds)

        return Follow(follow, dated.take, last=True)

    return Way(make, _label(zh, en))


def load(
    service: str,
    path: str = "/",
    port: int = 80,
    rate: float = 5.0,
    slow: float = 1.0,
    each: bool = False,
    *,
    zh: str = "",
    en: str = "",
) -> Way:
    """Is it answered? `rate` requests a second from inside the cluster, while the block runs.

    An answer that takes more than `slow` seconds is slow; with `each`, answers of different text
    stand in lanes of their own.
    """

    def make(name: str, notes: Notes, desk: Desk, more: dict[str, Any]) -> Sampler:
        return Requests(name, notes, desk, service, path, port, rate, slow, more | {"each": each})

    return Way(make, _label(zh, en))


def _sampled(command: str, form: str, label: Text | None) -> Way:
    def make(name: str, notes: Notes, desk: Desk, more: dict[str, Any]) -> Sampler:
        def look(give_up: GiveUp) -> None:
            answer = desk.ask(command, give_up)
            if not give_up.is_set():
                value = None if answer is None else clean(answer, MOST_LETTERS)
                notes.note("sample", name, form=form, value=value, **more)

        return Poll(look)

    return Way(make, label)


def _usage(kind: type[usage.Books], command: str, label: Text | None) -> Way:
    def make(name: str, notes: Notes, desk: Desk, more: dict[str, Any]) -> Sampler:
        def note(line: str, value: float | None, limit: float | None) -> None:
            notes.note("number", name, line=line, value=value, limit=limit, unit=kind.unit, **more)

        books = kind(note)

        def follow(write: Callable[[str], None], give_up: GiveUp, seconds: float) -> bool:
            return desk.follow(command, write, give_up, seconds)

        return Follow(follow, books.take, books.broke)

    return Way(make, label)


def _label(zh: str, en: str) -> Text | None:
    return Text(zh or en, en or zh) if zh or en else None


def _number(answer: str | None) -> float | None:
    try:
        return float((answer or "").split()[0])
    except (IndexError, ValueError):
        return None
