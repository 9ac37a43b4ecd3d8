"""Ends a container of lab 08 on the checker's order, and tells how that very life ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from checker.cluster import Step
from checker.observe import Before, Bench, Pod
from checker.texts import Text

from .ordered import FINISHED, NAME, note

ORDER = "/tmp/order"  # noqa: S108 (a path in the learner's container)
OBEYS = 15.0
"""Seconds for the program to notice its order; it need not look more often than each second."""
ENDS = 40.0
"""Seconds for the end to appear in the Pod's status."""
# Written beside it first: the program must never read half an order.
WRITE = 'printf "%s\\n%s\\n" "$1" "$2" > "$3.new" && mv "$3.new" "$3"'

HERE = Text("Pod 里有容器 messager", "the Pod has a container messager")
ENDED = Text("程序读到 /tmp/order 就结束", "the program to end when it reads /tmp/order")
CODE = Text("退出码是 /tmp/order 的第一行", "the exit code is the first line of /tmp/order")


@dataclass(frozen=True)
class Ending:
    """How the life ended that the order was given to.

    `last` says whether it stands in `lastState`, where another life follows, or in `state`.
    """

    pod: Pod
    before: Before
    code: int
    message: str
    last: bool

    @property
    def shown_by(self) -> str:
        """A command with which the learner sees the same."""
        state = "lastState" if self.last else "state"
        return (
            f"kubectl get pod {self.pod.name} -o jsonpath="
            f"'{{.status.containerStatuses[?(@.name==\"{NAME}\")].{state}}}'"
        )


def any_code() -> int:
    """An exit code that a program of the learner's would not hit upon; below those of signals."""
    return 20 + secrets.randbelow(100)


def end(bench: Bench, pod: Pod, code: int, reason: str, *, back: bool = True) -> Ending:
    """Give the order, and wait for the end of the container that got it.

    `back`: wait also for its next life, after which the end stands in `lastState`.

    Refusals: `no-container`, `no-tools`, `no-order`, `not-ended`, `wrong-code`, `pod-changed`.
    """
    names = ", ".join(c.name for c in pod.containers)
    if NAME not in names.split(", "):
        told: dict[str, Any] = {"pod": pod.name, "container": NAME}
        bench.failed("no-container", HERE, names, f"kubectl describe pod {pod.name}", **told)
    before = bench.before(pod, NAME)
    note(bench, before)
    bench.later(Step.exec(pod.name, ("rm", "-f", ORDER), NAME, pod.uid))
    ran = bench.exec(pod, ["sh", "-c", WRITE, "sh", str(code), reason, ORDER], NAME)
    if ran.code in (126, 127):
        bench.failed("no-tools", ENDED, ran.stderr.strip(), f"kubectl describe pod {pod.name}")
    if not ran.ok:
        said = ran.stderr.strip()
        command = f"kubectl exec {pod.name} -c {NAME} -- touch {ORDER}"
        bench.failed("no-order", ENDED, said, command, answer=said)
    began = bench.clock.now()
    ending = bench.converge(lambda: _look(bench, before, began, back), bool, ENDS, ENDED)
    if ending.code != code:
        found = f"exitCode {ending.code}"
        bench.failed("wrong-code", CODE, found, ending.shown_by, code=ending.code, wanted=code)
    return ending


def _look(bench: Bench, before: Before, began: float, back: bool) -> Ending:
    """The end of that life, wherever it stands; else the check goes on waiting."""
    pod = bench.pod(before.pod)
    if pod.uid != before.uid:
        command = f"kubectl get pod {before.pod}"
        bench.failed("pod-changed", ENDED, f"uid {pod.uid}", command, 0, pod=before.pod)
    status = pod.raw.status
    states = [*(status.container_statuses or ()), *(status.init_container_statuses or ())]
    for mine in (s for s in states if s.name == NAME):
        # Between the end and the next life it stands in `state`, for good where none follows.
        places = [(mine.last_state, True)]
        if pod.phase in FINISHED or not back:
            places.append((mine.state, False))
        for state, last in places:
            gone = state.terminated if state else None
            if gone and gone.container_id == before.container_id:
                return Ending(pod, before, gone.exit_code, gone.message or "", last)
    here = pod.container(NAME)
    if here.restarts > before.restarts + 1:  # `lastState` tells of a later life than ours
        told: dict[str, Any] = {"pod": pod.name, "container": NAME}
        command = f"kubectl logs {pod.name} -c {NAME} --previous"
        bench.failed(
            "restarted-meanwhile", ENDED, f"restartCount {here.restarts}", command, 0, **told
        )
    bench.failed(
        "not-ended",
        ENDED,
        f"{here.state} {here.reason}, restartCount {here.restarts}",
        f"kubectl get pod {pod.name}",
        OBEYS if here.state == "running" else None,
        seconds=round(bench.clock.now() - began),
    )
