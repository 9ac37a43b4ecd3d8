"""A LabReport shown: plain text, JSON, JUnit XML, a card for a notebook; and a check under way.

A class's run shown: a page, tables for gradebooks, JUnit XML, and each learner's own results.
"""

from checker.report.card import Hints, render_card
from checker.report.feedback import render_feedback
from checker.report.gradebooks import (
    render_canvas,
    render_moodle,
    render_nbgrader,
    render_results,
)
from checker.report.machine import render_class_junit, render_json, render_junit
from checker.report.page import PAGE, render_class_page
from checker.report.running import Running, RunningTask, render_running, running_text
from checker.report.summary import class_summary
from checker.report.text import render_text

__all__ = [
    "PAGE",
    "Hints",
    "Running",
    "RunningTask",
    "class_summary",
    "render_canvas",
    "render_card",
    "render_class_junit",
    "render_class_page",
    "render_feedback",
    "render_json",
    "render_junit",
    "render_moodle",
    "render_nbgrader",
    "render_results",
    "render_running",
    "render_text",
    "running_text",
]
