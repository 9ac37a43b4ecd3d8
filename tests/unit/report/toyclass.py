"""Runs of classes, made up: as many learners and labs as a test wants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from checker.model import (
    ClassRun,
    Evidence,
    LabPlan,
    LabReport,
    Pair,
    Pupil,
    RunHead,
    Scope,
    TaskPlan,
    TaskResult,
    Verdict,
)
from checker.texts import Text

START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
NAMES = ("Ann Lee", "王小明", "Zoë Ünal", "سارة", "Bo <b>Bold</b>")
MESSAGES = (
    ("silent", Text("{n} 没有应答。看看 `kubectl get svc`。", "{n} is silent: `kubectl get svc`.")),
    ("gone", Text("重启之后，键不见了。", "After a restart the key is gone.")),
    ("no-pods", Text("没有 Pod 带着标签 app=<redis>。", "No Pod carries the labels app=<redis>.")),
)  # fmt: skip
TITLES = (
    Text("Redis 有应答", "Redis answers"),
    Text("重启之后数据还在", "The data stays after a restart"),
    Text("新的 Pod 从空白开始", "A new Pod starts empty"),
    Text("PVC 里的数据比 Pod 长寿", "Data in a claim outlives the Pod"),
    Text("内存里的卷有上限", "A volume in memory has a limit"),
)
DOUBT = Text("没能检查：连不上。再试一次。", "Could not be checked: no connection. Try again.")


def pupils(count: int) -> tuple[Pupil, ...]:
    """`ann-0`, `ann-1`, …, with names in several scripts."""
    return tuple(
        Pupil(f"ann-{n}", NAMES[n % len(NAMES)], "zh" if n % 2 else "en") for n in range(count)
    )


def labs(count: int, scopes: Iterable[Scope] = (Scope.judged,) * 5) -> tuple[LabPlan, ...]:
    """`01-toy`, `02-toy`, … with a task for each scope."""
    tasks = tuple(
        TaskPlan(f"task-{n + 1}", n + 1, TITLES[n], 20, scope) for n, scope in enumerate(scopes)
    )
    return tuple(
        LabPlan(f"{n + 1:02}-toy", Text(f"玩具实验 {n + 1}", f"Toy lab {n + 1}"), tasks)
        for n in range(count)
    )


def head(count: int, plans: tuple[LabPlan, ...], *, behaviour: bool = False) -> RunHead:
    server = ("kind-podlab", "uid-1", "v1.37.2")
    return RunHead(START, *server, "0.1.0", behaviour, "", pupils(count), plans)


def report(pupil: str, lab: LabPlan, verdicts: Iterable[Verdict]) -> LabReport:
    """The lab's judged tasks with these verdicts."""
    results = []
    for task, verdict in zip(lab.judged, verdicts, strict=True):
        name, text = MESSAGES[task.number % len(MESSAGES)]
        found = f"nothing from <{pupil}>\n" * 3
        seen = Evidence(
            Text("对 PING 的回答是 PONG", "the answer to PING is PONG"), found, "kubectl get pods"
        )
        message = {
            Verdict.passed: ("passed", Text("做到了。", "Done.")),
            Verdict.failed: (name, text.format(n=pupil)),
            Verdict.unknown: ("not-observed", DOUBT),
        }[verdict]  # fmt: skip
        results.append(
            TaskResult(
                task.id,
                task.number,
                task.title,
                verdict,
                *message,
                (seen,),
                task.points,
                1.5,
                START,
            )
        )
    return LabReport(lab.name, lab.title, f"lab-{lab.name}-{pupil}", tuple(results), START, 3.0)


def verdict_of(place: int) -> Verdict:
    """Most pass, many fail, a few are in doubt; the same each time."""
    return Verdict.unknown if place % 23 == 7 else list(Verdict)[(place * 7919 % 100) < 35]


def class_run(
    count: int = 5,
    lab_count: int = 2,
    scopes: Iterable[Scope] = (Scope.judged,) * 5,
    *,
    without: Iterable[Pair] = (),
    shift: int = 0,
    behaviour: bool = True,
) -> ClassRun:
    """A run with verdicts of all kinds. `without` was not graded; `shift` gives others."""
    plans = labs(lab_count, scopes)
    whole = head(count, plans, behaviour=behaviour)
    reports = {}
    for number, pair in enumerate(whole.pairs()):
        lab = next(plan for plan in plans if plan.name == pair[1])
        places = (number * 5 + n + shift for n in range(len(lab.judged)))
        if pair not in tuple(without):
            reports[pair] = report(pair[0], lab, map(verdict_of, places))
    return ClassRun(whole, reports)


def earlier(run: ClassRun) -> ClassRun:
    """The run of the day before, with other verdicts."""
    other = class_run(len(run.head.pupils), len(run.head.labs), shift=3)
    at = run.head.started_at - timedelta(days=1)
    return ClassRun(RunHead(**vars(other.head) | {"started_at": at}), other.reports)
