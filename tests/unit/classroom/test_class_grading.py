from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toyrun import PUPILS, lab_plan, lab_report, run_head

from checker.classroom.grading import grade_class
from checker.cluster import Workspace
from checker.model import LabReport, Pair, Pupil

LAB = lab_plan()
MANY = tuple(Pupil(f"p{n}", f"P {n}", "en") for n in range(12))
Act = Callable[[str], None]


class Outside:
    """Grades nothing; `act(learner)` says what happens meanwhile."""

    def __init__(self, act: Act = lambda learner: None) -> None:
        self.stopped = False
        self.act = act
        self.now = self.most = 0
        self.asked: list[tuple[Any, ...]] = []
        self._lock = threading.Lock()

    def grade(self, lab: object, workspace: Workspace, tasks: object, files: object) -> LabReport:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.asked.append((lab, workspace.namespace, tasks, files))
        self.act(str(workspace.learner))
        with self._lock:
            self.now -= 1
        return lab_report(str(workspace.learner), LAB)

    def stop(self) -> None:
        self.stopped = True


def grade(outside: Outside, keep: Any, at_once: int = 4, **changes: object) -> None:
    head = run_head(LAB, **changes)
    labs: Any = {"01-toy": "the lab"}
    grade_class(head, labs, list(head.pairs()), outside, at_once, keep)  # type: ignore[arg-type]


def test_each_learner_is_graded_in_his_own_namespace_by_the_planned_tasks() -> None:
    outside, kept = Outside(), dict[Pair, LabReport]()
    grade(outside, kept.__setitem__, at_once=1)
    assert outside.asked == [
        ("the lab", f"lab-01-toy-{pupil.id}", ["t1"], None) for pupil in PUPILS
    ]
    assert set(kept) == {("ann", "01-toy"), ("bo", "01-toy")}
    assert kept["ann", "01-toy"].workspace == "lab-01-toy-ann"


def test_files_that_were_brought_are_by_learner_and_lab() -> None:
    outside = Outside()
    grade(outside, lambda *_: None, at_once=1, files="/brought")
    assert [asked[3] for asked in outside.asked] == [
        Path("/brought/ann/01-toy"),
        Path("/brought/bo/01-toy"),
    ]


def test_so_many_are_graded_at_once_and_no_more() -> None:
    together = threading.Barrier(3, timeout=10)
    outside = Outside(lambda learner: together.wait() and None)
    kept: list[Pair] = []
    grade(outside, lambda pair, _: kept.append(pair), at_once=3, pupils=MANY)
    assert outside.most == 3
    assert len(kept) == 12


def test_results_are_kept_in_the_callers_thread_as_they_come() -> None:
    threads = set[threading.Thread]()
    grade(Outside(), lambda *_: threads.add(threading.current_thread()), pupils=MANY)
    assert threads == {threading.current_thread()}


def test_interruption_stops_the_checks_and_keeps_what_has_come_to_its_end() -> None:
    held = threading.Event()
    outside = Outside(lambda learner: held.wait(10) and None if learner != "p0" else None)
    outside.stop = lambda: (setattr(outside, "stopped", True), held.set())  # type: ignore[method-assign, assignment]
    kept: list[Pair] = []

    def keep(pair: Pair, report: LabReport) -> None:
        kept.append(pair)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(outside, keep, pupils=MANY)
    assert kept == [("p0", "01-toy")]
    assert len(outside.asked) <= 5, "nobody else was begun with"
    assert outside.now == 0, "those that had begun have ended"


def test_report_of_a_check_that_was_stopped_is_none() -> None:
    def slow(learner: str) -> None:
        deadline = time.monotonic() + 10
        while not outside.stopped and time.monotonic() < deadline and learner != "p0":
            time.sleep(0.01)

    outside = Outside(slow)
    kept: list[Pair] = []

    def keep(pair: Pair, report: LabReport) -> None:
        kept.append(pair)
        if len(kept) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(outside, keep, pupils=MANY)
    assert kept == [("p0", "01-toy")]
