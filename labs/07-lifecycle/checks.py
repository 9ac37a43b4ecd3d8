"""Judges lab 07 by how Pods end: what was recorded while they were deleted, and what clients got.

Task `hook` is in marks.py, `in-flight` in slow.py, `rolling` in rolling.py. ending.py knows how a
deleted Pod came to its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.catalogue import check
from checker.observe import Bench, Outcome, Pod, clean
from checker.texts import Text

from .ending import KILLED, LONGEST, Deletion, End, has_hook, selector_of, show_end
from .marks import hook
from .rolling import rolling
from .serving import must_serve
from .slow import in_flight

__all__ = ["drain", "hook", "in_flight", "rolling", "signal"]

SOON_SECONDS = 5.0
ATTEMPTS = 2
SIGTERM_BIT = 1 << 14
"""Signal 15 in the masks of /proc/PID/status, see proc(5)."""
PROGRAM = 80
"""Characters of a command line that are enough to know it."""
DRAIN_LEAST, DRAIN_MOST = 38.0, 70.0
AS_GIVEN = 43.0
"""Seconds that the given hook and program take together, and no less: delays only add to them.

On a busy machine they may add more than a missing hook takes away, so that is looked for as well.
"""

Program = tuple[str, bool]
"""The command line of a container's PID 1, and whether it has a handler for SIGTERM."""

SOON = Text("5 秒之内结束，退出码不是 137", "the end within 5 s, and not with exit code 137")
DRAINED = Text("终止消息 40 of 40，退出码 0", "termination message 40 of 40, exit code 0")


@check("signal")
def signal(bench: Bench) -> Outcome:
    for _ in range(ATTEMPTS):
        pod = bench.pod_of_service("page")
        must_serve(bench, "page")
        # Not only the main one: a native sidecar, which may be what serves, ends after it.
        running = [c.name for c in pod.containers if c.state == "running"]
        programs = {name: _process_one(bench, pod, name) for name in running}
        with Deletion(bench, pod) as deletion:
            bench.replace(pod, service="page")
            end, (program, handles) = _worst(deletion, programs, SOON_SECONDS)
            if end.seconds >= SOON_SECONDS and (handles or _is_cut_short(end)):
                end, (program, handles) = _worst(deletion, programs)
            deletion.shorten()
        # One that ends by itself, but late, may have been held up by a busy machine: once more.
        if end.seconds < SOON_SECONDS or end.code in (None, KILLED):
            break
    seen: dict[str, Any] = {"expected": SOON, "found": str(end)}
    told = {"seconds": round(end.seconds), "grace": end.grace, "program": program}
    killed = end.code == KILLED
    if end.seconds >= SOON_SECONDS and not (killed and _is_cut_short(end)):
        told["seconds"] = round(SOON_SECONDS)
        command = "kubectl exec deploy/page -- ps -o pid,args"
        bench.failed("not-ending" if handles else "not-heard", command=command, **told, **seen)
    command = show_end(selector_of(bench, "page"), end.grace)
    if killed:
        bench.failed("killed", command=command, **told, **seen)
    must_serve(bench, "page")
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
    if end.seconds < AS_GIVEN or not has_hook(pod):
        bench.failed("not-as-given", **told, **seen)
    return bench.passed(**seen)


def _worst(
    deletion: Deletion, programs: Mapping[str, Program], within: float = LONGEST
) -> tuple[End, Program]:
    """How that container ended which tells most against the Pod, and its program.

    The kubelet may tell of all ends only when the last container has ended, so a deaf program is
    named before one that only seems to be late.
    """

    def tells(name: str) -> tuple[bool, bool, float]:
        end = ends[name]
        wrong = end.seconds >= SOON_SECONDS or end.code == KILLED
        return wrong, not programs[name][1], end.seconds

    ends = {name: deletion.end(within, name) for name in programs}
    worst = max(programs, key=tells)
    return ends[worst], programs[worst]


def _is_cut_short(end: End) -> bool:
    """Whether the grace period ends before the 5 s are over: a busy kubelet kills later, and so it
    tells nothing that the container still runs by then.
    """
    return end.grace < SOON_SECONDS


def _process_one(bench: Bench, pod: Pod, container: str) -> Program:
    """What a container's PID 1 is.

    An image without `cat` tells nothing; such a one is taken to have a handler.
    """
    ran = bench.exec(pod, ["cat", "/proc/1/status", "/proc/1/cmdline"], container)
    status, _, rest = ran.stdout.partition("nonvoluntary_ctxt_switches")  # the last line of it
    line = " ".join(rest.partition("\n")[2].replace("\0", " ").split())
    caught = next((row.split()[1] for row in status.splitlines() if row.startswith("SigCgt")), "")
    handles = not caught or bool(int(caught, 16) & SIGTERM_BIT)
    return f"`{clean(line, PROGRAM) or '?'}`", handles
