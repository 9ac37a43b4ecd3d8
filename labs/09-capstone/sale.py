"""The big sale: orders all the time, a rolling restart among them, and Redis crashes at the end."""

from __future__ import annotations

from checker.catalogue import check
from checker.observe import Answer, Bench, CouldNotLook, Outcome
from checker.texts import Text

from .fronts import SHOP, find_fronts
from .redis import KEEPS, REDIS, RESTARTS, ask, crash_redis
from .words import AGAIN, ORDER, SLOWEST, named

RATE, MORE, ENOUGH = 4.0, 8, 20
"""Orders per second, how many after the restart, and how many there must be to tell."""
FEW, ROUNDS = 2, 3
"""Lost orders that may be noise on a busy machine, and rounds of which one must lose none. A front
that shuts its door too early loses more, in each of them."""

UNDER_WAY = Text("有订单得到应答", "orders to be answered")
NONE_FAILS = Text("滚动重启期间没有订单失败", "no order fails during the rolling restart")
ALL_THERE = Text(
    "Redis 崩溃之后，答应过的订单都在", "every confirmed order is there after the crash"
)
SHOW_ROLL = "kubectl rollout restart deployment front; timeout 30 kubectl get pods -w || true"
TOO_FEW = Text("发出的订单太少，不能下结论。", "Too few orders were sent to tell.")


# Longest wait: each front is replaced in turn, after the start of its successor and its own end.
@check("sale")
def sale(bench: Bench) -> Outcome:
    rounds: list[str] = []
    customer, count, lost = _sell_while_rolling(bench, rounds)
    while 0 < len(lost) <= FEW and len(rounds) < ROUNDS:
        customer, count, lost = _sell_while_rolling(bench, rounds)
    if lost:
        bench.failed(
            "orders-lost",
            expected=NONE_FAILS,
            found=", ".join(rounds),
            command=SHOW_ROLL,
            lost=len(lost),
            count=count,
            answer=lost[0].error,
        )
    crash_redis(bench)
    kept = next((word for word in ask(bench, "GET", f"orders:{customer}") if word.isdigit()), "0")
    if int(kept) < count:
        command = f"kubectl logs {named(bench.pods_of_service(REDIS))}"
        bench.failed(
            "forgotten", expected=ALL_THERE, found=kept, command=command, kept=kept, count=count
        )
    ask(bench, "DEL", f"orders:{customer}")
    found = ", ".join(rounds)
    return bench.passed(expected=NONE_FAILS, found=found, command="kubectl get pods")


def _sell_while_rolling(bench: Bench, rounds: list[str]) -> tuple[str, int, list[Answer]]:
    """One rolling restart under orders: who ordered, how many were sent, and which were lost.

    `rounds` gets it in words, such as `79 / 80 (no answer)`.
    """
    fronts = find_fronts(bench)
    customer = bench.token()
    many = {"rate": RATE, "seconds": 200.0, "patience": SLOWEST}
    with bench.load(SHOP, ORDER + customer, **many) as load:
        bench.converge(lambda: len(load.answers), bool, SLOWEST, UNDER_WAY)
        bench.rolled_out(bench.roll(fronts[0]), RESTARTS)
        enough = len(load.answers) + MORE
        bench.converge(lambda: len(load.answers), lambda now: now > enough, SLOWEST, UNDER_WAY)
    count, lost = len(load.answers), load.failed
    if count < ENOUGH:
        raise CouldNotLook(TOO_FEW, AGAIN)
    ask(bench, "EXPIRE", f"orders:{customer}", KEEPS)
    why = f" ({lost[0].error})" if lost else ""
    rounds.append(f"{count - len(lost)} / {count}{why}")
    return customer, count, lost
