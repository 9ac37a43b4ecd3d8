"""`bench.steady`: prove that what a Service answers lasts, from the time on when it can be told.

After a rollout kube-proxy may go on for a while to send requests to Pods that are gone. A learner
who applies and checks at once is not wrong for that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from checker.observe.clean import plain
from checker.observe.converge import Converge
from checker.observe.hold import Hold
from checker.observe.outcome import Refusal
from checker.observe.tcp import KUBE_PROXY
from checker.texts import Text

T = TypeVar("T")


class Steady(Converge, Hold):
    """What a Service answers, once kube-proxy has followed."""

    def steady(
        self,
        look: Callable[[], T],
        want: Callable[[T], bool],
        seconds: float,
        what: Text,
        *,
        show: Callable[[T], object] = plain,
    ) -> T:
        """As `hold`, but what breaks within KUBE_PROXY seconds from now may begin again.

        Raises what `converge` and `hold` raise.
        """
        until = self.clock.now() + KUBE_PROXY
        while True:
            try:
                return self.hold(look, want, seconds, what, show=show)
            except Refusal:
                if self.clock.now() >= until or self.left(seconds) < seconds:
                    raise
            self.converge(look, want, KUBE_PROXY, what, show=show)
