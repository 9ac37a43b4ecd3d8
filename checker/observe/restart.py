"""`bench.before`, `bench.restarted`, `bench.restart`: a container's next life in the same Pod."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.observe.exec import Exec
from checker.observe.pod import Pod
from checker.observe.pods import Pods
from checker.observe.transport import Command, run
from checker.observe.troubles import trouble
from checker.observe.verdicts import refusal
from checker.texts import Text

SECONDS = 60.0
EXEC_SECONDS = 5.0
RESTARTED = Text(
    "Pod {pod} 的容器 {container} 重新启动并就绪",
    "container {container} of Pod {pod} to be restarted and Ready",
)
SAME = Text("还是 Pod {pod}（uid 不变）", "still Pod {pod} (same uid)")


@dataclass(frozen=True)
class Before:
    """What was so before we acted; only what changed after it counts."""

    pod: str
    uid: str
    container: str
    restarts: int
    container_id: str


class Restart(Pods, Exec):
    """Restarts of a container, told apart from a new Pod."""

    def before(self, pod: Pod, container: str | None = None) -> Before:
        """Record the state of a container, seen freshly. Refusal: `no-object`, `pod-changed`."""
        now = self._same(pod.name, pod.uid)
        here = now.container(container)
        return Before(now.name, now.uid, here.name, here.restarts, here.id)

    def restarted(self, before: Before, seconds: float = SECONDS) -> Pod:
        """Wait until that container lives anew and the Pod is Ready; return the Pod.

        Refusals: `not-restarted` (pod, container), `pod-changed` (another Pod took its place), or
        the Pod's trouble when the container does not come up again.
        """
        words = {"pod": before.pod, "container": before.container}

        def look() -> Pod:
            now = self._same(before.pod, before.uid)
            here = now.container(before.container)
            if here.restarts <= before.restarts or here.id == before.container_id:
                raise refusal(
                    "not-restarted",
                    RESTARTED.format(**words),
                    f"restartCount {here.restarts}, {here.state} {here.reason}".strip(),
                    f"kubectl get pod {before.pod}",
                    **words,  # type: ignore[arg-type]
                )
            if not (now.ready and here.ready):
                raise trouble(now, self.hint(now))
            return now

        return self.converge(look, lambda pod: True, seconds, RESTARTED.format(**words))

    def restart(
        self,
        pod: Pod,
        argv: Sequence[str],
        container: str | None = None,
        seconds: float = SECONDS,
    ) -> Pod:
        """Run `argv` in the container, which must end its process 1, and wait for the next life.

        The command takes its own connection down with it, so how it ended says nothing.
        (`kill -9 1` does nothing: process 1 gets no signal it does not handle.)
        """
        before = self.before(pod, container)
        command = Command(self.namespace, before.pod, before.container, tuple(argv))
        ran = run(self.connection, command, self.left(EXEC_SECONDS), self.clock)
        if not ran.started:  # a restart that comes now is not of our making
            raise self._lost(pod, before.container, ran.why)
        return self.restarted(before, seconds)

    def _same(self, name: str, uid: str) -> Pod:
        now = self.pod(name)
        if now.uid == uid:
            return now
        found = f"uid {now.uid}"
        command = f"kubectl get pod {name}"
        raise refusal("pod-changed", SAME.format(pod=name), found, command, 0, pod=name)
