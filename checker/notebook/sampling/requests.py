"""Requests to a Service of the demo while something is done to what answers them."""

from __future__ import annotations

from typing import Any

from checker.catalogue import common_messages
from checker.notebook.plain import PlainError
from checker.notebook.sampling.desk import Desk
from checker.notebook.sampling.sampler import Notes
from checker.observe import Bench, CouldNotLook, Refusal, clean
from checker.observe.load import Answer, Load
from checker.texts import Text

MOST_SECONDS = 300.0
MOST_LETTERS = 200
LOOK = Text("先看它在不在：%shell kubectl get services,pods。",
            "See whether it is there: %shell kubectl get services,pods.")  # fmt: skip


class Requests:
    """A load as one of a recording's samplers. Its answers are noted when it has ended."""

    def __init__(
        self,
        name: str,
        notes: Notes,
        desk: Desk,
        service: str,
        path: str,
        port: int,
        rate: float,
        slow: float,
        more: dict[str, Any],
    ) -> None:
        self._name = name
        self._notes = notes
        self._desk = desk
        self._target = (service, path, port, rate, MOST_SECONDS)
        self._slow = slow
        self._more = more
        self._bench: Bench | None = None
        self._load: Load | None = None
        self._over = False

    @property
    def answers(self) -> list[Answer]:
        """All that has come so far."""
        return self._load.answers if self._load else []

    @property
    def slow(self) -> list[Answer]:
        """The good answers that took too long."""
        return [each for each in self.answers if each.ok and each.seconds > self._slow]

    def start(self) -> None:
        """Begin. Raises PlainError when there is no such Service, or nothing to ask from."""
        self._bench = self._desk.bench()
        try:
            self._load = self._bench.load(*self._target)
            self._load.__enter__()
        except (Refusal, CouldNotLook) as trouble:
            raise _plainly(trouble) from None

    def wait_for_first(self) -> None:
        """The load has begun when `start` returns."""

    def stop(self) -> None:
        """It is stopped when it is finished: leaving it does both."""

    def finish(self) -> None:
        """Stop, and wait for the answers that are still to come. Raises PlainError as `start`."""
        if self._over or self._bench is None:
            return
        self._over = True
        try:
            if self._load:
                self._load.__exit__(None, None, None)
        except CouldNotLook as trouble:
            raise _plainly(trouble) from None
        finally:
            self._bench.close()
            for answer in self.answers:
                self._notes.note(
                    "request",
                    self._name,
                    answer.at,
                    seconds=answer.seconds,
                    status=answer.status,
                    body=clean(answer.body, MOST_LETTERS),
                    error=answer.error,
                    slow=answer.seconds > self._slow,
                    **self._more,
                )

    def abandon(self) -> None:
        """End now, without the answers that are still to come."""
        if self._over:
            return
        self._over = True
        if self._load:
            self._load.__exit__(KeyboardInterrupt, None, None)
        if self._bench:
            self._bench.close()


def _plainly(trouble: Refusal | CouldNotLook) -> PlainError:
    if isinstance(trouble, CouldNotLook):
        return PlainError(trouble.reason, trouble.todo)
    return PlainError(common_messages()[trouble.message_id].format(**trouble.params), LOOK)
