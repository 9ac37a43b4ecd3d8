"""Orders that must not be lost: in a Pod that goes, in an outage of Redis."""

from __future__ import annotations

from typing import Any

from checker.catalogue import check
from checker.cluster import API_ERRORS, Meaning, meaning
from checker.observe import (
    Answer,
    Bench,
    CouldNotLook,
    Load,
    Outcome,
    Pod,
    Record,
    Recorder,
    Step,
    slowest,
)
from checker.observe.base import looking
from checker.texts import Text

from .fronts import SELLS, SHOP, STARTS, find_fronts, lives_of, must_live_on, port_of_fronts
from .redis import ANSWERS, RESTARTS, ask, must_answer, pause_redis, send
from .words import AGAIN, ORDER, SLOWEST, describe, fine, shown

STUCK_FILE = "/tmp/stuck"  # noqa: S108 (in a Pod of the front)
ORDERS, BURST, ARRIVE = 8, 40.0, 0.4
"""How many in front of a deletion, how many a second, and seconds until the last one has surely got
there. All of them have most of their two seconds to go."""
REFUSED = "Connection refused"
"""Such an order never reached the front, so it was not under way."""
LATE = 4.0
"""Seconds, twice what an order takes: one that is lost after that was held up by a busy machine."""
ROUNDS, TRIES = 2, 4
"""Deletions that must go well, and how many are made: one before which orders were done tells
little, and on a busy machine one alone may go well by luck."""
FEW = 1
"""As many that one deletion loses may be the machine's: such a front is looked at once more."""
KILLED = 137
STEADY = 3.0
"""Seconds more than a probe needs, so that nothing hangs on its beat."""
SHORTEST_OUTAGE, LONGEST_OUTAGE = 8.0, 45.0

SENT = Text("订单都在处理中", "all orders to be under way")
BOOKED = Text("处理中的订单全部成功", "all orders under way are booked")
ENDS_ITSELF = Text("容器自己结束，没有被强行杀掉", "the container ends by itself, not killed")
GONE = Text("被删除的 Pod 消失", "the deleted Pod to be gone")
RIDES_OUT = Text("Redis 不应答期间，前端没有重启", "no front is restarted while Redis is silent")
STUCK = Text("卡住的前端被重启", "the front that is stuck to be restarted")
MISSED = Text(
    "Pod 被删除的时候，不是所有订单都在处理中，或者机器太忙，耽误了它们。",
    "Not all orders were under way when the Pod was deleted, or a busy machine held them up.",
)
MEANWHILE = Text("Pod {pod} 在我们删除它之前变了。", "Pod {pod} changed before we could delete it.")


# Longest wait: the Pod's own end, at most its grace period; twice.
@check("checkout")
def checkout(bench: Bench) -> Outcome:
    rounds, spared = 0, False
    for _ in range(TRIES):
        pod = find_fronts(bench)[0]
        with Recorder(bench.connection, bench.namespace, ("Pod",)) as recorder:
            load, under_way = _orders_while_deleted(bench, pod)
        lost, count = _cut_off(load), len(load.answers)
        if len(lost) > FEW or (lost and spared):
            bench.failed(
                "cut-off",
                expected=BOOKED,
                found=lost[0].error,
                command="kubectl describe deployment front",
                pod=pod.name,
                lost=len(lost),
                count=under_way,
            )
        spared = spared or bool(lost)
        _must_have_ended_itself(bench, pod, recorder.record())
        rounds += under_way == count and not lost
        if rounds == ROUNDS:
            found = f"{count} / {count}"
            return bench.passed(expected=BOOKED, found=found, command="kubectl get pods")
    raise CouldNotLook(MISSED, AGAIN)


# Longest waits: period times threshold of the liveness probe, twice; the end of one container.
@check("outage")
def outage(bench: Bench) -> Outcome:
    fronts, port = find_fronts(bench), port_of_fronts(bench)
    lives = lives_of(fronts)
    patience = max(_patience(pod) for pod in fronts)
    must_answer(bench)
    pause_redis(bench, patience)

    def look() -> str:
        must_live_on(bench, fronts, lives, "fell-with-redis")
        return send(bench, "PING", seconds=2)

    bench.hold(look, fine, patience - STEADY, RIDES_OUT)
    bench.converge(look, lambda said: said.startswith("+PONG"), SLOWEST, ANSWERS)
    _must_sell(bench, fronts, port)
    # On a busy machine the kubelet acts late: after the last look, before the next step.
    must_live_on(bench, fronts, lives, "fell-with-redis")
    _must_restart_when_stuck(bench, fronts[0])
    # A container that was told to end while Redis was silent is gone by now.
    must_live_on(bench, fronts[1:], lives, "fell-with-redis")
    return bench.passed(expected=RIDES_OUT, found=f"{patience:.0f} s", command="kubectl get pods")


def _must_sell(bench: Bench, fronts: list[Pod], port: int) -> None:
    """Every front takes things into carts, within the time a probe needs to see it."""
    path = f"/cgi-bin/cart?customer={bench.token()}&item=pear"

    def look() -> None:
        for pod in fronts:
            answer = bench.http(pod, path, port)
            if answer.status != 200:
                bench.failed(
                    "sells-no-more",
                    expected=SELLS,
                    found=shown(answer),
                    command=f"kubectl logs {pod.name}",
                    pod=pod.name,
                )

    bench.converge(look, fine, SLOWEST, SELLS)
    bench.ready_pods_of_service(SHOP, STARTS)


def _patience(pod: Pod) -> float:
    """Seconds after which this Pod's liveness probe must have acted; how long to make trouble."""
    return min(LONGEST_OUTAGE, max(SHORTEST_OUTAGE, _longest_budget(pod) + STEADY))


def _longest_budget(pod: Pod) -> float:
    probes = [c.liveness_probe for c in pod.raw.spec.containers if c.liveness_probe]
    return max((_budget(probe) for probe in probes), default=0.0)


def _budget(probe: Any) -> float:
    """Seconds from the first bad answer to the verdict; a probe that gets none takes longer."""
    return slowest(probe) + (probe.timeout_seconds or 1)


def _must_restart_when_stuck(bench: Bench, pod: Pod) -> None:
    """Make one front say that it is stuck. Riding out an outage is only half of a probe's work.

    Its probe and its grace period tell how soon it must end, and a busy machine may be later; to
    come back it may take its time.
    """
    before = bench.before(pod)
    name = before.container
    bench.later(Step.exec(pod.name, ("rm", "-f", STUCK_FILE), name, pod.uid))
    bench.exec(pod, ["touch", STUCK_FILE], name)
    grace = pod.raw.spec.termination_grace_period_seconds or 0
    budget = _longest_budget(pod)
    in_time = min(RESTARTS, budget + SLOWEST) if budget else SHORTEST_OUTAGE
    bench.converge(
        lambda: bench.pod(pod.name).container(name),
        lambda now: now.id != before.container_id or now.state != "running",
        in_time + grace + STEADY,
        STUCK,
        failing="stuck-stays",
        show=lambda now: f"restartCount {now.restarts}, {now.state}",
        command=describe(pod),
        pod=pod.name,
    )
    bench.restarted(before, RESTARTS)


def _orders_while_deleted(bench: Bench, pod: Pod) -> tuple[Load, int]:
    """Delete a front that has just got orders: what came of them, how many were under way."""
    customer = bench.token()
    burst = {"rate": BURST, "seconds": ORDERS / BURST, "patience": SLOWEST}
    with bench.load(pod, ORDER + customer, port_of_fronts(bench), **burst) as load:
        bench.hold(lambda: load.answers, fine, ORDERS / BURST + ARRIVE, SENT)
        _delete(bench, pod)
        done = len(load.answers)
        bench.converge(lambda: bench.find("Pod", pod.name), lambda it: not it, RESTARTS, GONE)
    ask(bench, "DEL", f"orders:{customer}")
    return load, sum(map(_tells, load.answers)) - done


def _tells(order: Answer) -> bool:
    """Whether what came of an order tells something of the front."""
    return order.ok or (order.error != REFUSED and order.seconds < LATE)


def _cut_off(load: Load) -> list[Answer]:
    """The orders that the front had and did not end."""
    return [each for each in load.failed if _tells(each)]


def _must_have_ended_itself(bench: Bench, pod: Pod, record: Record) -> None:
    """A helper that is killed for its slow work costs no order, so only the main ones count."""
    mains = [c for c in pod.containers if c.main]
    before = {(c.name, end.finished_at) for c in mains for end in (c.last, c.ended) if end}
    for fact in record.of("container-ended"):
        if (fact.container, fact.at) in before:  # the end of an earlier life
            continue
        main = fact.uid == pod.uid and fact.container in {c.name for c in mains}
        if main and fact.more["code"] == KILLED:
            bench.failed(
                "killed",
                expected=ENDS_ITSELF,
                found=f"{fact.container}: exit code {KILLED}",
                command="kubectl describe deployment front",
                container=fact.container,
                pod=pod.name,
                grace=pod.raw.spec.termination_grace_period_seconds,
            )


def _delete(bench: Bench, pod: Pod) -> None:
    try:
        with looking():
            bench.objects.delete("Pod", pod.name, uid=pod.uid)
    except API_ERRORS as error:
        if meaning(error).meaning is not Meaning.absent:
            raise CouldNotLook(MEANWHILE.format(pod=pod.name), AGAIN) from error
