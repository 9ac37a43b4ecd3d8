"""A recording: a window on what happens in the demo, in which more is sampled again and again.

The recorder listens from the beginning of a lesson on; a recording says from when to when, and
notes what its ways to look have seen.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from types import TracebackType
from typing import Any

from checker.notebook.live import Live
from checker.notebook.plain import CommandError, UsageError, here, plainly
from checker.notebook.sampling import Desk, Notes, Sampler, Way, reads
from checker.notebook.sampling.requests import Requests
from checker.observe import clean
from checker.observe.facts import What
from checker.observe.load import Answer
from checker.texts import Text

Now = Callable[[], datetime]


STOPPED = Text(
    "你中断了单元格，这次记录和它发出的请求都已停下。",
    "You interrupted the cell; its recording has ended, and so have the requests that it sent.",
)
_plainly = partial(plainly, interrupted=STOPPED)


def now() -> datetime:
    """The date and time of day, in UTC."""
    return datetime.now(UTC)


class Recording:
    """For a `with` block. `start` and `end` say when it began and ended.

    Each way looks before the block, within it, and after it; a command alone asks "is it there?".
    """

    def __init__(
        self, recorder: Notes, ways: Mapping[str, str | Way], desk: Desk, now: Now = now
    ) -> None:
        self._recorder = recorder
        self._now = now
        self._seen: dict[str, list[Mapping[str, Any]]] = {name: [] for name in ways}
        self._more_seen = threading.Condition()
        self._samplers: dict[str, Sampler] = {
            name: (reads(way) if isinstance(way, str) else way).sampler(name, self, desk)
            for name, way in ways.items()
        }
        self.start = now()
        self.end: datetime | None = None

    def note(self, what: What, subject: str, at: datetime | None = None, **more: object) -> None:
        """Take what a sampler has seen into the record."""
        self._recorder.note(what, subject, at, rank=list(self._seen).index(subject), **more)
        with self._more_seen:
            self._seen[subject].append(more)
            self._more_seen.notify_all()

    @_plainly
    def __enter__(self) -> Recording:
        self.start = self._now()
        try:  # the picture shows what was so before anything was done
            for sampler in self._samplers.values():
                sampler.start()
            for sampler in self._samplers.values():
                sampler.wait_for_first()
        except BaseException:
            self._abandon()
            raise
        return self

    @_plainly
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._abandon()
            if issubclass(kind, KeyboardInterrupt):
                raise KeyboardInterrupt
            return
        try:
            for sampler in self._samplers.values():
                sampler.stop()
            # Answers may be waited for long after the block, and belong to when they were asked.
            for sampler in sorted(self._samplers.values(), key=_is_load):
                if _is_load(sampler):
                    self.end = self.end or self._now()
                sampler.finish()
            self.end = self.end or self._now()
        except BaseException:
            self._abandon()
            raise

    def _abandon(self) -> None:
        for sampler in self._samplers.values():
            sampler.abandon()
        for sampler in self._samplers.values():
            sampler.finish()
        self.end = self._now()

    @_plainly
    def keep(self, seconds: float) -> None:
        """Go on recording for so many seconds."""
        with Live() as live:
            live.show(KEEPING.format(seconds=f"{seconds:g}").pick(here()))
            self._wait(lambda: False, seconds)
            live.show(KEPT.format(seconds=f"{seconds:g}").pick(here()))

    @_plainly
    def until(self, seconds: float = 60.0, **wanted: object) -> None:
        """Go on until the lanes named show these words, each as a whole word of what was seen.

        Raises CommandError when they do not in `seconds`.
        """
        for name in wanted:
            self._known(name)
        words = ", ".join(f"{name} = {value}" for name, value in wanted.items())
        began = time.monotonic()
        with Live() as live:
            live.show(WAITING.format(words=words, seconds=f"{seconds:g}").pick(here()))
            if not self._wait(lambda: all(map(self._shows, wanted, wanted.values())), seconds):
                last = ", ".join(f"{name} = {self._last(name)}" for name in wanted)
                raise _not_in_time(words, last, seconds)
            took = f"{time.monotonic() - began:.0f}"
            live.show(SHOWN.format(words=words, seconds=took).pick(here()))

    def values(self, name: str) -> list[str | None]:
        """What was sampled under `name`, each value once for as long as it lasted.

        None stands for no answer.
        """
        return [value for value, _ in groupby(map(_value, self._known(name)))]

    def answers(self, name: str) -> list[Answer]:
        """What came of the requests of the load `name`."""
        return self._requests(name).answers

    def failed(self, name: str) -> list[Answer]:
        """The requests of the load `name` that got no answer, half of one, or an error."""
        return [each for each in self.answers(name) if not each.ok]

    def slow(self, name: str) -> list[Answer]:
        """The good answers of the load `name` that took too long."""
        return self._requests(name).slow

    def by(self, name: str) -> Counter[str]:
        """How often each different text was answered to the load `name`."""
        return Counter(clean(each.body) for each in self.answers(name) if each.ok)

    def _requests(self, name: str) -> Requests:
        self._known(name)
        sampler = self._samplers[name]
        if isinstance(sampler, Requests):
            return sampler
        raise UsageError(
            Text(
                f"“{name}”不是 load(…)，没有请求。", f"`{name}` is no load(…): it has no requests."
            ),
            Text(f"写成 recording({name}=load(…))。", f"Write recording({name}=load(…))."),
        )

    def _known(self, name: str) -> list[Mapping[str, Any]]:
        if name in self._seen:
            return self._seen[name]
        names = ", ".join(self._seen) or "-"
        raise UsageError(
            Text(f"这次记录里没有“{name}”。", f"Nothing is recorded under `{name}`."),
            Text(f"有这些：{names}。", f"There is: {names}."),
        )

    def _wait(self, so: Callable[[], bool], seconds: float) -> bool:
        with self._more_seen:
            return self._more_seen.wait_for(so, seconds)

    def _shows(self, name: str, wanted: object) -> bool:
        whole = re.compile(rf"(?<!\w){re.escape(str(wanted))}(?!\w)")
        if self._seen[name] and "words" in self._seen[name][-1]:  # a moment, once seen, stays seen
            return any(whole.search(str(_value(more) or "")) for more in self._seen[name])
        return bool(whole.search(self._last(name)))

    def _last(self, name: str) -> str:
        return str(_value(self._seen[name][-1]) or "") if self._seen[name] else ""


def _is_load(sampler: Sampler) -> bool:
    return isinstance(sampler, Requests)


def _value(more: Mapping[str, Any]) -> str | None:
    value = more.get("words", more.get("value"))
    return None if value is None else str(value)


KEEPING = Text("继续记录 {seconds} 秒……", "Recording for {seconds} more seconds …")
KEPT = Text("又记录了 {seconds} 秒。", "Recorded for {seconds} more seconds.")
WAITING = Text("等待 {words}（最多 {seconds} 秒）……", "Waiting for {words} (at most {seconds} s) …")
SHOWN = Text("{words}，等了 {seconds} 秒。", "{words} after {seconds} s.")


def _not_in_time(words: str, last: str, seconds: float) -> CommandError:
    return CommandError(
        Text(
            f"过了 {seconds:g} 秒，还没有等到 {words}。最后看到的是：{last}",
            f"After {seconds:g} seconds it was still not {words}. Last seen: {last}",
        ),
        Text(
            "先看它在等什么：%shell kubectl get pods,events。",
            "See what it waits for: %shell kubectl get pods,events.",
        ),
    )
