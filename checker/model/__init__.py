"""Verdicts, evidence, reports; a class and its run of reports: pure data, no input or output."""

from checker.model.classrun import ClassRun, LabPlan, Pair, Pupil, RunHead, Scope, TaskPlan
from checker.model.results import Evidence, LabReport, TaskResult
from checker.model.verdict import Verdict

__all__ = [
    "ClassRun",
    "Evidence",
    "LabPlan",
    "LabReport",
    "Pair",
    "Pupil",
    "RunHead",
    "Scope",
    "TaskPlan",
    "TaskResult",
    "Verdict",
]
