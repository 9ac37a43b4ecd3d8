"""Reads the options at the head of a magic's line. Free of IPython.

Only words before the first one that is no option are ours: what follows belongs to bash, quotes
and all, and is handed on untouched.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from checker.cluster import Part
from checker.notebook.plain import UsageError
from checker.texts import Text

DEFAULT_SECONDS = 60.0
_OPTION = re.compile(r"\s*--(?P<name>[a-z-]*)(?:=(?P<value>\S*))?(?=\s|$)")
_WORD = re.compile(r"\s*(?P<word>\S+)")


@dataclass(frozen=True)
class Options:
    """What a magic's line asks for. `rest` is the line after the options."""

    rest: str
    flags: frozenset[str]
    seconds: float = DEFAULT_SECONDS

    @property
    def fails(self) -> bool:
        """Whether the command is meant to fail."""
        return "fails" in self.flags

    @property
    def part(self) -> Part:
        """Which workspace is meant: the demo's unless the line says --lab or --team."""
        if "team" in self.flags:
            return "team"
        return "lab" if "lab" in self.flags else "demo"


def read_options(magic: str, line: str, flags: Iterable[str]) -> Options:
    """Take `--timeout SECONDS` and the given flags off the head of `line`.

    Raises UsageError for an option that `magic` does not have.
    """
    known = {"timeout", *flags}
    seen: set[str] = set()
    seconds = DEFAULT_SECONDS
    while option := _OPTION.match(line):
        name, value = option["name"], option["value"]
        line = line[option.end() :]
        if not name and value is None:  # `--` ends the options
            break
        if name not in known:
            raise _unknown(magic, name, known)
        if name != "timeout":
            seen.add(name)
            continue
        if value is None and (word := _WORD.match(line)):
            value, line = word["word"], line[word.end() :]
        seconds = _seconds(magic, value or "")
    return Options(line.strip(), frozenset(seen), seconds)


def _seconds(magic: str, value: str) -> float:
    if re.fullmatch(r"\d+(\.\d+)?", value) and float(value) > 0:
        return float(value)
    raise UsageError(
        Text("`--timeout` 后面要写秒数。", "`--timeout` needs a number of seconds."),
        Text.same(f"{magic} --timeout 120 …"),
    )


def _unknown(magic: str, name: str, known: Iterable[str]) -> UsageError:
    options = sorted(known)
    near = difflib.get_close_matches(name, options, n=1)
    return UsageError(
        Text(f"{magic} 没有选项 `--{name}`。", f"{magic} has no option `--{name}`."),
        Text(f"想写的是 `--{near[0]}` 吗？", f"Do you mean `--{near[0]}`?")
        if near
        else Text(
            f"可用的选项：{'、'.join('--' + each for each in options)}。",
            f"It has {', '.join('--' + each for each in options)}.",
        ),
    )
