"""`bench.roll` and `bench.rolled_out`: a rolling restart, as `kubectl rollout restart` does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.cluster import API_ERRORS, meaning
from checker.observe.base import looking
from checker.observe.objects import as_selector
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import Pod
from checker.observe.pods import Pods
from checker.observe.replace import no_controller
from checker.observe.troubles import worst
from checker.observe.verdicts import refusal
from checker.texts import Text

SECONDS = 120.0
ANNOTATION = "kubectl.kubernetes.io/restartedAt"
ROLLS = ("Deployment", "StatefulSet", "DaemonSet")
"""The kinds that replace their Pods when the template changes (kubectl rollout restart)."""
DONE = Text("{object} 的所有 Pod 都换成新的并就绪", "all Pods of {object} to be new and Ready")
MEANWHILE = Text("{object} 没有接受滚动重启：{why}", "{object} did not take the restart: {why}")
AGAIN = Text("请再检查一次。", "Check again.")


@dataclass(frozen=True)
class Rolling:
    """A rollout under way: whose, and the uids of the Pods that it replaces."""

    kind: str
    name: str
    selector: str
    old: frozenset[str]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Rollout(Pods):
    """Rolling restarts."""

    def roll(self, pod: Pod) -> Rolling:
        """Start a rolling restart of what keeps `pod`, by an annotation in its Pod template.

        It stays: taking it away would be another rollout. Refusal: `no-controller` (pod) when
        nobody would roll.
        """
        kind, name = self._keeper(pod)
        template = self.get(kind, name).spec.template
        selector = as_selector(template.metadata.labels or {})
        rolling = Rolling(kind, name, selector, frozenset(p.uid for p in self.pods(selector)))
        stamp = self.clock.wall().isoformat()
        body = {"spec": {"template": {"metadata": {"annotations": {ANNOTATION: stamp}}}}}
        try:
            with looking():
                self.objects.patch(kind, name, body)
        except API_ERRORS as error:
            why = meaning(error).message
            raise CouldNotLook(MEANWHILE.format(object=rolling, why=why), AGAIN) from error
        return rolling

    def rolled_out(self, rolling: Rolling, seconds: float = SECONDS) -> list[Pod]:
        """Wait until every Pod is new and Ready and no old one is left; return the new ones.

        Refusal: `not-rolled-out` (object, found) when it does not end in time, or the trouble of
        a new Pod.
        """

        def look() -> list[Pod]:
            wanted = self._wanted(self.get(rolling.kind, rolling.name))
            new = [pod for pod in self.pods(rolling.selector) if pod.uid not in rolling.old]
            if problem := worst(new, self.hint):
                raise problem
            there = self.list("Pod", rolling.selector)  # also those that are on their way out
            old = [raw for raw in there if raw.metadata.uid in rolling.old]
            if old or len(new) != wanted:
                raise refusal(
                    "not-rolled-out",
                    DONE.format(object=rolling),
                    f"{len(new)} new, {len(old)} old",
                    f"kubectl rollout status {rolling.kind.lower()} {rolling.name}",
                    object=str(rolling),
                )
            return new

        return self.converge(look, lambda pods: True, seconds, DONE.format(object=rolling))

    def _keeper(self, pod: Pod) -> tuple[str, str]:
        kind, name = pod.owner or ("", "")
        if kind == "ReplicaSet":
            owners = self.get(kind, name).metadata.owner_references or ()
            kind, name = next(((o.kind, o.name) for o in owners if o.controller), ("", ""))
        if kind not in ROLLS:
            raise no_controller(pod)
        return kind, name

    def _wanted(self, controller: Any) -> int | None:
        """How many Pods there shall be; None while the controller has not seen the change yet."""
        status = controller.status
        if (status.observed_generation or 0) < (controller.metadata.generation or 0):
            return None
        if hasattr(status, "desired_number_scheduled"):  # a DaemonSet
            return int(status.desired_number_scheduled or 0)
        return int(controller.spec.replicas)
