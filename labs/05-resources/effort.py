"""What a container does with its CPU in a few seconds: its own effort, and how it is held back.

Looking costs CPU too, in the same cgroup: a look alone can use up a small limit. So one look
brackets some quiet seconds, and what our own processes use is kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from checker.observe import Bench, Pod
from checker.observe.cgroup import COMMAND, Cgroup

from .books import made_out, must_have_run

QUIET = 4
"""Seconds between the two readings of one look."""
SLOW = 45.0
"""Seconds one look may take: with a limit of 10m our own commands wait for their turn as well."""
APART, PROCESSES = "---- then", "---- processes"
SCRIPT = f"""
look() {{ {" ".join(COMMAND)}; echo "{PROCESSES}"; cat /proc/[0-9]*/stat; }}
look 2> /dev/null
sleep {QUIET}
echo "{APART}"
look 2> /dev/null
echo "{PROCESSES}"
echo $$
"""
TICK = 0.01
"""Seconds in the unit of /proc/PID/stat (USER_HZ is 100 on every architecture Kubernetes has)."""
RUNNABLE = "R"


@dataclass(frozen=True)
class Effort:
    """`before` and `after` are the kernel's books, `own` the seconds of CPU of its own programs.

    `at_work`: one of them ran, or waited for its turn, at the end.
    """

    before: Cgroup
    after: Cgroup
    own: float
    at_work: bool

    @property
    def spent(self) -> float:
        """Seconds of CPU of the whole container, our looking included."""
        return self.after.cpu_seconds - self.before.cpu_seconds

    @property
    def throttled(self) -> int:
        """Periods in which it was held back."""
        return self.after.throttled_periods - self.before.throttled_periods


def effort(bench: Bench, pod: Pod) -> Effort:
    """One look at the Pod's main container; takes QUIET seconds."""
    container = pod.container()
    ran = bench.exec(pod, ["sh", "-c", SCRIPT], container.name, seconds=SLOW)
    must_have_run(bench, ran, container)
    first, _, second = ran.stdout.partition(APART)
    before, _, early = first.partition(PROCESSES)
    after, _, rest = second.partition(PROCESSES)
    late, _, ours = rest.partition(PROCESSES)
    then, now = processes(early, ours.strip()), processes(late, ours.strip())
    return Effort(
        made_out(before, container),
        made_out(after, container),
        own=sum(ticks for _, ticks in now) * TICK - sum(ticks for _, ticks in then) * TICK,
        at_work=any(state == RUNNABLE for state, _ in now),
    )


def processes(stats: str, ours: str) -> list[tuple[str, int]]:
    """State and CPU ticks, those of ended children with them, of all but process `ours` and its
    children, from /proc/PID/stat. A name there may hold blanks and parentheses.
    https://docs.kernel.org/filesystems/proc.html
    """
    rows = {}
    for line in stats.splitlines():
        head, _, tail = line.rpartition(")")
        words = tail.split()
        if head and len(words) > 14:
            rows[head.split()[0]] = (words[1], words[0], sum(map(int, words[11:15])))
    return [
        (state, ticks)
        for pid, (parent, state, ticks) in rows.items()
        if ours not in (pid, parent) and rows.get(parent, ("",))[0] != ours
    ]
