"""A run of a class on paper: two learners, one lab of three tasks."""

from __future__ import annotations

from datetime import UTC, datetime

from checker.model import (
    Evidence,
    LabPlan,
    LabReport,
    Pupil,
    RunHead,
    Scope,
    TaskPlan,
    TaskResult,
    Verdict,
)
from checker.texts import Text

START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
TITLE = Text("有应答", "It answers")
PUPILS = (Pupil("ann", "Ann Lee", "en"), Pupil("bo", "王小明", "zh"))


def lab_plan(name: str = "01-toy", *scopes: Scope) -> LabPlan:
    """A lab with tasks `t1`, `t2`, … of these scopes; one that is judged without any."""
    tasks = (
        TaskPlan(f"t{n}", n, TITLE, 10, scope)
        for n, scope in enumerate(scopes or (Scope.judged,), start=1)
    )
    return LabPlan(name, TITLE, tuple(tasks))


def lab_report(pupil: str, lab: LabPlan, *verdicts: Verdict, found: str = "x") -> LabReport:
    """A report with these verdicts on the judged tasks; all passed without any."""
    seen = Evidence(TITLE, found, "kubectl get pods")
    results = (
        TaskResult(task.id, task.number, task.title, verdict, "m", TITLE, (seen,), 10, 1.0, START)
        for task, verdict in zip(
            lab.judged, verdicts or [Verdict.passed] * len(lab.judged), strict=True
        )
    )
    return LabReport(lab.name, TITLE, f"lab-{lab.name}-{pupil}", tuple(results), START, 1.0)


def run_head(*labs: LabPlan, **changes: object) -> RunHead:
    """What is to be done with PUPILS in these labs."""
    facts: dict[str, object] = {
        "started_at": START,
        "cluster": "kind-podlab",
        "uid": "uid-1",
        "server": "v1.37.2",
        "podlab": "0.1.0",
        "behaviour": False,
        "files": "",
        "pupils": PUPILS,
        "labs": labs or (lab_plan(),),
    }
    return RunHead(**(facts | changes))  # type: ignore[arg-type]
