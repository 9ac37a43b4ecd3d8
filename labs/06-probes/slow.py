"""Task 3: a slow start is not cut off, and a broken program is still found out quickly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from checker.catalogue import check
from checker.observe import Bench, Container, Outcome, Pod, Reached, Refusal
from checker.texts import Text

from .broken import restarted_in_time
from .fleet import BROKEN, UP, Words, app_of, show_events, status_of, touch
from .probes import TRIES, probes_of

QUICK = 8.0
"""Seconds: a program that starts sooner is not the slow one that was given."""
CUT_OFF = 8.0
"""Seconds in which the given probes cut off a slow start: that tells more than Ready does."""
SILENT = (Reached.timeout, Reached.open)
"""How far a request without an answer may get. A refused one is an answer: nobody listens."""
STARTED = Text("启动慢的程序应答，没有重启", "the slow program answers, without a restart")
SLOW = Text("程序启动要 12 秒", "the program takes 12 s to start")
READY_LATE = Text("能应答了才算就绪", "Ready only when it answers")


@check("slow")
def slow(bench: Bench) -> Outcome:
    pods = bench.converge(lambda: bench.pods_of_service("slow"), bool, UP, STARTED)
    new = pods[-1]
    known = {pod.uid for pod in pods}
    if new.ready or new.restarts:
        _end(bench, new)
    else:  # it has just been made: its first start is still under way, and can be watched
        known.remove(new.uid)
    early: list[Refusal] = []
    pod = bench.converge(
        lambda: next((p for p in bench.pods_of_service("slow") if p.uid not in known), None),
        lambda now: now is not None and _up(bench, now, early),
        UP,
        STARTED,
        show=lambda now: f"{now.name}: Ready {now.ready}" if now else "-",
        command="kubectl get pods",
    )
    assert pod is not None
    told = [no for no in early if no.params["answer"] not in SILENT]
    if told or len(early) >= TRIES:
        raise (told or early)[0]
    took = _start_seconds(pod)
    if took < QUICK:
        command = f"kubectl get pod {pod.name} -o jsonpath='{{.spec.containers[*].env}}'"
        found = f"{took} s"
        bench.failed("not-slow", expected=SLOW, found=found, command=command, seconds=took)
    app = app_of(pod)
    touch(bench, pod, BROKEN)
    restarted_in_time(bench, app.id, pod, app.name)
    found = f"restarts 0, Ready after {took} s"
    return bench.passed(expected=STARTED, found=found, command=f"kubectl describe pod {pod.name}")


def _end(bench: Bench, pod: Pod) -> None:
    """Delete a Pod that a controller replaces, without waiting for its successor."""
    if pod.owner is None:
        command = f"kubectl get pod {pod.name} -o jsonpath='{{.metadata.ownerReferences}}'"
        bench.failed("no-controller", expected=STARTED, found="-", command=command, pod=pod.name)
    bench.objects.delete("Pod", pod.name, uid=pod.uid)


def _up(bench: Bench, pod: Pod, early: list[Refusal]) -> bool:
    """Whether it is Ready and answers. A restart on the way ends the check.

    Ready without an answer ends it too, after a while: being cut off tells more. `early` keeps it,
    where nothing came back, one alone may be an accident.
    """
    app = app_of(pod)
    if app.restarts:
        _killed(bench, pod, app)
    said = status_of(bench, pod)
    if pod.ready and said != "200":
        try:
            _ready_too_early(bench, pod, said)
        except Refusal as no:
            early.append(no)
            raise
    return pod.ready


def _ready_too_early(bench: Bench, pod: Pod, said: str) -> None:
    bench.failed(
        "ready-too-early",
        expected=READY_LATE,
        found=said,
        command=f"kubectl get pod {pod.name}",
        settles=CUT_OFF,
        pod=pod.name,
        answer=said,
    )


def _killed(bench: Bench, pod: Pod, app: Container) -> None:
    """Say by which probe the start was cut off; a program that ended by itself is told so."""
    last = app.last
    code = last.code if last else "?"
    seen: Words = {"expected": STARTED, "found": f"restarts {app.restarts}, exit code {code}"}
    by_signal = last is not None and last.code in (137, 143) and last.reason != "OOMKilled"
    if not by_signal:
        bench.failed(
            "crashed",
            command=f"kubectl logs {pod.name} -c {app.name} --previous",
            settles=0,
            pod=pod.name,
            container=app.name,
            code=code,
            restarts=app.restarts,
            **seen,
        )
    began, ended = (last.started_at, last.finished_at) if last else (None, None)
    lived = ended - began if began and ended else timedelta()
    seen |= {"command": show_events(pod), "settles": 0, "pod": pod.name, "code": code}
    seen |= {"seconds": round(lived.total_seconds())}
    for probe in probes_of(pod, "startup"):
        if probe.container == app.name:
            bench.failed("budget-too-small", probe=probe.words, **seen)
    bench.failed("killed-while-starting", **seen)


def _start_seconds(pod: Pod) -> int:
    """From the start of its container until it was Ready, by the clock of the cluster."""
    status: Any = pod.raw.status
    ready: datetime = next(
        each.last_transition_time for each in status.conditions if each.type == "Ready"
    )
    started = app_of(pod).started_at or ready
    return round((ready - started).total_seconds())
