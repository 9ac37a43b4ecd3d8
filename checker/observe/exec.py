"""`bench.exec`: run a command in one of the learner's containers."""

from __future__ import annotations

from collections.abc import Sequence

from checker.observe.objects import GetObjects
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import Pod, view
from checker.observe.transport import Command, End, Ran, run
from checker.observe.troubles import trouble
from checker.observe.verdicts import refusal
from checker.texts import Text

SECONDS = 10.0
RUNS = Text("容器 {container} 在运行", "container {container} runs")
BROKEN = Text(
    "在 Pod {pod} 里执行命令的连接断了（{why}）。",
    "The connection for running a command in Pod {pod} broke ({why}).",
)
AGAIN = Text(
    "请再检查一次；如果还是这样，运行 podlab doctor。",
    "Check again; if it stays so, run podlab doctor.",
)


class Exec(GetObjects):
    """Commands in the learner's containers."""

    def exec(
        self,
        pod: Pod,
        argv: Sequence[str],
        container: str | None = None,
        stdin: bytes = b"",
        seconds: float = SECONDS,
    ) -> Ran:
        """Run `argv` (no shell). Without `container`: the main one, as kubectl takes it.

        A program that is not in the image gives exit code 127. One that did not end in `seconds`
        gives `end` `limit` and no code. Refusals: `no-container`, and `pod-lost` or the Pod's
        trouble when it went away meanwhile. CouldNotLook when only the connection broke.
        """
        try:
            name = pod.container(container).name
        except KeyError:
            raise refusal(
                "no-container",
                RUNS.format(container=container),
                ", ".join(c.name for c in pod.containers),
                f"kubectl describe pod {pod.name}",
                pod=pod.name,
                container=container,
            ) from None
        command = Command(self.namespace, pod.name, name, tuple(argv), stdin)
        ran = run(self.connection, command, self.left(seconds), self.clock)
        if ran.end is End.lost:
            raise self._lost(pod, name, ran.why)
        if ran.end is End.limit:
            self._still(pod)
        return ran

    def _still(self, pod: Pod) -> Pod | None:
        """The very same Pod as it is now, or None. Raises CouldNotLook: then we know nothing."""
        now = self.find("Pod", pod.name)
        found = view(now) if now else None
        return found if found and found.uid == pod.uid else None

    def _lost(self, pod: Pod, container: str, why: str) -> Exception:
        """Whose fault a broken connection is: that of a Pod that went away, or ours."""
        now = self._still(pod)
        if now is None or now.terminating:
            return refusal(
                "pod-lost",
                RUNS.format(container=container),
                command="kubectl get pods",
                pod=pod.name,
            )
        then = pod.container(container)
        here = now.container(container)
        if here.state != "running" or (then.id and here.id != then.id):
            return trouble(now)
        return CouldNotLook(BROKEN.format(pod=pod.name, why=why), AGAIN)
