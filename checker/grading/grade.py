"""Runs a lab's checks on a workspace, one after the other, and reports each verdict.

It never raises for what the cluster does: a world that cannot be seen gives `unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Protocol

from checker.catalogue import Lab, Task
from checker.cluster.clock import Clock
from checker.grading.events import OnEvent, TaskFinished, TaskStarted, Waiting, ignore
from checker.grading.verdicts import Finding, settle, worded
from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.observe.outcome import CouldNotLook, Outcome
from checker.texts import Text


class BenchLike(Protocol):
    """What grading itself asks of a bench; the checks ask for much more."""

    def undo(self) -> None:
        """Undo what a check changed, in this run or in an earlier one that was killed."""


Say = Callable[[Text], None]
LOST = Text(
    "检查到一半，别的检查接管了这个工作区。",
    "In the middle of the check another one took over this workspace.",
)
AGAIN = Text("等它结束后再检查一次。", "Check again when that has ended.")


@dataclass(frozen=True)
class Means:
    """What grading works with; tests put their own in.

    `bench` makes one for a task; `lease` keeps every other run off the workspace while it lasts;
    `lost` tells whether another has it now, because we could not renew it in time.
    """

    bench: Callable[[Task, Say], BenchLike]
    lease: Callable[[], AbstractContextManager[object]]
    lost: Callable[[], bool]
    clock: Clock


def grade_with(
    means: Means,
    lab: Lab,
    workspace: str,
    tasks: Iterable[str | int] | None = None,
    on_event: OnEvent = ignore,
) -> LabReport:
    """Judge `tasks` (ids or numbers) with all they need, or the whole lab.

    `workspace` is the name the report carries. Raises UnknownTask, and nothing for the cluster.
    """
    chosen = lab.tasks if tasks is None else lab.with_needs(tasks)
    began, started_at = means.clock.now(), means.clock.wall()
    results: dict[str, TaskResult] = {}
    with ExitStack() as stack:
        entry = settle(lambda: _enter(stack, means))
        for task in chosen:
            barred = (
                entry if entry.verdict is not Verdict.passed else _held_back(lab, task, results)
            )
            results[task.id] = _judge(means, lab, task, barred, on_event)
    return LabReport(
        lab=lab.name,
        title=lab.title,
        workspace=workspace,
        results=tuple(results.values()),
        started_at=started_at,
        seconds=means.clock.now() - began,
    )


def _enter(stack: ExitStack, means: Means) -> Outcome:
    stack.enter_context(means.lease())
    return Outcome()


def _held_back(lab: Lab, task: Task, results: dict[str, TaskResult]) -> Finding | None:
    """Why the task is not looked at: one that it needs has failed, or could not be checked."""
    needed = [results[need] for need in task.needs]
    whole = Verdict.of_all(result.verdict for result in needed) if needed else Verdict.passed
    if whole is Verdict.passed:
        return None
    blocking = [result for result in needed if result.verdict is whole]
    names = Text(
        zh="、".join(f"“{result.title.zh}”" for result in blocking),
        en=", ".join(f'"{result.title.en}"' for result in blocking),
    )
    evidence = tuple(
        Evidence(
            expected=Text.same(f"{result.task}: passed"),
            found=f"{result.task}: {result.verdict.value}",
            command=f"podlab check {lab.name} --task {result.task}",
        )
        for result in blocking
    )
    message_id = "needs" if whole is Verdict.failed else "needs-unknown"
    return Finding(whole, message_id, {"tasks": names}, evidence)


def _judge(
    means: Means, lab: Lab, task: Task, barred: Finding | None, on_event: OnEvent
) -> TaskResult:
    began, started_at = means.clock.now(), means.clock.wall()
    on_event(TaskStarted(task.id, task.number, task.title, task.deadline))
    finding = barred or _look(means, lab, task, on_event)
    finding, message = worded(task, finding)
    result = TaskResult(
        task=task.id,
        title=task.title,
        verdict=finding.verdict,
        message_id=finding.message_id,
        message=message,
        evidence=finding.evidence,
        points=task.points,
        seconds=means.clock.now() - began,
        started_at=started_at,
    )
    on_event(TaskFinished(task.number, result))
    return result


def _look(means: Means, lab: Lab, task: Task, on_event: OnEvent) -> Finding:
    """Undo what an earlier run left, judge, undo.

    What cannot be undone makes the verdict unknown, and so does another run that came between: the
    workspace is then not only what the learner made.
    """

    def judge() -> object:
        bench = means.bench(task, lambda what: on_event(Waiting(task.id, what)))
        bench.undo()
        try:
            outcome = lab.checks[task.id](bench)
        finally:
            bench.undo()
            if means.lost():
                raise CouldNotLook(LOST, AGAIN)
        return outcome

    return settle(judge)
