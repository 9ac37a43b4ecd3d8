"""`bench.converge`: wait until it is so, and say what was seen if it never is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from checker.cluster import Glance, Waited, wait
from checker.observe.base import Base
from checker.observe.clean import clean, plain
from checker.observe.outcome import CouldNotLook, Refusal
from checker.observe.verdicts import refusal
from checker.texts import Text

T = TypeVar("T")

NOTHING_SEEN = Text(
    "等待“{what}”时，没有得到任何新的观察结果。",
    "While waiting for {what}, nothing fresh could be seen.",
)
AGAIN = Text("请再检查一次。", "Check again.")


class Converge(Base):
    """Waiting for what will be so."""

    def converge(
        self,
        look: Callable[[], T],
        want: Callable[[T], bool],
        seconds: float,
        waiting_for: Text,
        *,
        failing: str = "deadline",
        show: Callable[[T], object] = plain,
        command: str = "",
        **params: object,
    ) -> T:
        """Look until `want` holds; return what was seen then.

        `look` and `want` may raise Refusal ("not so, because") and CouldNotLook. When the time is
        up: the last Refusal, else `failing` with `found` = `show(last value)`, `seconds` and
        `waiting_for` as placeholders beside `params`. Without a fresh look: CouldNotLook.
        """
        limit = self.left(seconds)
        ended = wait(self._glance(look, want, waiting_for), limit, self.clock)
        if ended.so and ended.last:
            return ended.last.value  # type: ignore[return-value]
        if ended.so is None:
            raise unseen(ended, waiting_for)
        last = ended.last
        if last and isinstance(last.cause, Refusal):
            raise last.cause
        found = clean(str(show(last.value))) if last else ""  # type: ignore[arg-type]
        told: dict[str, Any] = {"seconds": round(limit), "waiting_for": waiting_for}
        raise refusal(failing, waiting_for, found, command, **(told | params))

    def _glance(
        self, look: Callable[[], T], want: Callable[[T], bool], waiting_for: Text
    ) -> Callable[[], Glance[T]]:
        said = False

        def once() -> Glance[T]:
            nonlocal said
            result = glance(look, want)
            if not result.so and not said:
                said = True
                self.say(waiting_for)
            return result

        return once


def glance(look: Callable[[], T], want: Callable[[T], bool]) -> Glance[T]:
    """One look, as waiting wants it: so, not so and why, or not to be seen and why."""
    try:
        value = look()
        return Glance(so=bool(want(value)), value=value)
    except Refusal as no:
        key = (no.message_id, no.params.get("pod"))
        return Glance(so=False, cause=no, settles=no.settles, key=key)
    except CouldNotLook as blind:
        return Glance(so=None, cause=blind)


def unseen(ended: Waited[T], waiting_for: Text) -> CouldNotLook:
    """What to raise when the time was up and nothing fresh had been seen."""
    if ended.blind and isinstance(ended.blind.cause, CouldNotLook):
        return ended.blind.cause
    return CouldNotLook(NOTHING_SEEN.format(what=waiting_for), AGAIN)
