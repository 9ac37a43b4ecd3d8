"""The helper comes and goes, the repository too, and visitors go on asking for the page."""

from __future__ import annotations

from collections import Counter

from checker.observe import Answer, Bench, Load, Pod, Refusal
from checker.texts import Text

from .site import HELPER, PATIENCE, PORT, SERVICE, Life, first_line

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
    return bench.load(SERVICE, port=PORT, rate=REQUESTS, seconds=LONGEST, patience=PATIENCE)


def must_all_get(bench: Bench, load: Load, token: str, message: str, command: str) -> None:
    """Refuse with `message` unless each of the requests got the page with that token."""

    def say(answer: Answer) -> str:
        return answer.error or f"{answer.status} {first_line(answer.body)}"

    all_answers = load.answers
    bad = [each for each in all_answers if each.status != 200 or token not in each.body]
    if bad:
        usual = Counter(map(say, bad)).most_common(1)[0][0]
        bench.failed(
            message,
            expected=ALL_ANSWERED,
            found=f"{len(bad)} / {len(all_answers)}: {usual}",
            command=command,
            failed=len(bad),
            all=len(all_answers),
            answer=usual,
        )
