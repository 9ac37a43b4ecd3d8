"""Verdict, Evidence, TaskResult, LabReport: pure data, no input or output."""

from checker.model.results import Evidence, LabReport, TaskResult
from checker.model.verdict import Verdict

__all__ = ["Evidence", "LabReport", "TaskResult", "Verdict"]
