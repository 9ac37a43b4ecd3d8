"""`bench.pods`, `bench.ready_pod`, `bench.service`, `bench.pods_of_service`: finding Pods.

When there is none, or one that does not come up, the Refusal says which of the common troubles it
is. "No Pod matches" is the learner's failure, never "could not look".
"""

from __future__ import annotations

from typing import Any

from kubernetes import client

from checker.observe.controllers import (
    CONTROLLERS,
    NONE_SETTLES,
    makes,
    must_have_seen,
    pods_refused,
    rollout_of,
)
from checker.observe.converge import Converge
from checker.observe.objects import GetObjects, as_selector
from checker.observe.outcome import Refusal
from checker.observe.pod import Pod, view
from checker.observe.troubles import worst
from checker.observe.verdicts import refusal
from checker.texts import Text

SECONDS = 30.0
MANY_SETTLES = 12.0
"""Seconds a rollout may show an old and a new Pod side by side."""
UP = Text("{what} 的 Pod 就绪", "the Pod of {what} to be Ready")
SELECTED = Text("有 Pod 带标签 {selector}", "a Pod carries the labels {selector}")
ONE = Text("{what} 只有一个 Pod", "{what} has exactly one Pod")
WARNING = "Warning"
FINISHED = ("Succeeded", "Failed")


class Pods(Converge, GetObjects):
    """Finding the Pods a task speaks of, by labels or through a Service."""

    def pods(self, selector: str | dict[str, str] = "") -> list[Pod]:
        """The Pods with these labels, oldest first, those that are being deleted left out.

        Empty where there is none.
        """
        found = [view(raw) for raw in self.list("Pod", selector)]
        found.sort(key=lambda pod: (str(pod.created_at), pod.name))
        return [pod for pod in found if not pod.terminating]

    def pod(self, name: str) -> Pod:
        """The Pod of that name as it is now; else the Refusal `no-object`."""
        return view(self.get("Pod", name))

    def ready_pod(self, selector: str | dict[str, str], seconds: float = SECONDS) -> Pod:
        """The one Pod with these labels, once it is Ready.

        Refusals: `no-match` (selector), `many-match` (selector, count, pods), or its trouble.
        """
        what = as_selector(selector)
        return self.converge(lambda: self.look_for(selector), _any, seconds, UP.format(what=what))

    def look_for(self, selector: str | dict[str, str]) -> Pod:
        """As `ready_pod`, but one look, without waiting."""
        words = as_selector(selector)
        found, rolling = self._present(words)
        if not found:
            raise self._none("no-match", words, selector=words)
        return self._one(found, rolling, words, "many-match", selector=words)

    def service(self, name: str) -> client.V1Service:
        """The Service; else the Refusal `no-object`."""
        found: client.V1Service = self.get("Service", name)
        return found

    def pods_of_service(self, name: str) -> list[Pod]:
        """The Pods a Service selects now, Ready or not. Refusals: `no-object`, `no-pods`."""
        return self._behind(name)[0]

    def pod_of_service(self, name: str, seconds: float = SECONDS) -> Pod:
        """The one Pod behind a Service, once it is Ready.

        Refusals: `no-object`, `no-pods`, `many-pods` (service, count, pods), or its trouble.
        """
        what = UP.format(what=f"Service {name}")
        return self.converge(lambda: self.look_behind(name), _any, seconds, what)

    def look_behind(self, service: str) -> Pod:
        """As `pod_of_service`, but one look, without waiting."""
        found, rolling = self._behind(service)
        return self._one(found, rolling, f"Service {service}", "many-pods", service=service)

    def ready_pods_of_service(self, name: str, seconds: float = SECONDS) -> list[Pod]:
        """All Pods behind a Service, once each is Ready and no rollout is on its way.

        Refusals as above, without `many-pods`.
        """
        what = UP.format(what=f"Service {name}")
        return self.converge(lambda: self._settled(*self._behind(name)), _any, seconds, what)

    def _behind(self, service: str) -> tuple[list[Pod], Refusal | None]:
        spec = self.service(service).spec
        labels = as_selector((spec.selector if spec else None) or {})
        found, rolling = self._present(labels) if labels else ([], None)
        if not found:
            raise self._none("no-pods", labels, service=service, selector=labels or "-")
        return found, rolling

    def hint(self, pod: Pod) -> str:
        """The text of a Pod's last warning event, or nothing."""
        events = [
            event
            for event in self.list("Event")
            if event.involved_object.uid == pod.uid and event.type == WARNING
        ]
        events.sort(key=lambda event: str(event.last_timestamp or event.event_time))
        return f"{events[-1].reason}: {events[-1].message}" if events else ""

    def _present(self, selector: str) -> tuple[list[Pod], Refusal | None]:
        """The Pods that count, of the manifests applied last; and, where a rollout is on its way,
        what to say of that.

        Right after a manifest was applied, the Pod of the one before is still there, alone and
        Ready. So the controllers that make such Pods must have taken up what was applied. They are
        asked before the Pods are listed: one that ends its rollout in between would vouch for an
        old Pod.
        """
        rolling: Refusal | None = None
        for kind in CONTROLLERS:
            for owner in (o for o in self.list(kind) if makes(o, selector)):
                must_have_seen(owner, kind)
                rolling = rolling or rollout_of(owner, kind)
        return unfinished(self.pods(selector)), rolling

    def _one(
        self, found: list[Pod], rolling: Refusal | None, what: str, message: str, **params: object
    ) -> Pod:
        """The only Pod, Ready. In a rollout, the Pod that is not Ready yet tells more than that
        there are two.
        """
        self._settled(found, rolling)
        if len(found) == 1:
            return found[0]
        told: dict[str, Any] = {"count": len(found), "pods": ", ".join(pod.name for pod in found)}
        command = "kubectl get pods --show-labels"
        raise refusal(
            message, ONE.format(what=what), told["pods"], command, MANY_SETTLES, **(told | params)
        )

    def _settled(self, found: list[Pod], rolling: Refusal | None) -> list[Pod]:
        """These Pods, when all are Ready and no rollout is on its way; else the trouble of one
        that is not, for that tells more.
        """
        if problem := worst(found, self.hint) or rolling:
            raise problem
        return found

    def _none(self, message: str, wanted: str, **params: object) -> Exception:
        """No Pod: because nothing was made, or because the API server refused those to be made."""
        label = SELECTED.format(selector=wanted or "-")
        for kind in CONTROLLERS:
            for owner in self.list(kind):
                if no := pods_refused(owner, kind, label):
                    return no
        found = ", ".join(
            f"{pod.name} ({as_selector(dict(pod.labels)) or '-'})" for pod in self.pods()
        )
        command = "kubectl get pods --show-labels"
        # Where an old Pod must go before a new one comes, that may take its grace period.
        going = any(view(raw).terminating for raw in self.list("Pod", wanted))
        settles = None if going else NONE_SETTLES
        return refusal(message, label, found or "-", command, settles, **params)


def unfinished(found: list[Pod]) -> list[Pod]:
    """Without Pods that have ended (evicted ones stay behind), unless there are no others."""
    return [pod for pod in found if pod.phase not in FINISHED] or found


def _any(found: object) -> bool:
    """Whatever was found will do: a look that found nothing right has raised."""
    return True
