"""Task 2: a busy Pod gets no requests, is not restarted, and comes back."""

from __future__ import annotations

from checker.catalogue import check
from checker.observe import Answer, Bench, CouldNotLook, Load, Outcome, Pod, Refusal
from checker.texts import Text

from .fleet import (
    BUSY,
    NEVER,
    NOTICED,
    RATE,
    SLACK,
    Lives,
    Words,
    app_of,
    changed,
    conditions_of,
    few_failed,
    lives_of,
    must_be_in_time,
    none_failed,
    one_of_each,
    show_endpoints,
    show_events,
    touch,
    two_or_more,
)
from .probes import all_probes_of, probes_of

LONGEST = 110.0
"""Seconds the requests go on at most: longer than all that is waited for meanwhile."""
COUNTED = 40
"""Requests in a row: if one of three Pods were still asked, 1 in 10 million tries would miss it."""
FRESH = 10
"""Of these, the last ones: a hit among them is not the endpoints' delay any more."""
OUT = Text("忙碌的 Pod 退出端点", "the busy Pod leaves the endpoints")
STAYS_OUT = Text("忙碌的 Pod 不收请求，也不重启", "the busy Pod gets no requests and no restart")
BACK = Text("不忙了的 Pod 又收到请求", "the Pod that is free again gets requests")
FEW = Text("只有 {count} 个请求得到了应答。", "Only {count} requests got an answer.")
AGAIN = Text("机器太忙，请再检查一次。", "The machine is busy; check again.")


@check("busy")
def busy(bench: Bench) -> Outcome:
    pods = two_or_more(bench, "web")
    lives = lives_of(pods)
    told = [_stays_out(bench, pod, lives) for pod in one_of_each(pods)]
    return bench.passed("; ".join(told), show_endpoints("web"), STAYS_OUT)


def _stays_out(bench: Bench, pod: Pod, lives: Lives) -> str:
    """Make that Pod busy and free again; what was seen of it meanwhile."""
    with bench.load("web", rate=RATE, seconds=LONGEST) as load:
        touch(bench, pod, BUSY)
        _leaves(bench, pod, lives)
        counted = _gets_none(bench, pod, lives, load)
        if few_failed(counted):
            counted = _gets_none(bench, pod, lives, load)
        _not_about_to_restart(bench, pod)
        conditions = conditions_of(bench, "web", pod)
        until = load.answers[-1].at
        bench.exec(pod, ["rm", "-f", BUSY], app_of(pod).name)
        freed = bench.clock.now()

        def asked(seen: int) -> bool:
            _lives_on(bench, pod, lives)
            if not seen:
                bench.failed(
                    "not-back",
                    expected=BACK,
                    found=conditions_of(bench, "web", pod),
                    command=show_endpoints("web"),
                    pod=pod.name,
                    seconds=round(bench.clock.now() - freed),
                    probe="; ".join(each.words for each in probes_of(pod, "readiness")),
                )
            return seen > 0

        def answered() -> int:
            return sum(a.ok and _who(a) == pod.name for a in load.answers if a.at > until)

        bench.converge(answered, asked, NOTICED + SLACK, BACK)
    none_failed(bench, "web", counted)
    return f"0 / {len(counted)}, {conditions}, restarts {pod.restarts}"


def _gets_none(bench: Bench, pod: Pod, lives: Lives, load: Load) -> list[Answer]:
    """Wait until COUNTED requests in a row have passed the Pod by; return their answers.

    kube-proxy may follow late, and a busy machine may answer few: only fresh hits tell against it.
    """
    begin = load.answers[-1].at

    def latest() -> list[Answer]:
        _lives_on(bench, pod, lives)
        return [each for each in load.answers if each.at > begin][-COUNTED:]

    def passed_by(answers: list[Answer]) -> bool:
        hit = sum(_who(each) == pod.name for each in answers)
        if hit == 0 and len(answers) == COUNTED:
            return True
        if all(_who(each) != pod.name for each in answers[-FRESH:]):
            raise CouldNotLook(FEW.format(count=len(answers)), AGAIN)
        conditions = conditions_of(bench, "web", pod)
        return bool(
            bench.failed(
                "still-asked",
                expected=STAYS_OUT,
                found=f"{hit} / {len(answers)}, {conditions}",
                command=show_endpoints("web"),
                settles=NOTICED,
                pod=pod.name,
                service="web",
                count=hit,
                total=len(answers),
                conditions=conditions,
            )
        )

    return bench.converge(latest, passed_by, NOTICED * 3, STAYS_OUT)


def _lives_on(bench: Bench, pod: Pod, lives: Lives) -> Pod:
    """The busy Pod as it is now; a restart ends the check."""
    now = bench.pod(pod.name)
    if changed({key: life for key, life in lives.items() if key[0] == pod.name}, [now]):
        found = f"restarts {pod.restarts} -> {now.restarts}"
        _restarted_instead(bench, pod, app_of(pod).name, found)
    return now


def _not_about_to_restart(bench: Bench, pod: Pod) -> None:
    """A liveness probe that fails for a busy program will restart it, if it stays busy."""
    for probe in probes_of(pod, "liveness"):
        succeeds, said = probe.ask(bench)
        if not succeeds:
            _restarted_instead(bench, pod, probe.container, f"{probe.words}: {said}")


def _restarted_instead(bench: Bench, pod: Pod, container: str, said: str) -> None:
    bench.failed(
        "restarted-instead",
        expected=STAYS_OUT,
        found=said,
        command=show_events(pod),
        settles=0,
        pod=pod.name,
        container=container,
        said=said,
    )


def _leaves(bench: Bench, pod: Pod, lives: Lives) -> None:
    """Wait until the busy Pod is not Ready; else say why it still is."""
    since = bench.clock.now()
    probes = probes_of(pod, "readiness")

    def unready(now: Pod) -> bool:
        if not now.ready:
            return True
        passed = round(bench.clock.now() - since)
        seen: Words = {
            "expected": OUT,
            "found": conditions_of(bench, "web", pod),
            "command": f"kubectl describe pod {pod.name}",
            "pod": pod.name,
        }
        if not probes:
            told = all_probes_of(pod)
            bench.failed("no-readiness", settles=NEVER, probes=told, seconds=passed, **seen)
        return bool(bench.failed("too-slow", probe=probes[0].words, seconds=passed, **seen))

    try:
        bench.converge(lambda: _lives_on(bench, pod, lives), unready, NOTICED + SLACK, OUT)
    except Refusal as no:
        if no.message_id != "too-slow":
            raise
        asked = [(probe, *probe.ask(bench)) for probe in probes]
        if all(succeeds for _, succeeds, _ in asked):
            bench.failed(
                "not-noticed",
                expected=OUT,
                found=asked[0][2],
                command=f"kubectl describe pod {pod.name}",
                pod=pod.name,
                probe=asked[0][0].words,
                said=asked[0][2],
            )
        must_be_in_time(bench, probes, OUT, str(no.params["found"]))
        raise
    must_be_in_time(bench, probes, OUT, conditions_of(bench, "web", pod))


def _who(answer: Answer) -> str:
    """The Pod that gave an answer: the first word of each of its pages."""
    return answer.body.partition(" ")[0]
