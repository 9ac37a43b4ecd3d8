"""`bench.replace`: delete a Pod and meet its successor, unless nobody would make one."""

from __future__ import annotations

from checker.cluster import API_ERRORS, Meaning, meaning
from checker.observe.base import looking
from checker.observe.outcome import CouldNotLook, Refusal
from checker.observe.pod import Pod
from checker.observe.pods import Pods
from checker.observe.verdicts import refusal
from checker.texts import Text

SECONDS = 90.0
KEEPERS = {"ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController"}
"""Controllers that make a new Pod for one that was deleted. A Job does not always."""
NOBODY = {"no-pods", "no-match"}
OWNED = Text("Pod {pod} 由控制器管理", "Pod {pod} is looked after by a controller")
NEW = Text("Pod {pod} 换成新的并就绪", "a new Pod in place of {pod} to be Ready")
MEANWHILE = Text(
    "Pod {pod} 在我们删除它之前已经变了。", "Pod {pod} changed before we could delete it."
)
AGAIN = Text("请再检查一次。", "Check again.")


class Replace(Pods):
    """Replacing a Pod, told apart from a restart of its container."""

    def replace(
        self,
        pod: Pod,
        service: str = "",
        selector: str | dict[str, str] = "",
        seconds: float = SECONDS,
    ) -> Pod:
        """Delete `pod`, and return the one other Pod that is Ready in its place.

        That is the one behind `service`, or the one that has the labels of `selector`. Refusals:
        `no-controller` (pod) before anything is deleted, `no-replacement` (pod, found), or what
        finding the new Pod raises.
        """
        if pod.owner is None or pod.owner[0] not in KEEPERS:
            raise no_controller(pod)
        self._delete(pod)

        def look() -> Pod:
            try:
                now = self.look_behind(service) if service else self.look_for(selector)
            except Refusal as no:
                if no.message_id in NOBODY:
                    raise self._missing(pod, "-") from no
                no.settles = None  # a successor takes its time
                raise
            if now.uid == pod.uid:
                raise self._missing(pod, pod.name)
            return now

        return self.converge(look, lambda now: True, seconds, NEW.format(pod=pod.name))

    def _delete(self, pod: Pod) -> None:
        try:
            with looking():
                self.objects.delete("Pod", pod.name, uid=pod.uid)
        except API_ERRORS as error:
            if meaning(error).meaning is not Meaning.absent:
                raise CouldNotLook(MEANWHILE.format(pod=pod.name), AGAIN) from error

    def _missing(self, pod: Pod, found: str) -> Refusal:
        wanted = NEW.format(pod=pod.name)
        return refusal("no-replacement", wanted, found, "kubectl get pods", pod=pod.name)


def no_controller(pod: Pod) -> Refusal:
    """Nobody looks after this Pod in the way that is needed here."""
    command = f"kubectl get pod {pod.name} -o jsonpath='{{.metadata.ownerReferences}}'"
    return refusal("no-controller", OWNED.format(pod=pod.name), "-", command, 0, pod=pod.name)
