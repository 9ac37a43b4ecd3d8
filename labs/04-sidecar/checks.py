"""Judges lab 04 by what a visitor of the site gets while commits, helpers and the repository
come and go. What the checks share stands in the modules beside this one.
"""

from __future__ import annotations

from typing import Any

from checker.catalogue import check
from checker.observe import Bench, HttpAnswer, Outcome, Pod, Refusal
from checker.texts import Text

from .causes import FIRST_FETCH, SHOWN, must_be_read_only, say_why_not, say_why_old
from .helper import ALL_ANSWERED, GOES_ON, end_helper, have_ended, must_all_get, visitors
from .order import (
    FIRST,
    NO_PAGE_YET,
    delete_all,
    must_be_kept,
    must_be_native,
    must_wait_on,
    nothing_yet,
)
from .report import COMPLETE, JOB, must_have_helper, must_run_along, say_what_holds
from .repository import Repository
from .site import (
    HELPER,
    IN_TIME,
    NGINX,
    PAGE,
    SAME_NGINX,
    SERVICE,
    STARTS,
    Life,
    all_show,
    ask,
    first_line,
    lives_of,
    must_listen,
    must_live_on,
    said,
    show_commits,
    show_requests,
    up,
)

STEADY = 3.0
"""Seconds for which a state must last before it counts."""
LIVES = 6.0
"""Seconds to go on watching an nginx that shows the new page; a restart may follow that."""
EARLY = 4.0
"""Seconds for which new Pods are watched while there is no repository: nginx starts in one."""
HEARS = 25.0
"""Seconds for a helper to end on SIGTERM; a shell ends only after the command it waits for."""
RESTARTS = 60.0
"""Seconds for a second restart: Kubernetes' own pause is 10 s by then."""
AWAY = IN_TIME + 1
"""Seconds without a repository: a helper that looks in time looks meanwhile."""
PUSHES = 2
COMPLETES = 40.0
EVERYWHERE = Text(
    "Service 后面的每个 Pod 都显示仓库里的页面",
    "each Pod behind the Service shows the page of the repository",
)


@check("site")
def site(bench: Bench) -> Outcome:
    page = Repository.of(bench).page()
    pods = up(bench)

    def is_page(answer: HttpAnswer) -> bool:
        must_listen(bench, answer)
        if answer.status != 200 or answer.text.strip() != page.strip():
            say_why_not(bench, answer, pods)
        return True

    bench.converge(lambda: ask(bench), is_page, FIRST_FETCH, PAGE)
    all_show(bench, page.strip(), EVERYWHERE)
    bench.steady(lambda: ask(bench), is_page, STEADY, PAGE)
    for pod in pods:
        must_be_read_only(bench, pod)
    return bench.passed(expected=PAGE, found=first_line(page), command=show_commits(pods[0]))


@check("update")
def update(bench: Bench) -> Outcome:
    repository = Repository.of(bench)
    pods = up(bench)
    lives = lives_of(pods, NGINX)
    # The second is pushed when the first has just been fetched. So a whole period of the helper
    # lies ahead, and no luck makes a long one short.
    for _ in range(PUSHES):
        token = repository.push()
        _all_show_in_time(bench, pods, lives, token)
    bench.hold(lambda: must_live_on(bench, lives), lambda _: True, LIVES, SAME_NGINX)
    return bench.passed(expected=SHOWN, found=token, command=show_commits(pods[0]))


def _all_show_in_time(bench: Bench, pods: list[Pod], lives: dict[str, Life], token: str) -> None:
    try:
        all_show(bench, token, SHOWN)
    except Refusal as no:
        must_live_on(bench, lives)  # that nginx was restarted tells more than that it is silent
        if no.message_id == "deadline":
            say_why_old(bench, pods, token, no)
        raise


@check("start")
def start(bench: Bench) -> Outcome:
    repository = Repository.of(bench)
    pods = up(bench)
    for pod in pods:
        must_be_native(bench, pod)
        must_be_kept(bench, pod)
    token = repository.push()
    repository.take_away()
    delete_all(bench, pods)
    bench.hold(lambda: nothing_yet(bench), bool, EARLY, NO_PAGE_YET)
    must_wait_on(bench)
    repository.bring_back()
    answer = bench.converge(
        lambda: ask(bench),
        lambda answer: answer.status is not None,
        STARTS,
        FIRST,
        show=lambda answer: answer.complaint,
        command="kubectl get pods",
    )
    if answer.status != 200 or token not in answer.text:
        command = show_requests(bench.pods_of_service(SERVICE)[0])
        bench.failed("old-answer", expected=FIRST, command=command, **said(answer))
    new = up(bench)[0]
    begun = {c.name: f"{c.started_at:%H:%M:%S}" for c in new.containers if c.started_at}
    found = f"{HELPER} {begun.get(HELPER, '?')}, {NGINX} {begun.get(NGINX, '?')}"
    return bench.passed(expected=FIRST, found=found, command=f"kubectl describe pod {new.name}")


@check("survive")
def survive(bench: Bench) -> Outcome:
    repository = Repository.of(bench)
    pods = up(bench)
    lives = lives_of(pods, NGINX)
    token = repository.push()
    all_show(bench, token, SHOWN)

    with visitors(bench) as load:
        end_helper(bench, pods[0], HEARS)
        end_helper(bench, pods[0], RESTARTS)
    must_all_get(bench, load, token, pods[0])
    must_live_on(bench, lives)

    helpers = lives_of([bench.pod(pod.name) for pod in pods], HELPER)
    with visitors(bench) as load:
        repository.take_away()
        bench.hold(lambda: have_ended(bench, helpers), lambda gone: not gone, AWAY, GOES_ON)
        repository.bring_back()
    must_all_get(bench, load, token, pods[0])
    all_show(bench, repository.push(), SHOWN, "not-back")
    must_live_on(bench, lives)
    have_ended(bench, helpers)  # one that ended at the very last shows it now
    helper = bench.pod(pods[0].name).container(HELPER)
    found = f"{HELPER}: restartCount {helper.restarts}"
    return bench.passed(expected=ALL_ANSWERED, found=found, command="kubectl get pods")


@check("job")
def job(bench: Bench) -> Outcome:
    def complete(found: Any) -> bool:
        conditions = {c.type: c for c in (found.status.conditions or ()) if c.status == "True"}
        pods = bench.pods(f"job-name={JOB}")
        if failed := conditions.get("Failed"):
            told = {"reason": failed.reason or "?", "detail": failed.message or "-"}
            bench.failed(
                "job-failed",
                expected=COMPLETE,
                found=told["reason"],
                command=f"kubectl describe job {JOB}",
                settles=0,
                job=JOB,
                **told,
            )
        must_have_helper(bench, found)
        if "Complete" in conditions:
            return True
        for pod in pods:
            say_what_holds(bench, pod)
        return False

    done = bench.converge(
        lambda: bench.get("Job", JOB),
        complete,
        COMPLETES,
        COMPLETE,
        show=lambda found: f"active {found.status.active or 0}",
        command=f"kubectl get pods -l job-name={JOB}",
    )
    must_run_along(bench, done)
    return bench.passed(expected=COMPLETE, found="Complete", command=f"kubectl get job {JOB}")
