"""How long the solution of each lab is graded, beside the wait that Kubernetes itself imposes.

    python -m tests.bench.lab_times [LAB ...]

Not a test: it prints figures and asserts nothing. The cluster must be up. Each solution is put on
an empty workspace; the time runs from then on, so the start of its Pods counts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from checker.catalogue import Lab, Task, lab_names, load_lab, solution
from checker.cluster import Workspace, connect, remove
from checker.grading import grade, put_case
from checker.model import LabReport

LEARNER = "bench"
ROW = "{:24}{:>10}{:>10}{:>8}  {}"


def main(names: Sequence[str]) -> None:
    """Grade each solution once from scratch and print a row for the lab and for each task."""
    print(ROW.format("seconds", "imposed", "graded", "ratio", ""))
    for name in names or lab_names():
        lab = load_lab(name)
        report = graded_from_scratch(lab)
        show(lab.name, imposed_by(lab), report.seconds, report.verdict.value)
        for task, result in zip(lab.tasks, report.results, strict=True):
            show(f"  {task.id}", task.imposed_wait, result.seconds, result.verdict.value)


def graded_from_scratch(lab: Lab) -> LabReport:
    """The report on a solution that has just been applied."""
    connection, workspace = connect(), Workspace(lab.name, "lab", LEARNER)
    try:
        put_case(solution(lab), workspace, anew=True, connection=connection)
        return grade(lab, workspace, connection=connection)
    finally:
        for part in (workspace.beside("team"), workspace):
            remove(connection, part)


def imposed_by(lab: Lab) -> float:
    """Seconds that the waits of all tasks take at least: parallel ones beside one another."""
    together = [task.imposed_wait for task in lab.tasks if task.parallel]
    return max(together, default=0.0) + sum(t.imposed_wait for t in alone(lab.tasks))


def alone(tasks: Sequence[Task]) -> list[Task]:
    """The tasks that are judged one by one."""
    return [task for task in tasks if not task.parallel]


def show(name: str, imposed: float, seconds: float, verdict: str) -> None:
    ratio = f"{seconds / imposed:.2f}" if imposed else "-"
    print(ROW.format(name, f"{imposed:.0f}", f"{seconds:.1f}", ratio, verdict), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
