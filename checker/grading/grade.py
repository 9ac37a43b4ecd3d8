"""Runs a lab's checks on a workspace and reports each verdict.

One after the other, but for tasks marked `parallel`: those run side by side as soon as what they
need has passed.

It never raises for what the cluster does: a world that cannot be seen gives `unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Protocol

from checker.catalogue import Lab, Task
from checker.cluster.clock import Clock
from checker.grading.events import OnEvent, TaskFinished, TaskStarted, Waiting, ignore
from checker.grading.verdicts import Finding, settle, worded
from checker.grading.wave import side_by_side
from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.observe.outcome import CouldNotLook, Outcome
from checker.texts import Text


class BenchLike(Protocol):
    """What grading itself asks of a bench; the checks ask for much more."""

    def undo(self) -> None:
        """Undo what this check changed, and what an earlier run left that was killed."""

    def hurry(self) -> None:
        """End all waiting: nobody wants the verdict any more."""

    def close(self) -> None:
        """End what runs in the background."""


Say = Callable[[Text], None]
AT_ONCE = 4
"""Parallel tasks that run at the same time: each watches the namespace and may send requests."""
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
        entered = entry.verdict is Verdict.passed
        while left := [task for task in chosen if task.id not in results]:
            wave = _next_wave(left, results)
            run = _Wave(means, lab, len(chosen))
            jobs = [
                partial(run.judge, task, _held_back(task, results) if entered else entry)
                for task in wave
            ]
            for result in side_by_side(jobs, on_event, run.hurry):
                results[result.task] = result
    return LabReport(
        lab=lab.name,
        title=lab.title,
        workspace=workspace,
        results=tuple(results[task.id] for task in chosen),
        started_at=started_at,
        seconds=means.clock.now() - began,
    )


def _enter(stack: ExitStack, means: Means) -> Outcome:
    stack.enter_context(means.lease())
    return Outcome()


def _held_back(task: Task, results: dict[str, TaskResult]) -> Finding | None:
    """Why the task is not looked at: one that it needs has failed, or could not be checked."""
    needed = [results[need] for need in task.needs]
    whole = Verdict.of_all(result.verdict for result in needed) if needed else Verdict.passed
    if whole is Verdict.passed:
        return None
    blocking = [result for result in needed if result.verdict is whole]
    names = Text(
        zh="、".join(f"任务 {result.number}“{result.title.zh}”" for result in blocking),
        en=", ".join(f'task {result.number}, "{result.title.en}"' for result in blocking),
    )
    evidence = tuple(
        Evidence(
            expected=Text.same(f"{result.task}: passed"),
            found=f"{result.task}: {result.verdict.value}",
            command="",  # in a cell or in a terminal, the message says which task to check
        )
        for result in blocking
    )
    message_id = "needs" if whole is Verdict.failed else "needs-unknown"
    return Finding(whole, message_id, {"tasks": names}, evidence)


def _next_wave(left: Sequence[Task], results: Mapping[str, TaskResult]) -> list[Task]:
    """Of the tasks that are left: all parallel ones that can be judged now, else the first."""
    ready = [task for task in left if all(need in results for need in task.needs)]
    return [task for task in ready if task.parallel][:AT_ONCE] or ready[:1]


class _Wave:
    """Tasks that are judged at the same time, of `of` in all; `hurry` ends their waits."""

    def __init__(self, means: Means, lab: Lab, of: int) -> None:
        self._means = means
        self._lab = lab
        self._of = of
        self._benches: list[BenchLike] = []
        self._lock = Lock()
        self._hurried = False

    def judge(self, task: Task, barred: Finding | None, on_event: OnEvent) -> TaskResult:
        """The verdict on one task."""
        clock = self._means.clock
        began, started_at = clock.now(), clock.wall()
        on_event(TaskStarted(task.id, task.number, self._of, task.title, task.deadline))
        finding = barred or settle(lambda: self._look(task, on_event))
        finding, message = worded(task, finding)
        result = TaskResult(
            task=task.id,
            number=task.number,
            title=task.title,
            verdict=finding.verdict,
            message_id=finding.message_id,
            message=message,
            evidence=finding.evidence,
            points=task.points,
            seconds=clock.now() - began,
            started_at=started_at,
        )
        on_event(TaskFinished(result))
        return result

    def hurry(self) -> None:
        """Nobody wants the verdicts any more: end all waits, so that what was changed is undone."""
        with self._lock:
            self._hurried = True
            for bench in self._benches:
                bench.hurry()

    def _look(self, task: Task, on_event: OnEvent) -> object:
        """Undo what an earlier run left, judge, undo.

        What cannot be undone makes the verdict unknown, and so does another run that came
        between: the workspace is then not only what the learner made.
        """
        bench = self._means.bench(task, lambda what: on_event(Waiting(task.id, what)))
        with self._lock:
            self._benches.append(bench)
            if self._hurried:
                bench.hurry()
        try:
            bench.undo()
            try:
                outcome = self._lab.checks[task.id](bench)
            finally:
                bench.undo()
                if self._means.lost():
                    raise CouldNotLook(LOST, AGAIN)
        finally:
            bench.close()
        return outcome
