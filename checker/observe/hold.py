"""`bench.hold`: prove that a state lasts. Right for a moment is not right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from checker.cluster import Glance, wait
from checker.observe.base import Base
from checker.observe.clean import clean, plain
from checker.observe.converge import glance, unseen
from checker.observe.outcome import CouldNotLook, Refusal
from checker.observe.verdicts import refusal
from checker.texts import Text

T = TypeVar("T")

LONGEST_GAP = 10.0
"""Seconds without a look that worked, the look itself among them; more, and we cannot say that it
lasted. On a busy machine one look of several requests takes half of that."""
GAP = Text(
    "有 {gap} 秒看不到“{what}”是否还成立。",
    "For {gap} s it could not be seen whether {what} still held.",
)
AGAIN = Text("请再检查一次。", "Check again.")


class Hold(Base):
    """Watching that what is so stays so."""

    def hold(
        self,
        look: Callable[[], T],
        want: Callable[[T], bool],
        seconds: float,
        what: Text,
        *,
        failing: str = "not-held",
        show: Callable[[T], object] = plain,
        command: str = "",
        **params: object,
    ) -> T:
        """Look again and again for `seconds`; `want` must hold each time. Returns the last value.

        Raises the look's own Refusal, else `failing` with `found`, `after` (seconds it lasted) and
        `what` as placeholders; CouldNotLook when a gap without any look was too long; `deadline`
        when the whole check has no time left for it.
        """
        if self.left(seconds) < seconds:
            raise refusal("deadline", what, seconds=round(seconds), waiting_for=what)
        self.say(what)

        def broken() -> Glance[T]:
            seen = glance(look, want)
            return Glance(None if seen.so is None else not seen.so, seen.value, seen.cause)

        spare = self.left(seconds + LONGEST_GAP) - seconds
        ended = wait(broken, seconds, self.clock, beyond=spare)
        last = ended.last
        if ended.so and last:
            if isinstance(last.cause, Refusal):
                raise last.cause
            found = clean(str(show(last.value)))  # type: ignore[arg-type]
            told: dict[str, Any] = {"after": round(ended.seconds), "what": what}
            raise refusal(failing, what, found, command, **(told | params))
        if ended.so is None or last is None:
            raise unseen(ended, what)
        if ended.longest_gap > LONGEST_GAP:
            raise CouldNotLook(GAP.format(gap=round(ended.longest_gap), what=what), AGAIN)
        return last.value  # type: ignore[return-value]
