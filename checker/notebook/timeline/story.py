"""Turns a record into a timeline: a window on its lives, its marks as deeds and reads. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from checker.notebook.timeline.claims import CLAIM
from checker.notebook.timeline.data import TITLE, Deed, Dot, DotKind, Lane, Life, Timeline
from checker.notebook.timeline.lives import lives
from checker.observe import Record
from checker.texts import Text

ANSWER = "answer"
"""A mark that has this is a read; its subject is the question. None: there was no answer."""
GONE = ("", "(nil)", "0", "none", "false")
"""Answers that mean: it is not there. Compared in small letters."""

FOUND = Text("读到了", "found")
NOT_THERE = Text("没有了", "gone")
SILENT = Text("没有应答", "no answer")
READ = Text("读取 {name}", "read {name}")


def tell(
    record: Record,
    start: datetime | None = None,
    end: datetime | None = None,
    title: Text = TITLE,
    only: Collection[str] = (),
) -> Timeline:
    """What happened between `start` and `end` (else in the whole record).

    `only` names the workloads to show; none means all.
    """
    zero = ((start or record.began) - record.began).total_seconds()
    stop = ((end or record.ended) - record.began).total_seconds()
    told = [(fact, (fact.heard - record.began).total_seconds()) for fact in record.of("mark")]
    marks = [
        (fact, at - zero) for fact, at in told if CLAIM not in fact.more and zero <= at <= stop
    ]
    return Timeline(
        began=start or record.began,
        seconds=stop - zero,
        lives=tuple(_in_window(lives(record, only), zero, stop)),
        dots=tuple(
            _dot(fact.subject, at, fact.more[ANSWER]) for fact, at in marks if ANSWER in fact.more
        ),
        deeds=tuple(Deed(at, fact.subject) for fact, at in marks if ANSWER not in fact.more),
        title=title,
    )


def _in_window(all_lives: tuple[Life, ...], start: float, stop: float) -> Iterator[Life]:
    for life in all_lives:
        if life.start > stop or (life.end is not None and life.end <= start):
            continue
        over = life.end is not None and life.end <= stop
        yield replace(
            life,
            start=max(0.0, life.start - start),
            end=life.end - start if over and life.end is not None else None,
        )


def _dot(name: str, at: float, answer: str | None) -> Dot:
    lane = Lane(f"read/{name}", READ.format(name=name))
    if answer is None:
        return Dot(lane, at, DotKind.none, SILENT)
    value = answer.strip()
    if value.lower() in GONE:
        return Dot(lane, at, DotKind.bad, NOT_THERE, value)
    return Dot(lane, at, DotKind.good, FOUND, value)
