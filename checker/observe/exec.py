"""`bench.exec`: run a command in one of the learner's containers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.cluster import Glance, wait
from checker.observe.clean import clean
from checker.observe.objects import GetObjects
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import Pod, view
from checker.observe.transport import Command, End, Ran, run
from checker.observe.troubles import trouble
from checker.observe.verdicts import refusal
from checker.texts import Text

SECONDS = 10.0
STATUS_LAG = 3.0
"""Seconds until a container that ended shows it in the Pod's status."""
RUNS = Text("容器 {container} 在运行", "container {container} runs")
BROKEN = Text(
    "在 Pod {pod} 里执行命令的连接断了（{why}）。",
    "The connection for running a command in Pod {pod} broke ({why}).",
)
ROLLED = Text(
    "检查到一半，你刚应用的新版本换掉了 Pod {pod}。",
    "In the middle of the check a rollout of yours replaced Pod {pod}.",
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
        then = pod.container(container)

        def look() -> Glance[Pod]:
            try:
                now = self._still(pod)
            except CouldNotLook as blind:
                return Glance(so=None, cause=blind)
            here = now.container(container) if now else None
            same = here and here.state == "running" and here.id == (then.id or here.id)
            return Glance(so=not same or bool(now and now.terminating), value=now)

        ended = wait(look, STATUS_LAG, self.clock)
        now = ended.last.value if ended.last else None
        wanted, command = RUNS.format(container=container), "kubectl get pods"
        if ended.so and now and now.ready and not now.terminating:  # it is up again already
            told: dict[str, Any] = {"pod": pod.name, "container": container}
            return refusal("restarted-meanwhile", wanted, command=command, **told)
        if ended.so and now and not now.terminating:
            return trouble(now)
        if ended.so and self._rolled_away(pod):
            return CouldNotLook(ROLLED.format(pod=pod.name), AGAIN)
        if ended.so:
            return refusal("pod-lost", wanted, command=command, pod=pod.name)
        return CouldNotLook(BROKEN.format(pod=pod.name, why=clean(why, 200)), AGAIN)

    def _rolled_away(self, pod: Pod) -> bool:
        """Whether a rollout took the Pod away: one who applies and checks at once is not wrong."""
        kind, name = pod.owner or ("", "")
        if kind != "ReplicaSet":
            return False
        owner = self.find(kind, name)
        return owner is not None and not owner.spec.replicas
