"""Task `rolling`: rolling restarts under load, several rounds of them.

One round without a loss may be luck, and one lost request a hiccup of the machine; so it takes
rounds, or a loss together with its cause in the record.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.catalogue import check
from checker.observe import Answer, Bench, CouldNotLook, Load, Outcome, Recorder
from checker.texts import Text

from .ending import AGAIN, KINDS
from .serving import FIRST_ANSWER, must_serve, runs_a_former_script
from .story import SERVES_ON, Story

SERVICE = "web"
CLEAN_ROUNDS, LOSSY_ROUNDS, MOST_ROUNDS = 3, 2, 6
MANY = 3
"""Requests lost in one round that are no hiccup, where the record shows the cause as well."""
RATE = 10.0
PATIENCE = 3.0
SECONDS = 100.0
AT_REST = 10
REST_ROUNDS = 3
"""Requests at rest are sent so often before a loss counts: where the work was applied only now,
proxies may still send some to the Pods before it."""
EMPTY = 0.5
"""Seconds without a ready endpoint that are more than two changes heard one after the other."""

LOSSLESS = Text("每个请求都得到 200", "every request gets 200")
REST = Text("重启之前的请求得到应答", "the requests before the restart to be answered")
TOO_BUSY = Text(
    "机器太忙：Pod 摘下 {seconds} 秒之后，请求还在转给它。",
    "The machine is too busy: requests were still sent to Pods that had been taken out {seconds} s"
    " before.",
)
SHOW_ROLL = "kubectl rollout restart deployment web; timeout 30 kubectl get pods -w || true"
SHOW_SLICE = f"kubectl get endpointslices -l kubernetes.io/service-name={SERVICE} -o yaml"


@check("rolling")
def rolling(bench: Bench) -> Outcome:
    must_serve(bench, SERVICE)
    pods = bench.ready_pods_of_service(SERVICE)
    if any(runs_a_former_script(bench, pod) for pod in pods):
        bench.rolled_out(bench.roll(pods[0]))
    _must_answer_at_rest(bench)
    rounds: list[Load] = []
    clean, lossy, cause = 0, 0, None
    with Recorder(bench.connection, bench.namespace, KINDS) as recorder:
        while clean < CLEAN_ROUNDS and lossy < LOSSY_ROUNDS and not cause:
            if len(rounds) == MOST_ROUNDS:
                raise CouldNotLook(TOO_BUSY.format(seconds=round(SERVES_ON)), AGAIN)
            rounds.append(_round(bench))
            lost = rounds[-1].failed
            story = Story(recorder.record().facts, SERVICE)
            clean += not lost
            lossy += not all(story.was_warned(answer.at) for answer in lost)
            cause = _cause(story) if len(lost) >= MANY else None
    lost = [answer for load in rounds for answer in load.failed]
    sent = sum(len(load.answers) for load in rounds)
    found = f"{len(rounds)} rounds, {sent} requests, {len(lost)} lost"
    if clean == CLEAN_ROUNDS:
        return bench.passed(found, SHOW_ROLL, LOSSLESS)
    message, seconds = cause or _cause(story) or ("not-up-yet", story.shortest_farewell())
    bench.failed(
        message,
        expected=LOSSLESS,
        found=found,
        command=SHOW_SLICE if message in ("still-listed", "none-left") else SHOW_ROLL,
        rounds=len(rounds),
        sent=sent,
        failed=len(lost),
        answer=_errors(lost),
        seconds=round(seconds, 1),
    )


def _must_answer_at_rest(bench: Bench) -> None:
    """Requests get answers while nothing is restarted; else the Refusal `lost-at-rest`."""
    for _ in range(REST_ROUNDS):
        with bench.load(SERVICE, rate=RATE, seconds=SECONDS, patience=PATIENCE) as load:
            _await_some(bench, load)
        if not load.failed:
            return
    bench.failed(
        "lost-at-rest",
        expected=LOSSLESS,
        found=_errors(load.failed),
        command=SHOW_SLICE,
        sent=len(load.answers),
        failed=len(load.failed),
        answer=_errors(load.failed),
    )


def _round(bench: Bench) -> Load:
    """One rolling restart under load, until the old Pods are gone."""
    pods = bench.ready_pods_of_service(SERVICE)
    with bench.load(SERVICE, rate=RATE, seconds=SECONDS, patience=PATIENCE) as load:
        _await_some(bench, load)
        bench.rolled_out(bench.roll(pods[0]))
    return load


def _await_some(bench: Bench, load: Load) -> None:
    bench.converge(lambda: len(load.answers), lambda n: n >= AT_REST, FIRST_ANSWER, REST)


def _cause(story: Story) -> tuple[str, float] | None:
    """What the record itself shows to be wrong: a message, and the seconds it speaks of."""
    if story.still_listed():
        return "still-listed", 0.0
    if (empty := story.longest_empty()) > EMPTY:
        return "none-left", empty
    if (served_on := story.shortest_farewell()) < SERVES_ON:
        return "gone-too-early", served_on
    return None


def _errors(lost: Sequence[Answer]) -> str:
    return ", ".join(sorted({answer.error for answer in lost}))
