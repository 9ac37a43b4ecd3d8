"""How a deleted Pod came to its end, from a record that is written while it goes.

A Pod that is gone cannot be asked: the record has `pod-deleting` first, then how each container
ended, then `pod-gone`. Times are the cluster's own, in whole seconds, so that no lag counts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from checker.cluster import API_ERRORS
from checker.observe import Bench, CouldNotLook, Fact, Pod, Recorder
from checker.texts import Text

KINDS = ("Pod", "EndpointSlice", "Event")
KILLED = 137
"""128 + 9: ended by SIGKILL."""
AT_EASE = 1.0
"""Seconds a program may need after its start until its signal handlers are set."""
LONGEST = 40.0
"""Seconds after which we wait no more for a container that should long have ended."""
LAG = 25.0
"""Seconds by which what we hear may be late on a busy machine."""

EASE = Text("Pod {pod} 保持就绪", "Pod {pod} stays Ready")
ENDS = Text("Pod {pod} 的容器结束", "the container of Pod {pod} to end")
MISSED = Text(
    "没有听到 Pod {pod} 的容器是怎样结束的。", "How the container of Pod {pod} ended was not heard."
)
AGAIN = Text("请再检查一次。", "Check again.")
SHOW_GRACE = (
    "kubectl get pods -o custom-columns="
    "POD:.metadata.name,GRACE:.spec.terminationGracePeriodSeconds"
)
ENDED = ".status.containerStatuses[*].state.terminated"


@dataclass(frozen=True)
class End:
    """How a container of a deleted Pod ended. `seconds` count from the deletion.

    `code` is None while it still runs; `grace` is the Pod's grace period in seconds.
    """

    grace: int
    seconds: float
    code: int | None = None
    message: str = ""

    def __str__(self) -> str:
        how = "running" if self.code is None else f"exit code {self.code},"
        return f"{how} {self.seconds:.0f} s after the deletion (grace period {self.grace} s)"


class Deletion:
    """What is heard of one Pod while it is deleted. A context manager; the Pod must be Ready."""

    def __init__(self, bench: Bench, pod: Pod) -> None:
        self.bench = bench
        self.pod = pod
        self.grace = int(pod.raw.spec.termination_grace_period_seconds)
        self._recorder = Recorder(bench.connection, bench.namespace, KINDS)

    def __enter__(self) -> Deletion:
        """Begin once the Pod has been Ready for a moment: its program is set up by then."""
        self.bench.hold(
            lambda: self.bench.pod(self.pod.name),
            lambda now: now.uid == self.pod.uid and now.ready,
            AT_EASE,
            EASE.format(pod=self.pod.name),
            show=lambda now: f"uid {now.uid}, {'Ready' if now.ready else now.phase}",
            command=f"kubectl describe pod {self.pod.name}",
        )
        self._recorder.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._recorder.stop()

    def facts(self, *what: str) -> list[Fact]:
        """What was heard of the Pod. (An endpoint does not tell the uid of its Pod.)"""
        facts = self._recorder.record().of(*what)
        mine = (self.pod.uid, "")
        return [fact for fact in facts if fact.subject == self.pod.name and fact.uid in mine]

    @property
    def began(self) -> datetime:
        """When the deletion was asked for, in whole seconds. CouldNotLook when it went unheard."""
        return self._deleting().at

    def end(self, within: float = LONGEST, container: str | None = None) -> End:
        """How the container ended, or that it still ran `within` seconds after the deletion.

        Without a name it is the main one. Refusal `grace-zero` (pod); CouldNotLook when the end
        went by unheard.
        """
        ends = ENDS.format(pod=self.pod.name)
        end = self.bench.converge(
            lambda: self._now(container),
            lambda now: now.code is not None or now.seconds >= within,
            within + LAG,
            ends,
        )
        if end.code is None and self.grace == 0:
            self.bench.failed(
                "grace-zero",
                expected=ends,
                found="terminationGracePeriodSeconds: 0",
                command=SHOW_GRACE,
                pod=self.pod.name,
            )
        return end

    def shorten(self) -> None:
        """Let a Pod that has been judged go at once: a deletion can be shortened, never undone.

        One that is gone by itself, or not to be reached, goes without us.
        """
        with suppress(*API_ERRORS):
            self.bench.objects.delete("Pod", self.pod.name, uid=self.pod.uid, grace=1)

    def _now(self, container: str | None) -> End:
        deleting = self._deleting()
        name = self.pod.container(container).name
        for fact in reversed(self.facts("container-ended")):
            if fact.container == name and fact.heard >= deleting.heard:
                took = (fact.at - deleting.at).total_seconds()
                return End(self.grace, took, fact.more["code"], fact.more["message"].strip())
        # Without a grace period the API server removes the Pod, and nobody waits for its end.
        if self.facts("pod-gone") and self.grace > 0:
            raise CouldNotLook(MISSED.format(pod=self.pod.name), AGAIN)
        gone = LONGEST if self.facts("pod-gone") else 0.0
        took = (self.bench.clock.wall() - deleting.heard).total_seconds()
        return End(self.grace, max(took, gone))

    def _deleting(self) -> Fact:
        facts = self.facts("pod-deleting", "pod-gone")
        if not facts:
            raise CouldNotLook(MISSED.format(pod=self.pod.name), AGAIN)
        return facts[0]


def show_end(selector: str, grace: int, more: str = "") -> str:
    """A command that deletes such a Pod and shows how its containers end."""
    columns = f"POD:.metadata.name,EXIT:{ENDED}.exitCode{more.format(ENDED)}"
    watch = f"timeout {grace + 3} kubectl get pods -l {selector} -w -o custom-columns={columns}"
    return f"kubectl delete pod -l {selector} --wait=false; {watch} || true"


def selector_of(bench: Bench, service: str) -> str:
    """The labels by which a Service finds its Pods, as kubectl takes them."""
    pairs = bench.service(service).spec.selector or {}
    return ",".join(f"{key}={value}" for key, value in pairs.items())


def has_hook(pod: Pod) -> bool:
    """Whether any container has a preStop hook."""
    return any(form.lifecycle and form.lifecycle.pre_stop for form in pod.forms)
