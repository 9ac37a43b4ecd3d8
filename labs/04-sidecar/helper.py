"""The helper comes and goes, the repository too, and visitors go on asking for the page."""

from __future__ import annotations

from collections import Counter

from checker.observe import Bench, Load, Pod, Refusal
from checker.texts import Text

from .site import (
    HELPER,
    PORT,
    SERVICE,
    SHOW_ADDRESSES,
    Life,
    first_line,
    show_requests,
)

REQUESTS, LONGEST = 5.0, 120.0
HELPER_ENDS = Text("git-monitor 收到 SIGTERM 之后结束", "git-monitor ends when it gets SIGTERM")
ALL_ANSWERED = Text("每个请求都得到页面", "each request gets the page")
GOES_ON = Text(
    "仓库离线时，git-monitor 一直运行，没有退出",
    "git-monitor runs on and does not end while the repository is away",
)


def end_helper(bench: Bench, pod: Pod, seconds: float) -> None:
    """End process 1 of the helper, as the kubelet does, and wait for the helper's next life."""
    try:
        bench.restart(pod, ["sh", "-c", "kill 1"], HELPER, seconds)
    except Refusal as no:
        if no.message_id != "not-restarted":
            raise
        bench.failed(
            "helper-deaf",
            expected=HELPER_ENDS,
            found=no.params["found"],
            command=f"kubectl exec {pod.name} -c {HELPER} -- grep Sig /proc/1/status",
            pod=pod.name,
            seconds=round(seconds),
        )


def have_ended(bench: Bench, lives: dict[str, Life]) -> bool:
    """Whether a helper has ended since. Raises in the words of the task when it has."""
    for name, was in lives.items():
        helper = bench.pod(name).container(HELPER)
        if (helper.id, helper.restarts) != was[1:] or helper.state != "running":
            ended = helper.ended or helper.last
            bench.failed(
                "helper-gave-up",
                expected=GOES_ON,
                found=f"exit code {ended.code}" if ended else helper.state,
                command=f"kubectl logs {name} -c {HELPER} --previous",
                pod=name,
            )
    return False


def visitors(bench: Bench) -> Load:
    """Visitors at a steady rate while something happens; use it with `with`."""
    return bench.load(SERVICE, port=PORT, rate=REQUESTS, seconds=LONGEST)


def must_all_get(bench: Bench, load: Load, token: str, pod: Pod) -> None:
    """Refuse unless each of the requests got the page with that token.

    Where nginx answered something else, the page was gone. Else no Pod was there, whatever answered
    in its place: a request to a Service without Pods can leave a cluster, and meet a proxy.
    """
    bad = [each for each in load.answers if each.status != 200 or token not in each.body]
    if not bad:
        return
    answered = [
        f"{each.status} {first_line(each.body)}"
        for each in bad
        if each.status and "nginx" in each.headers.get("server", "nginx")
    ]
    usual = Counter(answered or [each.error for each in bad]).most_common(1)[0][0]
    bench.failed(
        "page-lost" if answered else "gap",
        expected=ALL_ANSWERED,
        found=f"{len(bad)} / {len(load.answers)}: {usual}",
        command=show_requests(pod) if answered else SHOW_ADDRESSES,
        failed=len(bad),
        all=len(load.answers),
        answer=usual,
    )
