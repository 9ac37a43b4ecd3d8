"""Task `in-flight`: slow requests go out all the time, so some are always half-way done.

Which of them were in flight when the Pod was deleted is told by their times, afterwards. So a busy
machine, on which a look takes seconds, spoils nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from checker.catalogue import check
from checker.observe import Answer, Bench, CouldNotLook, Outcome
from checker.texts import Text

from .ending import AGAIN, Deletion, selector_of, show_end
from .serving import runs_a_former_script

SERVICE = "report"
LEAST = 3.0
PATIENCE = 8.0
RATE = 2.0
SECONDS = 60.0
WHOLE = timedelta(seconds=1.5)
"""The cluster tells the time of a deletion in whole seconds, cut off; and a margin."""
TAKEN = timedelta(seconds=1)
"""From sending a request until the program has it in its hands. One that was sent at the very last
may still wait to be taken when the program closes its door: who then gets no answer had not begun.
"""
REFUSED = "Connection refused"
"""Such a request never reached the program, so it was not in flight."""

SLOW = Text("GET /slow 在 4 秒后得到 200", "GET /slow gets 200 after 4 s")
FIRST = Text("GET /slow 得到第一个应答", "GET /slow to be answered for the first time")
ANSWERED = Text(
    "GET /slow 得到 200；退出码 0，短于宽限期",
    "GET /slow gets 200; exit code 0, in less than the grace period",
)
TOO_BUSY = Text(
    "删除的时候，没有一个请求正处理到一半。",
    "No request was half-way done at the moment of the deletion.",
)


@check("in-flight")
def in_flight(bench: Bench) -> Outcome:
    pod = bench.pod_of_service(SERVICE)
    if runs_a_former_script(bench, pod):
        pod = bench.replace(pod, service=SERVICE)
    show = show_end(selector_of(bench, SERVICE), int(pod.raw.spec.termination_grace_period_seconds))
    with Deletion(bench, pod) as deletion:
        with bench.load(SERVICE, "/slow", rate=RATE, seconds=SECONDS, patience=PATIENCE) as load:
            bench.converge(lambda: _one_slow(bench, load.answers), bool, PATIENCE * 2, FIRST)
            bench.replace(pod, service=SERVICE)
        end = deletion.end()
        flying = _in_flight(load.answers, deletion.began)
        endpoint = _endpoint(deletion)
    lost = [answer for answer in flying if not answer.ok]
    seen: dict[str, Any] = {
        "expected": ANSWERED,
        "found": f"{len(flying) - len(lost)} of {len(flying)} answered; {end}; {endpoint}",
        "command": show,
    }
    told = {"seconds": round(end.seconds), "grace": end.grace, "code": end.code}
    if end.code is not None and end.seconds >= end.grace:
        bench.failed("grace-used-up", lost=len(lost), **told, **seen)
    if lost:
        errors = ", ".join(sorted({answer.error for answer in lost}))
        bench.failed("cut-off", lost=len(lost), sent=len(flying), answer=errors, **told, **seen)
    if all(answer.at + _took(answer) < deletion.began + WHOLE for answer in flying):
        raise CouldNotLook(TOO_BUSY, AGAIN)
    if end.code is None:
        deletion.shorten()
        bench.failed("not-ending", **told, **seen)
    if end.code != 0:
        bench.failed("exit-code", **told, **seen)
    return bench.passed(**seen)


def _one_slow(bench: Bench, answers: Sequence[Answer]) -> bool:
    """Whether one has been answered as it should be; one that was not may have come too early."""
    if not answers or any(answer.ok and answer.seconds >= LEAST for answer in answers):
        return bool(answers)
    last = answers[-1]
    said = last.error or f"HTTP {last.status}"
    bench.failed(
        "not-slow",
        expected=SLOW,
        found=f"{said}, {last.seconds:.1f} s",
        command=f"kubectl get endpointslices -l kubernetes.io/service-name={SERVICE}",
        seconds=round(last.seconds, 1),
        answer=said,
    )


def _in_flight(answers: Sequence[Answer], deleted: datetime) -> list[Answer]:
    """Those that the program had begun before the deletion and that ended after it."""
    return [
        answer
        for answer in answers
        if answer.at + TAKEN < deleted <= answer.at + _took(answer) and answer.error != REFUSED
    ]


def _took(answer: Answer) -> timedelta:
    return timedelta(seconds=answer.seconds)


def _endpoint(deletion: Deletion) -> str:
    """What the EndpointSlice told of the Pod as soon as it was deleted."""
    for fact in deletion.facts("endpoint-changed"):
        if fact.more["terminating"]:
            told = ", ".join(
                f"{key}: {str(fact.more[key]).lower()}"
                for key in ("terminating", "serving", "ready")
            )
            return f"endpoint {told}"
    return "endpoint gone"
