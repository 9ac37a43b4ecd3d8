"""A LabReport shown: plain text, JSON, JUnit XML, a card for a notebook; and a check under way."""

from checker.report.card import Hints, render_card
from checker.report.machine import render_json, render_junit
from checker.report.running import Running, RunningTask, render_running, running_text
from checker.report.text import render_text

__all__ = [
    "Hints",
    "Running",
    "RunningTask",
    "render_card",
    "render_json",
    "render_junit",
    "render_running",
    "render_text",
    "running_text",
]
