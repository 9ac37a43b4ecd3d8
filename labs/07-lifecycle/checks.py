"""Judges lab 07 by how Pods end: what was recorded while they were deleted, and what clients got.

Task `hook` is in marks.py, task `in-flight` in slow.py; ending.py knows how a deleted Pod ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.catalogue import check
from checker.observe import Answer, Bench, HttpAnswer, Load, Outcome, Pod, Recorder, clean
from checker.texts import Text

from .ending import KILLED, KINDS, Deletion, selector_of, show_end
from .marks import hook
from .slow import in_flight
from .story import Story

__all__ = ["drain", "hook", "in_flight", "rolling", "signal"]

OK = 200
FIRST_ANSWER = 20.0

CLEAN_ROUNDS, LOSSY_ROUNDS = 3, 2
"""Rounds without a loss that prove the claim, and rounds with one that disprove it: one round
without may be luck, and one lost request a hiccup of the machine."""
RATE = 10.0
PATIENCE = 3.0
ROUND = 100.0
AT_REST = 10
SERVES_ON = 2.0
"""Seconds kube-proxy may take to learn of an endpoint: it writes its rules at most once a second
(minSyncPeriod, https://kubernetes.io/docs/reference/networking/virtual-ips/), and a margin."""
EMPTY = 0.5
"""Seconds without a ready endpoint that are more than two changes heard one after the other."""

SOON_SECONDS = 5.0
SIGTERM_BIT = 1 << 14
"""Signal 15 in the masks of /proc/PID/status, see proc(5)."""
PROGRAM = 80
"""Characters of a command line that are enough to know it."""
DRAIN_LEAST, DRAIN_MOST = 38.0, 70.0

SERVES = Text("GET / 得到 200", "GET / gets 200")
LOSSLESS = Text("每个请求都得到 200", "every request gets 200")
REST = Text("重启之前的请求得到应答", "the requests before the restart to be answered")
SOON = Text("5 秒之内结束，退出码不是 137", "the end within 5 s, and not with exit code 137")
DRAINED = Text("终止消息 40 of 40，退出码 0", "termination message 40 of 40, exit code 0")
SHOW_ROLL = "kubectl rollout restart deployment web; timeout 30 kubectl get pods -w || true"
SHOW_SLICE = "kubectl get endpointslices -l kubernetes.io/service-name=web -o yaml"


@check("rolling")
def rolling(bench: Bench) -> Outcome:
    _must_serve(bench, "web")
    rounds: list[Load] = []
    lossy = 0
    with Recorder(bench.connection, bench.namespace, KINDS) as recorder:
        while lossy < LOSSY_ROUNDS and len(rounds) - lossy < CLEAN_ROUNDS:
            rounds.append(_round(bench, first=not rounds))
            lossy += bool(rounds[-1].failed)
        story = Story(recorder.record().facts, "web")
    sent = sum(len(load.answers) for load in rounds)
    lost = [answer for load in rounds for answer in load.failed]
    seen: dict[str, Any] = {
        "expected": LOSSLESS,
        "found": f"{len(rounds)} rounds, {sent} requests, {len(lost)} lost",
    }
    if lossy < LOSSY_ROUNDS:
        return bench.passed(command=SHOW_ROLL, **seen)
    told = {"rounds": len(rounds), "sent": sent, "failed": len(lost), "answer": _errors(lost)}
    if story.still_listed():
        bench.failed("still-listed", command=SHOW_SLICE, **told, **seen)
    if (empty := story.longest_empty()) > EMPTY:
        bench.failed("none-left", command=SHOW_SLICE, seconds=round(empty, 1), **told, **seen)
    served_on = story.shortest_farewell()
    which = "gone-too-early" if served_on < SERVES_ON else "not-up-yet"
    bench.failed(which, command=SHOW_ROLL, seconds=round(served_on, 1), **told, **seen)


@check("signal")
def signal(bench: Bench) -> Outcome:
    pod = bench.pod_of_service("page")
    _must_serve(bench, "page")
    program, handles = _process_one(bench, pod)
    with Deletion(bench, pod) as deletion:
        bench.replace(pod, service="page")
        end = deletion.end(SOON_SECONDS)
        deletion.shorten()
    seen: dict[str, Any] = {"expected": SOON, "found": str(end)}
    told = {"seconds": round(end.seconds), "grace": end.grace, "program": program}
    if end.seconds >= SOON_SECONDS:
        told["seconds"] = round(SOON_SECONDS)
        command = "kubectl exec deploy/page -- ps -o pid,args"
        bench.failed("not-ending" if handles else "not-heard", command=command, **told, **seen)
    command = show_end(selector_of(bench, "page"), end.grace)
    if end.code == KILLED:
        bench.failed("killed", command=command, **told, **seen)
    _must_serve(bench, "page")
    return bench.passed(command=command, **seen)


@check("drain")
def drain(bench: Bench) -> Outcome:
    pod = bench.ready_pod("app=orders")
    with Deletion(bench, pod) as deletion:
        bench.replace(pod, selector="app=orders")
        end = deletion.end(DRAIN_MOST)
        deletion.shorten()
    done = end.message
    seen: dict[str, Any] = {
        "expected": DRAINED,
        "found": f"{done or '-'}; {end}",
        "command": show_end("app=orders", end.grace, ",DONE:{}.message"),
    }
    told = {"seconds": round(end.seconds), "grace": end.grace, "done": done, "code": end.code}
    if end.code is None:
        bench.failed("still-running", **told, **seen)
    if end.code == KILLED:
        bench.failed("killed" if done else "no-signal", **told, **seen)
    if end.code != 0 or done != "40 of 40" or end.seconds < DRAIN_LEAST:
        bench.failed("cut-short", **told, **seen)
    return bench.passed(**seen)


def _must_serve(bench: Bench, service: str) -> None:
    bench.ready_pods_of_service(service)

    def serves(answer: HttpAnswer) -> bool:
        if answer.status != OK:
            said = f"HTTP {answer.status}" if answer.status else f"connection {answer.reached}"
            bench.failed(
                "no-page",
                expected=SERVES,
                found=said,
                command=f"kubectl get endpointslices -l kubernetes.io/service-name={service}",
                service=service,
                answer=said,
            )
        return True

    bench.converge(lambda: bench.http(service), serves, FIRST_ANSWER, SERVES)


def _process_one(bench: Bench, pod: Pod) -> tuple[str, bool]:
    """The command line of PID 1, and whether it has a handler for SIGTERM.

    An image without `cat` tells nothing; such a one is taken to have a handler.
    """
    ran = bench.exec(pod, ["cat", "/proc/1/status", "/proc/1/cmdline"])
    status, _, rest = ran.stdout.partition("nonvoluntary_ctxt_switches")  # the last line of it
    line = " ".join(rest.partition("\n")[2].replace("\0", " ").split())
    caught = next((row.split()[1] for row in status.splitlines() if row.startswith("SigCgt")), "")
    handles = not caught or bool(int(caught, 16) & SIGTERM_BIT)
    return f"`{clean(line, PROGRAM) or '?'}`", handles


def _round(bench: Bench, *, first: bool) -> Load:
    """One rolling restart under load, until the old Pods are gone."""
    pods = bench.ready_pods_of_service("web")
    with bench.load("web", rate=RATE, seconds=ROUND, patience=PATIENCE) as load:
        bench.converge(lambda: len(load.answers), lambda n: n >= AT_REST, FIRST_ANSWER, REST)
        if first and (lost := load.failed):
            bench.failed(
                "lost-at-rest",
                expected=LOSSLESS,
                found=_errors(lost),
                command="kubectl get endpointslices -l kubernetes.io/service-name=web",
                sent=len(load.answers),
                failed=len(lost),
                answer=_errors(lost),
            )
        bench.rolled_out(bench.roll(pods[0]))
    return load


def _errors(lost: Sequence[Answer]) -> str:
    return ", ".join(sorted({answer.error for answer in lost}))
