"""Runs a lab's checks on a workspace, one after the other, and turns how each ends into a verdict.

It never raises for what the cluster does: a world that cannot be seen gives `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.catalogue import Lab
from checker.cluster import Workspace
from checker.grading.events import OnEvent, ignore
from checker.model import LabReport


def grade(
    lab: Lab,
    workspace: Workspace,
    tasks: Iterable[str | int] | None = None,
    on_event: OnEvent = ignore,
) -> LabReport:
    """Judge `tasks` (ids or numbers, with all they need), or the whole lab.

    Raises UnknownTask for a task the lab does not have, and nothing else.
    """
    raise NotImplementedError
