"""What a recording has sampled: values as bars, reads, moments and requests as dots, numbers as
panels. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from checker.notebook.timeline.data import (
    Dot,
    DotKind,
    Lane,
    Life,
    LifeKind,
    Line,
    Panel,
)
from checker.observe import Fact, Record
from checker.texts import Text

GONE = ("", "(nil)", "0", "none", "false")
"""Answers that mean: it is not there. Compared in small letters."""
STALE = 6.0
"""A value that was sampled longer ago than this is not said to be still so."""

FOUND = Text("读到了", "found")
NOT_THERE = Text("没有了", "gone")
SILENT = Text("没有应答", "no answer")
EMPTY = Text("（空）", "(empty)")
READ = Text("读取 {name}", "read {name}")
ANSWERED = Text("有应答", "answered")
SLOW = Text("应答慢", "answered slowly")
FAILED = Text("失败", "failed")
REQUESTS = Text("{name}：{words}", "{name}: {words}")
HAPPENED = Text("时刻", "moment")
LINES = {
    "": Text("数值", "value"),
    "memory": Text("用量", "in use"),
    "used": Text("得到的 CPU", "CPU used"),
    "throttled": Text("被限流", "throttled"),
}
UNITS = {"s/s": Text("每秒中的秒数", "seconds in each second")}
MOST_ANSWERS = 6
"""Different answers that get a lane each; the rest share the first."""


class Samples:
    """All that was sampled in a record, in seconds since it began.

    `stop` is the end of what is shown: a value that was seen until then goes on. `pods` says what
    the picture calls a Pod: an answer that is a Pod's name is told by that.
    """

    def __init__(self, record: Record, stop: float, pods: Mapping[str, str] | None = None) -> None:
        self._record = record
        self._pods = pods or {}
        self._stop = stop
        self._samples = record.of("sample")
        # In the order in which the recording names them, not in that of the first answers.
        facts = sorted(
            record.of("sample", "moment", "request"), key=lambda f: f.more.get("rank", 0)
        )
        self._names = list(dict.fromkeys(fact.subject for fact in facts))

    def items(self) -> Iterator[Life | Dot]:
        """Bars and dots, lane after lane in the order in which they were first seen."""
        shades: dict[str, int] = {}
        for name in self._names:
            mine = [fact for fact in self._samples if fact.subject == name]
            yield from self._values([f for f in mine if f.more.get("form") == "value"], shades)
            for fact in mine:
                if fact.more.get("form") == "read":
                    yield _read(fact, self._at(fact))
            yield from self._moments(name)
            yield from self._requests(name)

    def panels(self, start: float, stop: float) -> Iterator[Panel]:
        """A panel for each name under which there are numbers between `start` and `stop`."""
        facts = [f for f in self._record.of("number") if start <= self._at(f) <= stop]
        facts.sort(key=lambda fact: fact.more.get("rank", 0))
        for name in dict.fromkeys(fact.subject for fact in facts):
            mine = [fact for fact in facts if fact.subject == name]
            lines = tuple(
                Line(
                    LINES[key],
                    _unbroken(
                        (self._at(f) - start, f.more["value"])
                        for f in mine
                        if f.more["line"] == key
                    ),
                )
                for key in dict.fromkeys(fact.more["line"] for fact in mine)
            )
            if not any(line.points for line in lines):
                continue
            # A container that is gone has no limit to tell: the one before it still stands.
            read = [
                (self._at(f) - start, f.more["limit"]) for f in mine if f.more["value"] is not None
            ]
            unit = str(mine[0].more["unit"])
            yield Panel(
                label(mine[0]),
                UNITS.get(unit, Text.same(unit)),
                lines,
                _steps(read),
            )

    def _at(self, fact: Fact) -> float:
        return (fact.at - self._record.began).total_seconds()

    def _values(self, facts: Sequence[Fact], shades: dict[str, int]) -> Iterator[Life]:
        runs = [list(run) for _, run in groupby(facts, key=lambda fact: fact.more["value"])]
        begins = [self._at(run[0]) for run in runs]
        for run, begin, end in zip(runs, begins, [*begins[1:], None], strict=False):
            value, lane = run[0].more["value"], Lane(f"value/{run[0].subject}", label(run[0]))
            last = self._at(run[-1])
            if end is None and self._stop - last > STALE:
                end = last
            if value is None:
                yield Life(lane, LifeKind.waiting, begin, end, SILENT)
                continue
            shade = shades.setdefault(value, len(shades))
            first = Text.same(value.partition("\n")[0]) if value else EMPTY
            whole = value if "\n" in value else ""
            yield Life(lane, LifeKind.value, begin, end, first, detail=whole, shade=shade)

    def _moments(self, name: str) -> Iterator[Dot]:
        for fact in self._record.of("moment"):
            if fact.subject == name:
                words = str(fact.more["words"])
                lane = Lane(f"moment/{name}", label(fact))
                yield Dot(lane, self._at(fact), DotKind.mark, HAPPENED, words, Text.same(words))

    def _requests(self, name: str) -> Iterator[Dot]:
        facts = [fact for fact in self._record.of("request") if fact.subject == name]
        bodies = list(dict.fromkeys(_body(f) for f in facts if not f.more["error"]))
        known = list(self._pods)
        bodies.sort(key=lambda body: known.index(body) if body in known else len(known))
        facts.sort(key=lambda f: bodies.index(_body(f)) if not f.more["error"] else len(bodies))
        for fact in facts:
            lane = Lane(f"request/{name}", label(fact))
            body = _body(fact)
            if fact.more.get("each") and body in bodies[:MOST_ANSWERS] and not fact.more["error"]:
                who = self._pods.get(body, body)
                words = REQUESTS.format(name=label(fact), words=who)
                lane = Lane(f"request/{name}/{who}", words)
            kind, seen = (DotKind.good, ANSWERED)
            if fact.more["error"]:
                kind, seen = DotKind.bad, FAILED
            elif fact.more["slow"]:
                kind, seen = DotKind.slow, SLOW
            took = f"{fact.more['seconds']:.2f} s"
            yield Dot(lane, self._at(fact), kind, seen, f"{fact.more['error'] or body}, {took}")


def _unbroken(
    points: Iterable[tuple[float, float | None]],
) -> tuple[tuple[float, float | None], ...]:
    """The points with each break once, and with none before the first number."""
    kept: list[tuple[float, float | None]] = []
    for at, value in points:
        if value is not None or (kept and kept[-1][1] is not None):
            kept.append((at, value))
    return tuple(kept)


def _steps(
    read: Iterable[tuple[float, float | None]],
) -> tuple[tuple[float, float | None], ...]:
    """Each limit, and since when it held: the first from the beginning on."""
    steps: list[tuple[float, float | None]] = []
    for at, limit in read:
        if not steps:
            steps.append((0.0, limit))
        elif steps[-1][1] != limit:
            steps.append((at, limit))
    return tuple(steps)


def label(fact: Fact) -> Text:
    """The label that the recording gives to what it samples, else the name."""
    given = fact.more.get("label")
    return Text(given["zh"], given["en"]) if given else Text.same(fact.subject)


def _body(fact: Fact) -> str:
    return str(fact.more["body"]).strip().partition("\n")[0][:40]


def _read(fact: Fact, at: float) -> Dot:
    lane = Lane(f"read/{fact.subject}", READ.format(name=fact.subject))
    answer = fact.more["value"]
    if answer is None:
        return Dot(lane, at, DotKind.none, SILENT)
    value = str(answer).strip()
    if value.lower() in GONE:
        return Dot(lane, at, DotKind.bad, NOT_THERE, value)
    return Dot(lane, at, DotKind.good, FOUND, value)
