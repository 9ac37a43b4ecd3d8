"""Task `hook`: the order of two lines that a Pod leaves in a file that outlives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.catalogue import check
from checker.observe import Bench, Outcome, Pod
from checker.texts import Text

from .ending import Deletion, has_hook

LOG = "/marks/log"
PODS = 2
"""Pods that are deleted one after the other: the second finds the lines of the first."""
CANNOT_RUN = (126, 127)
READABLE = Text("能读 /marks/log", "/marks/log can be read")
ORDER = Text("先有一行 hook，再有一行 term", "a line hook, and then a line term")
SHOW_HOOK = "kubectl get pods -l app=ledger -o jsonpath='{.items[*].spec.containers[*].lifecycle}'"
SHOW_EVENTS = "kubectl get events --field-selector reason=FailedPreStopHook"


@check("hook")
def hook(bench: Bench) -> Outcome:
    pod = bench.ready_pod("app=ledger")
    for _ in range(PODS):
        pod, lines, show = _notes_its_end(bench, pod)
    return bench.passed(lines, show, ORDER)


def _notes_its_end(bench: Bench, pod: Pod) -> tuple[Pod, str, str]:
    """Delete the Pod. Its successor, the lines that it left, and how to see them."""
    before = _log(bench, pod)
    with Deletion(bench, pod) as deletion:
        new = bench.replace(pod, selector="app=ledger")
        end = deletion.end()
        failures = [f for f in deletion.facts("event") if f.more["reason"] == "FailedPreStopHook"]
    fresh = _log(bench, new).removeprefix(before).split("\n")
    lines = ", ".join(line.strip() for line in fresh if line.strip()) or "-"
    words = _words(fresh, pod)
    show = f"kubectl exec {new.name} -- cat {LOG}"
    seen: dict[str, Any] = {"expected": ORDER, "found": lines, "lines": lines, "pod": pod.name}
    if not words and (volume := _volume_at(new, "/marks")) != "persistentVolumeClaim":
        bench.failed("not-kept", volume=volume, command=show, **seen)
    if "term" not in words:
        told: dict[str, Any] = {"seconds": round(end.seconds), "command": show}
        if end.code is None:
            bench.failed("not-ending", **told, **seen)
        bench.failed("no-term", code=end.code, **told, **seen)
    if not has_hook(pod):
        bench.failed("no-hook", command=SHOW_HOOK, **seen)
    if "hook" in words and words.index("hook") < words.index("term"):
        return new, lines, show
    if "hook" in words:
        bench.failed("wrong-order", command=show, **seen)
    if failures:
        seen["found"] = detail = failures[-1].more["message"]
        bench.failed("hook-failed", detail=detail, command=SHOW_EVENTS, **seen)
    if "hook" in _words(before.split("\n"), pod):
        bench.failed("hook-too-early", command=SHOW_HOOK, **seen)
    bench.failed("hook-silent", command=SHOW_HOOK, **seen)


def _log(bench: Bench, pod: Pod) -> str:
    """The text of the log, empty where there is no such file."""
    ran = bench.exec(pod, ["cat", LOG])
    if ran.code in CANNOT_RUN:
        said = ran.stderr.strip()
        bench.failed(
            "cannot-read",
            expected=READABLE,
            found=said,
            command=f"kubectl exec {pod.name} -- cat {LOG}",
            pod=pod.name,
            container=pod.container().name,
            answer=said,
        )
    return ran.stdout if ran.ok else ""


def _words(lines: Sequence[str], pod: Pod) -> list[str]:
    """What this Pod noted, in order: `hook`, `term`."""
    pairs = [line.split() for line in lines]
    return [pair[0] for pair in pairs if pair[1:] == [pod.name]]


def _volume_at(pod: Pod, path: str) -> str:
    """The type of the volume that is mounted there, `-` for none."""
    names = {n for c in pod.containers for n, p in c.mounts.items() if p.rstrip("/") == path}
    for volume in pod.raw.spec.volumes or ():
        for field, form in volume.attribute_map.items():
            if volume.name in names and field != "name" and getattr(volume, field) is not None:
                return str(form)
    return "-"
