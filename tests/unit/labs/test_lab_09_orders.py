"""Lab 09 blames a shop for orders that were under way, for losses that come again, and for fronts
that end themselves.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock

from checker.catalogue import load_lab
from checker.observe import Bench, CouldNotLook, Ended, Fact, Outcome, Record, Refusal
from checker.observe.pod import view

LESSON = "09-capstone"
load_lab(LESSON)
checks, orders, records, sale = (
    sys.modules[f"checker_labs.09_capstone{name}"] for name in ("", ".orders", ".records", ".sale")
)
SPACE = "/api/v1/namespaces/lab-09-capstone"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class HastyClock(FakeClock):
    """Its pauses end early, as those of a clock that is woken by changes."""

    def pause(self, seconds: float) -> None:
        super().pause(min(seconds, 0.05))


@pytest.fixture
def clock() -> FakeClock:
    return HastyClock()


def front(life: int = 0, ready: bool = True, **more: Any) -> dict[str, Any]:
    probe = {"httpGet": {"path": "/cgi-bin/live", "port": 8080}}
    container = {"name": "front", "image": "busybox:1.37", "livenessProbe": probe}
    status = {
        "name": "front",
        "image": "",
        "imageID": "",
        "ready": ready,
        "restartCount": life,
        "containerID": f"containerd://{life}",
        "state": {"running": {"startedAt": NOON.isoformat()}},
        **more,
    }
    return {
        "metadata": {"name": "front-a", "uid": "uid-a", "labels": {"app": "front"}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 10},
        "status": {
            "phase": "Running",
            "podIP": "10.0.0.7",
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [status],
        },
    }


def put(api: FakeApi, pod: dict[str, Any]) -> Any:
    return api.put(f"{SPACE}/pods/front-a", pod)


def seen(bench: Bench) -> Any:
    return view(bench.get("Pod", "front-a"))


def order(error: str = "", seconds: float = 1.0) -> SimpleNamespace:
    return SimpleNamespace(ok=not error, error=error, seconds=seconds)


class Burst:
    """Orders that take 2 s; the shop takes none once its door is shut, and ends those it has."""

    def __init__(self, clock: FakeClock, lasts: float) -> None:
        self.clock, self.shut = clock, float("inf")
        self.sent = [number * lasts / (orders.ORDERS - 1) for number in range(orders.ORDERS)]

    @property
    def answers(self) -> list[SimpleNamespace]:
        now = self.clock.now()
        refused = [order("Connection refused") for at in self.sent if self.shut <= at <= now]
        return [order() for at in self.sent if at < self.shut and at + 2 <= now] + refused

    @property
    def failed(self) -> list[SimpleNamespace]:
        return [each for each in self.answers if not each.ok]

    def __enter__(self) -> Burst:
        return self

    def __exit__(self, *words: object) -> None:
        self.clock.time += 30


@pytest.mark.parametrize(("lasts", "all_under_way"), [(0.55, True), (5.0, False)])
def test_door_shut_at_once_costs_no_order_that_is_under_way(
    api: FakeApi,
    bench: Bench,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    lasts: float,
    all_under_way: bool,
) -> None:
    put(api, front())
    burst = Burst(clock, lasts)

    def delete(*words: object) -> None:
        burst.shut = clock.now()
        del api.store[f"{SPACE}/pods/front-a"]

    monkeypatch.setattr(bench, "load", lambda *words, **more: burst)
    monkeypatch.setattr(orders, "port_of_fronts", lambda *words: 8080)
    monkeypatch.setattr(orders, "ask", lambda *words: [])
    monkeypatch.setattr(orders, "_delete", delete)
    pod = seen(bench)
    load, under_way = orders._orders_while_deleted(bench, pod)
    assert orders._cut_off(load) == []
    assert (under_way == orders.ORDERS) is all_under_way


@pytest.mark.parametrize(
    ("losses", "deletions", "told"),
    [
        ([0, 0], 2, None),
        ([1, 0, 0], 3, None),
        ([1, 1], 2, 1),
        ([1, 0, 1], 3, 1),
        ([2], 1, 2),
    ],
)
def test_order_that_is_cut_off_counts_when_a_second_deletion_cuts_off_again(
    api: FakeApi,
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    losses: list[int],
    deletions: int,
    told: int | None,
) -> None:
    put(api, front())
    done: list[int] = []

    def deleted(*words: object) -> tuple[SimpleNamespace, int]:
        done.append(losses[len(done)])
        # Neither says anything of the front: one never got there, one was held up.
        others = [order("Connection refused"), order("no answer", seconds=7.0)]
        failed = [order("no answer")] * done[-1] + others
        return SimpleNamespace(failed=failed, answers=[order()] * 8), 8

    monkeypatch.setattr(orders, "find_fronts", lambda *words: [seen(bench)])
    monkeypatch.setattr(orders, "_orders_while_deleted", deleted)
    if told is None:
        orders.checkout(bench)
    else:
        with pytest.raises(Refusal, match="cut-off") as caught:
            orders.checkout(bench)
        assert caught.value.params["lost"] == told
    assert len(done) == deletions


def killed(at: datetime) -> dict[str, Any]:
    times = {"startedAt": NOON.isoformat(), "finishedAt": at.isoformat()}
    return {"terminated": {"exitCode": 137, "reason": "Error", **times}}


@pytest.mark.parametrize(("minutes", "charged"), [(1, False), (2, True)])
def test_only_the_end_that_the_deletion_brought_is_charged_to_it(
    api: FakeApi, bench: Bench, minutes: int, charged: bool
) -> None:
    put(api, front(1, lastState=killed(NOON + timedelta(minutes=1))))
    at = NOON + timedelta(minutes=minutes)
    end = Fact("container-ended", at, at, "front-a", "uid-a", "front", {"code": 137})
    record = Record("", at, at, (end,))
    expected = pytest.raises(Refusal, match="killed") if charged else None
    with expected or contextlib.nullcontext():
        orders._must_have_ended_itself(bench, seen(bench), record)


def test_helper_that_is_killed_in_its_slow_work_is_no_lost_order(
    api: FakeApi, bench: Bench
) -> None:
    form = front()
    form["spec"]["initContainers"] = [
        {"name": "content", "image": "git", "restartPolicy": "Always"}
    ]
    put(api, form)
    end = Fact("container-ended", NOON, NOON, "front-a", "uid-a", "content", {"code": 137})
    orders._must_have_ended_itself(bench, seen(bench), Record("", NOON, NOON, (end,)))


@pytest.fixture
def stuck(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "exec", lambda *words, **more: None)
    monkeypatch.setattr(bench, "later", lambda *words: None)


def test_stuck_front_has_time_to_stop_to_start_and_to_be_ready_again(
    api: FakeApi, bench: Bench, clock: FakeClock, stuck: None
) -> None:
    """Probes at their defaults, a hook of 8 s, a back-off of 10 s, a first readiness after 10 s."""
    put(api, front())
    down = front(ready=False, state={"waiting": {"reason": "CrashLoopBackOff"}})
    clock.at(30 + 8, lambda: put(api, down))
    clock.at(30 + 8 + 10, lambda: put(api, front(1, ready=False)))
    clock.at(30 + 8 + 10 + 12, lambda: put(api, front(1)))
    pod = seen(bench)
    orders._must_restart_when_stuck(bench, pod)


def test_front_that_stays_stuck_is_not_waited_for_long(
    api: FakeApi, bench: Bench, clock: FakeClock, stuck: None
) -> None:
    form = front()
    del form["spec"]["containers"][0]["livenessProbe"]
    put(api, form)
    pod = seen(bench)
    with pytest.raises(Refusal, match="stuck-stays"):
        orders._must_restart_when_stuck(bench, pod)
    assert clock.now() < 30


def test_front_that_fell_with_redis_and_came_back_late_is_told_so(
    api: FakeApi, bench: Bench, stuck: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(api, front())
    monkeypatch.setattr(orders, "find_fronts", lambda *words: [seen(bench)])
    for name in ("must_answer", "pause_redis", "port_of_fronts"):
        monkeypatch.setattr(orders, name, lambda *words: None)
    monkeypatch.setattr(orders, "send", lambda *words, **more: "+PONG")
    monkeypatch.setattr(orders, "_must_sell", lambda *words: put(api, front(1)))
    with pytest.raises(Refusal, match="fell-with-redis"):
        orders.outage(bench)


class Selling:
    """A load of 80 orders at last; some have been answered whenever one looks."""

    def __init__(self, failed: list[SimpleNamespace]) -> None:
        self.failed, self._looks = failed, 0

    @property
    def answers(self) -> list[SimpleNamespace]:
        self._looks += 1
        return [order()] * (80 if self._looks > 2 else self._looks)


@pytest.mark.parametrize(
    ("lost", "rounds", "found"),
    [
        ([0], 1, "80 / 80"),
        ([1, 0], 2, "79 / 80 (no answer), 80 / 80"),
        ([1, 2, 0], 3, "79 / 80 (no answer), 78 / 80 (no answer), 80 / 80"),
        ([1, 1, 1], 3, None),
        ([1, 3], 2, None),
        ([30], 1, None),
    ],
)
def test_lost_order_counts_when_no_round_is_without(
    api: FakeApi,
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    lost: list[int],
    rounds: int,
    found: str | None,
) -> None:
    put(api, front())
    done: list[int] = []

    @contextlib.contextmanager
    def load(*words: object, **more: object) -> Iterator[SimpleNamespace]:
        done.append(lost[len(done)])
        yield Selling([order("no answer")] * done[-1])

    monkeypatch.setattr(bench, "load", load)
    monkeypatch.setattr(bench, "roll", lambda *words: None)
    monkeypatch.setattr(bench, "rolled_out", lambda *words: None)
    monkeypatch.setattr(sale, "find_fronts", lambda *words: [seen(bench)])
    monkeypatch.setattr(sale, "crash_redis", lambda *words: None)
    monkeypatch.setattr(sale, "ask", lambda *words: ["80"])
    if found is None:
        with pytest.raises(Refusal, match="orders-lost"):
            sale.sale(bench)
    else:
        outcome: Outcome = sale.sale(bench)
        assert outcome.evidence[0].found == found
    assert len(done) == rounds


@pytest.mark.parametrize(("restarts_after", "passes"), [(4.0, False), (None, True)])
def test_front_that_shows_the_new_key_and_ends_itself_then_is_told_so(
    api: FakeApi,
    bench: Bench,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    restarts_after: float | None,
    passes: bool,
) -> None:
    put(api, front())
    fingerprint = hashlib.sha256(b"key-1").hexdigest()[:12]
    monkeypatch.setattr(checks, "find_fronts", lambda *words: [seen(bench)])
    monkeypatch.setattr(checks, "port_of_fronts", lambda *words: 8080)
    monkeypatch.setattr(bench, "token", lambda _: "key-1")
    monkeypatch.setattr(bench, "change", lambda *words: None)
    monkeypatch.setattr(bench, "http", lambda *words: SimpleNamespace(text=fingerprint))
    if restarts_after:
        clock.at(restarts_after, lambda: put(api, front(1)))
    refused = pytest.raises(Refusal, match="front-restarted")
    with contextlib.nullcontext() if passes else refused:
        checks.payment(bench)


@pytest.mark.parametrize(("cpu", "raised"), [("5m", CouldNotLook), ("20", Refusal)])
def test_import_that_found_no_room_is_the_learners_fault_only_where_it_asks_for_much(
    api: FakeApi, bench: Bench, cpu: str, raised: type[Exception]
) -> None:
    form = front(ready=False, state={"waiting": {}})
    form["metadata"]["labels"] = {"job-name": "stock-1"}
    form["spec"]["containers"][0]["resources"] = {"requests": {"cpu": cpu}}
    full = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    full["message"] = "0/1 nodes are available: 1 Insufficient cpu."
    form["status"] |= {"phase": "Pending", "conditions": [full], "containerStatuses": []}
    put(api, form)
    with pytest.raises(raised) as caught:
        records._end_of(bench, "stock-1")
    assert getattr(caught.value, "message_id", "not-scheduled") == "not-scheduled"


@pytest.mark.parametrize(
    ("named", "runs", "message"),
    [
        (("a2", "a4"), 2, ""),
        (("-", "a2", "a4"), 3, ""),  # the first list came late into its Pod
        (("a2", "a2", "a4"), 3, ""),  # the second one did
        (("-", "-"), 2, "no-reason"),
        (("all", "all"), 2, "names-all"),
    ],
)
def test_import_is_judged_by_two_lists_and_each_may_come_late(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, named: Sequence[str], runs: int, message: str
) -> None:
    articles = [f"a{number}" for number in range(records.ARTICLES)]
    said = [" ".join(articles) if words == "all" else f"wrong: {words}" for words in named]
    ends = iter([Ended(1, "Error", words, None, None, None) for words in said])
    made: list[int] = []

    def run(_: Bench) -> Ended:
        made.append(1)
        return next(ends)

    tokens = iter(articles)
    monkeypatch.setattr(records, "_deliver", lambda *_: None)
    monkeypatch.setattr(records, "_import", run)
    monkeypatch.setattr(bench, "token", lambda _: next(tokens))
    if message:
        with pytest.raises(Refusal, match=message):
            records.stock(bench)
    else:
        records.stock(bench)
    assert len(made) == runs
