"""Task 1: a broken container is restarted, and only that one. Task 3 breaks one as well."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from checker.catalogue import check
from checker.observe import Bench, Container, Outcome, Pod, Refusal
from checker.texts import Text

from .fleet import (
    BROKEN,
    NEVER,
    NOTICED,
    SLACK,
    STEADY,
    UP,
    WELL,
    Lives,
    Words,
    app_of,
    changed,
    lives_of,
    must_be_in_time,
    named,
    one_of_each,
    pods_of,
    restarts_of,
    show_events,
    status_of,
    touch,
    two_or_more,
)
from .probes import all_probes_of, probes_of

RESTARTS = 100.0
"""Seconds for the next life of a container: other clusters let it wait for 10, 20, 40 s."""
STOPS = 2.0
"""Seconds more for the stop: the given program ends with its grace period."""
ERROR = "500"
"""What each page of the broken program is."""
RESTART = Text("坏掉的容器重启", "the broken container is restarted")
ONLY = Text("只有坏掉的容器重启", "only the broken container is restarted")


@check("alive")
def alive(bench: Bench) -> Outcome:
    pods = two_or_more(bench, "web")

    def statuses() -> list[str]:
        return [status_of(bench, pod) for pod in pods]

    def told(want: Callable[[list[str]], bool], seconds: float) -> None:
        bench.converge(statuses, want, seconds, WELL, show=", ".join, command="kubectl get pods")

    # Without a readiness probe a Pod is Ready before it listens.
    told(lambda said: all(map(str.isdigit, said)), UP)
    for probe in (each for pod in pods for each in probes_of(pod, "liveness")):
        succeeds, said = probe.ask(bench)
        if not succeeds:
            bench.failed(
                "fails-while-well",
                expected=WELL,
                found=said,
                command=show_events(probe.pod),
                probe=probe.words,
                said=said,
            )
    lives = lives_of(pods)
    for pod in one_of_each(pods):
        _restarts(bench, pod, lives)
        told(lambda said: set(said) == {"200"}, STEADY * 2)
        bench.hold(partial(_only_this_one, bench, pod, lives), bool, STEADY, ONLY)
    found = restarts_of(pods_of(bench, "web"))
    return bench.passed(expected=ONLY, found=found, command="kubectl get pods")


def _restarts(bench: Bench, pod: Pod, lives: Lives) -> None:
    """Break the program of that Pod, and note its next life."""
    app = app_of(pod).name
    before = bench.before(pod, app)
    touch(bench, pod, BROKEN)
    restarted_in_time(bench, before.container_id, pod, app)
    after = bench.restarted(before, RESTARTS)
    lives[pod.name, app] = lives_of([after])[pod.name, app]


def _only_this_one(bench: Bench, pod: Pod, lives: Lives) -> bool:
    if others := changed(lives, pods_of(bench, "web")):
        bench.failed(
            "others-restarted",
            expected=ONLY,
            found=named(others),
            command="kubectl get pods",
            pod=pod.name,
            container=app_of(pod).name,
            others=named(others),
        )
    return True


def restarted_in_time(bench: Bench, container_id: str, pod: Pod, name: str) -> None:
    """Wait until that life of the broken container is over; else say why it goes on."""
    since = bench.clock.now()
    probes = [each for each in probes_of(pod, "liveness") if each.container == name]
    in_time = NOTICED + STOPS + SLACK

    def ended(now: Container) -> bool:
        if now.id != container_id or now.state != "running":
            return True
        passed = round(bench.clock.now() - since)
        seen: Words = {"expected": RESTART, "command": show_events(pod), "seconds": passed}
        told = f"restartCount {now.restarts}, {now.state}"
        if not probes:
            probed = all_probes_of(pod)
            bench.failed("no-liveness", found=told, settles=NEVER, probes=probed, **seen)
        return bool(bench.failed("too-slow", found=told, probe=probes[0].words, **seen))

    try:
        now = bench.converge(lambda: bench.pod(pod.name).container(name), ended, in_time, RESTART)
    except Refusal as no:
        if no.message_id != "too-slow":
            raise
        for probe in probes:
            succeeds, said = probe.ask(bench)
            # A program that is well again is in its next life: too late, and noticed all the same.
            if succeeds and status_of(bench, pod) == ERROR:
                bench.failed(
                    "not-noticed",
                    expected=RESTART,
                    found=said,
                    command=f"kubectl describe pod {pod.name}",
                    probe=probe.words,
                    said=said,
                )
        must_be_in_time(bench, probes, RESTART, str(no.params["found"]))
        raise
    must_be_in_time(bench, probes, RESTART, f"restartCount {now.restarts}")
