"""The gate of the labs: puts a case on the cluster, grades it, and says all that is not as written.

A function and no test, so that the gate can be tested itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from kubernetes.client import CoreV1Api

from checker.catalogue import Case, Lab
from checker.cluster import Connection, Glance, SystemClock, Workspace, remove, wait
from checker.cluster.workspace import LONGEST
from checker.grading import Outside, grade, put_case
from checker.model import LabReport
from checker.paths import course_root


def learner_of(case: Case, run: str) -> str:
    """A learner of the case's own, so that cases run side by side.

    A long name is cut, and keeps apart from others of the same beginning by a hash.
    """
    lesson, name = case.id.split("/", 1)
    name = name.replace("near_misses", "miss").replace("variants", "variant")
    name = re.sub(r"[^a-z0-9]+", "-", f"{run}-{name}".lower())
    room = LONGEST - len(f"team-{lesson}-")
    if len(name) <= room:
        return name
    ending = f"-{hashlib.sha256(name.encode()).hexdigest()[:5]}"
    return name[: room - len(ending)].strip("-") + ending


@contextlib.contextmanager
def placed(case: Case, lab: Lab, connection: Connection, run: str) -> Iterator[Workspace]:
    """A workspace with the case on it; afterwards it goes away, whatever happened.

    Nobody waits for its end here: `leftovers` does that once for all.
    """
    workspace = Workspace(lab.name, "lab", learner_of(case, run))
    try:
        put_case(case, workspace, anew=True, connection=connection)
        yield workspace
    finally:
        for part in (workspace.beside("team"), workspace):
            remove(connection, part, wait_until_gone=False)
        shutil.rmtree(course_root() / "work" / str(workspace.learner), ignore_errors=True)


def problems(case: Case, report: LabReport) -> list[str]:
    """What the checks said that the case does not expect. Empty when the gate is green."""
    found = []
    for result in report.results:
        expected = case.expected[result.task]
        if result.verdict is not expected.verdict or expected.message_id not in (
            None,
            result.message_id,
        ):
            found.append(
                f"{result.task}: expected {expected.verdict.value} {expected.message_id or ''}, "
                f"got {result.verdict.value} {result.message_id}: {result.message.en} "
                + "; ".join(f"found {each.found} by {each.command}" for each in result.evidence)
            )
    if case.kind == "starter" and report.earned:
        found.append(f"the starter earns {report.earned} points")
    if case.kind in ("solution", "variant") and report.earned != report.possible:
        found.append(f"{report.earned} of {report.possible} points")
    if not report.results:
        found.append("no task was judged")
    return found


def judge(
    case: Case, lab: Lab, connection: Connection, run: str = "gate", *, all_tasks: bool = False
) -> list[str]:
    """Run one case. A near miss is judged by its task and what that needs, or by all tasks.

    Tasks whose checks only look are judged from outside by looking, as a class is; those of starter
    and solution in the learner's way as well.
    """
    one = case.aim if case.kind == "near-miss" and not all_tasks else None
    tasks = lab.with_needs([one]) if one else lab.tasks
    looks = [task.id for task in tasks if task.looks_only and case.kind != "variant"]
    reports = []
    with placed(case, lab, connection, run) as workspace:
        if looks:
            reports.append(Outside(connection, acts=False).grade(lab, workspace, looks))
        if len(looks) < len(tasks) or one is None:
            reports.append(grade(lab, workspace, one and [one], connection=connection))
    return [problem for report in reports for problem in problems(case, report)]


def leftovers(connection: Connection, run: str, seconds: float = 180.0) -> list[str]:
    """The namespaces of a run's cases that have not gone after `seconds`."""

    def look() -> Glance[list[str]]:
        spaces = connection.api(CoreV1Api).list_namespace(label_selector="podlab/learner").items
        names = [space.metadata.name for space in spaces]
        learners = [space.metadata.labels["podlab/learner"] for space in spaces]
        left = [n for n, who in zip(names, learners, strict=True) if who.startswith(f"{run}-")]
        return Glance(so=not left, value=left)

    last = wait(look, seconds, SystemClock()).last
    return (last and last.value) or []


def exclusive(lab: Lab, case: Case) -> bool:
    """Whether the case judges a task that wants a quiet machine."""
    judged = lab.with_needs([case.aim]) if case.aim and case.kind == "near-miss" else lab.tasks
    return any(task.exclusive for task in judged)


def folders_on_disk(labs: Path) -> int:
    """How many cases there are, counted without the catalogue's help."""
    overlays = [*labs.glob("*/variants/*/"), *labs.glob("*/near_misses/*/")]
    return len(overlays) + len([*labs.glob("*/starter/"), *labs.glob("*/solution/")])
