"""Judges lab 09 by what the shop does: for customers, for authors, for whoever is on call.

A task speaks of a symptom and never of its cause, so no check looks for a certain repair. Here are
the tasks about what the shop shows; the others stand in the modules beside this one.
"""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from typing import Any

from checker.catalogue import check, given
from checker.observe import KUBE_PROXY, Bench, Outcome, Pod, Step
from checker.texts import Text

from .fronts import LIVES_ON, STARTS, find_fronts, lives_of, must_live_on, port_of_fronts
from .invoices import invoice
from .memory import BOUNDED, must_be_bounded
from .orders import checkout, outage
from .records import carts, stock
from .sale import sale
from .words import SETTLES, describe, fine, named, settles_of, shown

__all__ = [
    "carts",
    "checkout",
    "invoice",
    "login",
    "outage",
    "page",
    "payment",
    "sale",
    "search",
    "stock",
]

SEARCH = "search"
STEADY = 3.0
"""Seconds for which a state must last before it counts."""
ARTICLES = "12000 articles"
REPOSITORY = "/srv/git/site.git"
DRAFT = "/tmp/draft"  # noqa: S108 (in the Pod of the git server)
PUBLISHED, PUSHES = 20.0, 2
PUSH_SECONDS = 30.0
"""A push is a dozen programs one after the other, and slow on a busy machine."""
ROTATIONS = 2
ROTATED = 100.0
"""Seconds for a changed Secret: a kubelet looks every minute, that of the course every 5 s."""
OLD_FOR = 15.0
"""Seconds after which an old key stays: the kubelet has been made to look at the Pod at once."""
LIVES = 8.0
"""Seconds to go on watching the fronts that have the new key. One that ends itself for it shows it
first and ends then, and on a busy machine its status tells of that seconds later."""

SEARCHES = Text("搜索查得到 12000 件商品", "the search knows 12000 articles")
NEW_PAGE = Text("每个前端都显示刚推送的首页", "every front shows the page that was just pushed")
NEW_KEY = Text("每个前端都用新密钥付款", "every front pays with the new key")


@given
def login(bench: Bench) -> None:
    """The shop's private image needs the registry, and a user of this workspace's own."""
    bench.registry()


# Longest wait: the back-off of a container that has crashed.
@check("search")
def search(bench: Bench) -> Outcome:
    pods = _search_pods(bench)
    lives = lives_of(pods)

    def look() -> None:
        must_live_on(bench, pods, lives, "restarted-meanwhile")
        answer = bench.http(SEARCH)
        if answer.text.strip() != ARTICLES:
            bench.failed(
                "wrong-answer",
                expected=SEARCHES,
                found=shown(answer),
                command=f"kubectl logs {pods[0].name}",
                settles=settles_of(answer),
            )

    bench.converge(look, fine, KUBE_PROXY * 2, SEARCHES)
    bench.steady(look, fine, STEADY, SEARCHES)
    limits = ", ".join(must_be_bounded(bench, pod) for pod in pods)
    return bench.passed(expected=BOUNDED, found=limits, command=f"kubectl describe {named(pods)}")


# Longest wait: none of Kubernetes' own; the helper's period decides.
@check("page")
def page(bench: Bench) -> Outcome:
    fronts, port = find_fronts(bench), port_of_fronts(bench)
    git = bench.pod_of_service("git", STARTS)
    _put_back_later(bench, git)
    # The second is pushed when the first has just been fetched. So a whole period of the helper
    # lies ahead, and no luck makes a long one short.
    for _ in range(PUSHES):
        token = bench.token()
        _push(bench, git, token)
        _must_show(bench, fronts, port, token)
    return bench.passed(expected=NEW_PAGE, found=token, command=f"kubectl get {named(fronts)}")


def _must_show(bench: Bench, fronts: list[Pod], port: int, token: str) -> None:
    def look() -> None:
        for pod in fronts:
            answer = bench.http(pod, port=port)
            seen: dict[str, Any] = {"expected": NEW_PAGE, "found": shown(answer), "pod": pod.name}
            if answer.status != 200:
                bench.failed("no-page", command=describe(pod), settles=SETTLES, **seen)
            if token not in answer.text:
                bench.failed("old-page", command=describe(pod), **seen)

    bench.converge(look, fine, PUBLISHED, NEW_PAGE)


# Longest wait: the kubelet's next look at a Pod's volumes.
@check("payment")
def payment(bench: Bench) -> Outcome:
    fronts, port = find_fronts(bench), port_of_fronts(bench)
    lives = lives_of(fronts)
    # One that looks once after its start, and never again, is in time for the first.
    for _ in range(ROTATIONS):
        wanted = _rotate(bench, fronts)
        _must_pay_with(bench, fronts, port, wanted, lives)
    live_on = partial(must_live_on, bench, fronts, lives, "front-restarted")
    bench.hold(live_on, fine, LIVES, LIVES_ON)
    return bench.passed(expected=NEW_KEY, found=wanted, command=f"kubectl get {named(fronts)}")


def _rotate(bench: Bench, fronts: list[Pod]) -> str:
    """Put another key into the Secret; the fingerprint that the fronts must show of it."""
    key = bench.token("key-")
    data = {"key": base64.b64encode(key.encode()).decode()}
    if refused := bench.change("Secret", "payment", {"data": data}):
        command = "kubectl get secret payment -o yaml"
        bench.failed("key-locked", expected=NEW_KEY, found=refused.message, command=command)
    for pod in fronts:
        # A change of the Pod makes the kubelet look at it now, and not in its next round.
        bench.change("Pod", pod.name, {"metadata": {"annotations": {"podlab/look": key}}})
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _must_pay_with(
    bench: Bench, fronts: list[Pod], port: int, wanted: str, lives: dict[str, str]
) -> None:
    def look() -> None:
        must_live_on(bench, fronts, lives, "front-restarted")
        for pod in fronts:
            answer = bench.http(pod, "/cgi-bin/payment", port)
            if answer.text.strip() != wanted:
                bench.failed(
                    "old-key",
                    expected=NEW_KEY,
                    found=shown(answer),
                    command=describe(pod),
                    settles=OLD_FOR,
                    pod=pod.name,
                    wanted=wanted,
                )

    bench.converge(look, fine, ROTATED, NEW_KEY)


def _search_pods(bench: Bench) -> list[Pod]:
    """The Ready Pods of the search. Lack of memory is told as such, and sooner than a crash is.

    The newest Pod tells: in an update the one before stays until its successor is Ready.
    """

    def look() -> list[Pod]:
        pod = bench.pods_of_service(SEARCH)[-1]
        for container in pod.containers:
            end = container.ended or container.last
            if end and end.reason == "OOMKilled" and not container.ready:
                bench.failed(
                    "out-of-memory",
                    expected=SEARCHES,
                    found=f"{end.reason}, exit code {end.code}",
                    command=describe(pod),
                    settles=SETTLES,
                    pod=pod.name,
                    restarts=container.restarts,
                )
        return bench.ready_pods_of_service(SEARCH, 0)

    return bench.converge(look, fine, STARTS, SEARCHES)


def _put_back_later(bench: Bench, git: Pod) -> None:
    """The page as it is now is committed again after the check.

    A new commit and no way back in history: a helper that merely pulls can follow it.
    """
    before = _git(bench, git, "git -C $0 rev-parse main")
    back = f'git -C {REPOSITORY} show {before}:index.html | git-put {REPOSITORY} index.html "Undo"'
    bench.later(Step.exec(git.name, ("sh", "-c", back), uid=git.uid))


def _push(bench: Bench, git: Pod, token: str) -> None:
    """Commit a page with `token` in it."""
    page = f'git -C $0 show main:index.html >{DRAFT} && echo "<p>{token}</p>" >>{DRAFT}'
    _git(bench, git, f"{page} && git-put $0 index.html <{DRAFT}")


def _git(bench: Bench, git: Pod, script: str) -> str:
    ran = bench.exec(git, ["sh", "-c", script, REPOSITORY], seconds=PUSH_SECONDS)
    if not ran.ok:
        command = f"kubectl logs {git.name}"
        bench.failed("cannot-push", expected=NEW_PAGE, found=ran.stderr, command=command)
    return ran.stdout.strip()
