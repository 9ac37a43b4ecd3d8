"""Why a page is not the one it should be: the cause named from volumes, answers and mounts."""

from __future__ import annotations

from typing import Any, NoReturn

from checker.observe import Bench, HttpAnswer, Pod, Refusal
from checker.texts import Text

from .site import (
    HELPER,
    IN_TIME,
    NGINX,
    PAGE,
    SETTLES,
    first_line,
    in_words,
    said,
    show_mounts,
    volumes,
)

FIRST_FETCH = 20.0
"""Seconds for the first version: a helper may have looked just before the server was up."""
TOUCH = 'touch "$1" && rm "$1"'
READ_ONLY = Text(
    "共用的卷在 nginx 里只能读", "in nginx the shared volume can be read and not written"
)
SHARED = Text("两个容器挂载同一个卷", "both containers mount one volume")
SHOWN = Text(
    "每个 Pod 都显示推送的提交，nginx 没有重启",
    "each Pod shows the pushed commit, and nginx is not restarted",
)


def say_why_not(bench: Bench, answer: HttpAnswer, pods: list[Pod]) -> NoReturn:
    """It answers, and not with the page: from the volumes and the answer, name the cause."""
    pod = pods[0]
    ours, theirs = (volumes(pod, name) for name in (NGINX, HELPER))
    shared = [name for name in ours if name in theirs]
    seen: dict[str, Any] = {"expected": PAGE, "found": said(answer)["found"]}
    if not shared:
        seen["command"] = show_mounts(pod)
        told = {"nginx": in_words(ours), "helper": in_words(theirs)}
        bench.failed("no-shared-volume", settles=SETTLES, pod=pod.name, **told, **seen)
    volume = shared[0]
    files = _files(bench, pod, ours[volume])
    if files is not None and not files:
        seen |= {"found": "", "command": f"kubectl exec {pod.name} -c {NGINX} -- ls {ours[volume]}"}
        ran = bench.clock.wall() - (pod.container(HELPER).started_at or bench.clock.wall())
        settles = max(SETTLES, FIRST_FETCH - ran.total_seconds())
        told = {"volume": volume, "mount": theirs[volume]}
        bench.failed("nothing-published", settles=settles, **told, **seen)
    seen["command"] = _show_config(pod)
    if "Welcome to nginx" in answer.text:
        mounts = ", ".join(ours[name] for name in shared)
        bench.failed("default-page", settles=SETTLES, mounts=mounts, **seen)
    if answer.status != 200:
        told = {"mount": ours[volume], "files": ", ".join(files or ("?",))}
        bench.failed("other-folder", settles=SETTLES, status=answer.status or "-", **told, **seen)
    bench.failed("other-page", settles=IN_TIME, answer=first_line(answer.text), **seen)


def say_why_old(bench: Bench, pods: list[Pod], token: str, no: Refusal) -> NoReturn:
    """A page stayed old: did the helper bring nothing, or does nginx look elsewhere?"""
    for pod in pods:
        ours, theirs = (volumes(pod, name) for name in (NGINX, HELPER))
        mount = next((theirs[name] for name in ours if name in theirs), None)
        ran = bench.exec(pod, ["grep", "-rl", token, mount], HELPER) if mount else None
        if ran is not None and ran.code == 1:
            bench.failed(
                "not-fetched",
                expected=SHOWN,
                found=no.params["found"],
                command=f"kubectl logs {pod.name} -c {HELPER}",
                seconds=round(IN_TIME),
            )
    ours = volumes(pods[0], NGINX)
    bench.failed(
        "not-served",
        expected=SHOWN,
        found=no.params["found"],
        command=show_mounts(pods[0]),
        seconds=round(IN_TIME),
        mounts=in_words(ours),
    )


def must_be_read_only(bench: Bench, pod: Pod) -> None:
    """Tried, not read: a mount can be read-only in more than one way."""
    ours, theirs = (volumes(pod, name) for name in (NGINX, HELPER))
    mounts = [path for name, path in ours.items() if name in theirs]
    if not mounts:
        bench.failed(
            "no-shared-volume",
            expected=SHARED,
            found=in_words(ours),
            command=show_mounts(pod),
            pod=pod.name,
            nginx=in_words(ours),
            helper=in_words(theirs),
        )
    for mount in mounts:
        file = f"{mount.rstrip('/')}/.podlab-{bench.token()}"
        ran = bench.exec(pod, ["sh", "-c", TOUCH, "sh", file], NGINX)
        if "read-only" not in ran.stderr.lower():
            bench.failed(
                "writable",
                expected=READ_ONLY,
                found=ran.stderr.strip() or "exit code 0",
                command=f"kubectl exec {pod.name} -c {NGINX} -- grep {mount} /proc/mounts",
                mount=mount,
            )


def _files(bench: Bench, pod: Pod, folder: str) -> list[str] | None:
    """What a visitor could be shown of a folder, as nginx sees it; None if it cannot be listed."""
    ran = bench.exec(pod, ["ls", folder], NGINX)
    return ran.stdout.split() if ran.ok else None


def _show_config(pod: Pod) -> str:
    return f"kubectl exec {pod.name} -c {NGINX} -- nginx -T"
