"""A LabReport shown: plain text, JSON, JUnit XML, and an HTML card for a notebook."""

from checker.report.card import render_card
from checker.report.machine import render_json, render_junit
from checker.report.text import render_text

__all__ = ["render_card", "render_json", "render_junit", "render_text"]
