from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, current_thread, main_thread

import pytest

from checker.catalogue import Lab, Task, UnknownTask, read_lab
from checker.cluster import Busy, ClusterError, Workspace
from checker.grading.events import Event as Told
from checker.grading.events import TaskFinished, TaskStarted, Waiting
from checker.grading.grade import Means, grade_with
from checker.model import Evidence, LabReport, Verdict
from checker.observe.outcome import CouldNotLook, Outcome, Refusal
from checker.texts import Text
from checker.trouble import Trouble

SEEN = Evidence(Text("应答", "an answer"), "silence", "kubectl get svc")
BLIND = CouldNotLook(Text("连不上。", "No connection."), Text("再试。", "Try again."), (SEEN,))
LOST = ClusterError(Text("断了。", "Lost."), Text("应当在。", "Be there."), Text("查。", "Look."))
TROUBLE = Trouble(Text("没有集群。", "No cluster."), Text("podlab up", "podlab up"))


class Clock:
    """A clock that a check moves on."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds

    def wall(self) -> datetime:
        return datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)


Play = Callable[["Bench"], object]


@dataclass
class Bench:
    """Plays what the test says for each task, and keeps a diary."""

    stage: Stage
    say: Callable[[Text], None]
    hurried: Event = field(default_factory=Event)

    def play(self, task: str) -> object:
        self.stage.diary.append(f"check {task}")
        self.stage.clock.pause(5)
        ending = self.stage.plays.get(task, Outcome())
        if isinstance(ending, BaseException):
            raise ending
        return ending(self) if callable(ending) else ending

    def undo(self) -> None:
        self.stage.diary.append("undo")
        fault = self.stage.undo_faults.pop(0) if self.stage.undo_faults else None
        if fault:
            raise fault

    def hurry(self) -> None:
        self.hurried.set()

    def close(self) -> None:
        self.stage.closed += 1


@dataclass
class Stage:
    plays: Mapping[str, object] = field(default_factory=dict)
    undo_faults: list[BaseException | None] = field(default_factory=list)
    held: BaseException | None = None
    closed: int = 0
    lost: bool = False
    clock: Clock = field(default_factory=Clock)
    diary: list[str] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)

    @contextmanager
    def lease(self) -> Iterator[None]:
        if self.held:
            raise self.held
        self.diary.append("lease")
        try:
            yield
        finally:
            self.diary.append("release")

    def bench(self, task: Task, say: Callable[[Text], None]) -> Bench:
        return Bench(self, say)

    def grade(self, lab: Lab, tasks: list[str | int] | None = None) -> LabReport:
        means = Means(self.bench, self.lease, lambda: self.lost, self.clock)
        return grade_with(means, lab, "lab-01-toy", tasks, self.events.append)


@pytest.fixture
def lab(lab_folder: Path) -> Lab:
    return read_lab(lab_folder)


def verdicts(report: LabReport) -> dict[str, tuple[str, str]]:
    return {each.task: (each.verdict.value, each.message_id) for each in report.results}


def test_outcome_returned_is_passed_and_earns_the_points(lab: Lab) -> None:
    report = Stage({"ping": Outcome(evidence=(SEEN,))}).grade(lab)
    assert report.verdict is Verdict.passed
    assert (report.earned, report.possible) == (100, 100)
    assert report.results[0].evidence == (SEEN,)


def test_refusal_is_failed_with_its_message_filled_in(lab: Lab) -> None:
    refusal = Refusal("silent", {"service": "redis"}, (SEEN,))
    result = Stage({"ping": refusal}).grade(lab).results[0]
    assert (result.verdict, result.message_id) == (Verdict.failed, "silent")
    assert result.message == Text("redis 没有应答。", "redis does not answer.")
    assert result.evidence == (SEEN,)


@pytest.mark.parametrize(
    ("ending", "message_id", "says"),
    [
        (BLIND, "not-observed", "No connection. Try again."),
        (LOST, "not-observed", "Lost. Be there. Look."),
        (TROUBLE, "not-observed", "No cluster. podlab up"),
        (RuntimeError("boom"), "internal", "RuntimeError: boom"),
        (lambda bench: None, "internal", "returned None"),
        (lambda bench: True, "internal", "returned True"),
        (Refusal("no-such-message"), "internal", "no-such-message"),
        (Refusal("silent"), "internal", "silent"),
        (Outcome("no-such-message"), "internal", "no-such-message"),
    ],
)
def test_whatever_is_no_look_at_the_learners_work_is_unknown_and_never_costs(
    lab: Lab, ending: object, message_id: str, says: str
) -> None:
    result = Stage({"apart": ending}).grade(lab, ["apart"]).results[0]
    assert (result.verdict, result.message_id) == (Verdict.unknown, message_id)
    assert says in result.message.en


def test_message_with_a_hole_is_a_fault_of_the_check_and_costs_nothing(lab: Lab) -> None:
    result = Stage({"ping": Refusal("silent")}).grade(lab).results[0]
    assert (result.verdict, result.message_id) == (Verdict.unknown, "internal")
    assert "service" in result.message.en


def test_task_that_needs_a_failed_one_is_failed_without_a_look(lab: Lab) -> None:
    stage = Stage({"ping": Refusal("silent", {"service": "redis"})})
    report = stage.grade(lab)
    assert verdicts(report) == {
        "ping": ("failed", "silent"),
        "keep": ("failed", "needs"),
        "apart": ("passed", "passed"),
    }
    assert "It answers" in report.results[1].message.en
    assert report.results[1].evidence[0].found == "ping: failed"
    assert "check keep" not in stage.diary


def test_task_that_needs_an_unknown_one_is_unknown_without_a_look(lab: Lab) -> None:
    stage = Stage({"ping": BLIND})
    assert verdicts(stage.grade(lab))["keep"] == ("unknown", "needs-unknown")
    assert "check keep" not in stage.diary


def test_asking_for_one_task_runs_it_and_what_it_needs_only(lab: Lab) -> None:
    assert list(verdicts(Stage().grade(lab, [2]))) == ["ping", "keep"]


def test_asking_for_a_task_that_is_not_there_is_refused_before_the_lease(lab: Lab) -> None:
    stage = Stage()
    with pytest.raises(UnknownTask):
        stage.grade(lab, [9])
    assert stage.diary == []


def test_checks_run_one_after_the_other_under_one_lease_each_undone(lab: Lab) -> None:
    stage = Stage()
    stage.grade(lab)
    each = [
        step for task in ("ping", "keep", "apart") for step in ("undo", f"check {task}", "undo")
    ]
    assert stage.diary == ["lease", *each, "release"]
    assert stage.closed == 3


@pytest.mark.parametrize("ending", [Refusal("wrong"), RuntimeError(), BLIND, KeyboardInterrupt()])
def test_change_is_undone_however_the_check_ends(lab: Lab, ending: BaseException) -> None:
    stage = Stage({"apart": ending})
    try:
        stage.grade(lab, ["apart"])
    except KeyboardInterrupt:
        assert isinstance(ending, KeyboardInterrupt)
    assert stage.diary == ["lease", "undo", "check apart", "undo", "release"]


def test_check_does_not_look_before_the_leftovers_of_a_killed_run_are_undone(lab: Lab) -> None:
    stage = Stage(undo_faults=[BLIND])
    assert verdicts(stage.grade(lab, ["apart"]))["apart"] == ("unknown", "not-observed")
    assert "check apart" not in stage.diary


def test_pass_whose_change_cannot_be_undone_is_unknown(lab: Lab) -> None:
    stage = Stage(undo_faults=[None, BLIND])
    assert verdicts(stage.grade(lab, ["apart"]))["apart"] == ("unknown", "not-observed")


@pytest.mark.parametrize("ending", [Outcome(), Refusal("wrong")])
def test_verdict_of_a_run_that_another_took_over_from_is_unknown(lab: Lab, ending: object) -> None:
    stage = Stage({"apart": ending}, lost=True)
    result = stage.grade(lab, ["apart"]).results[0]
    assert (result.verdict, result.message_id) == (Verdict.unknown, "not-observed")
    assert stage.diary == ["lease", "undo", "check apart", "undo", "release"]


@pytest.mark.parametrize("held", [BLIND, TROUBLE])
def test_workspace_that_cannot_be_taken_gives_unknown_for_every_task(
    lab: Lab, held: BaseException
) -> None:
    stage = Stage(held=held)
    assert set(verdicts(stage.grade(lab)).values()) == {("unknown", "not-observed")}
    assert stage.diary == []


def test_second_caller_is_told_who_holds_the_workspace(lab: Lab) -> None:
    stage = Stage(held=Busy(Workspace("01-toy", "lab"), "ann@laptop", None))
    report = stage.grade(lab)
    assert set(verdicts(report).values()) == {("unknown", "busy")}
    assert "ann@laptop" in report.results[0].message.en


def test_events_tell_of_start_waiting_and_end_in_order(lab: Lab) -> None:
    waiting = Text("等 Pod", "the Pod")

    def ping(bench: Bench) -> Outcome:
        bench.say(waiting)
        return Outcome()

    stage = Stage({"ping": ping})
    report = stage.grade(lab, ["ping"])
    assert stage.events == [
        TaskStarted("ping", 1, 1, Text("有应答", "It answers"), 60),
        Waiting("ping", waiting),
        TaskFinished(report.results[0]),
    ]


def test_times_come_from_the_clock(lab: Lab) -> None:
    report = Stage().grade(lab, ["ping", "apart"])
    assert [each.seconds for each in report.results] == [5.0, 5.0]
    assert report.seconds == 10.0
    assert report.results[1].started_at - report.started_at == timedelta(seconds=5)


def parallel(lab: Lab, *names: str) -> Lab:
    tasks = (dataclasses.replace(task, parallel=task.id in names) for task in lab.tasks)
    return dataclasses.replace(lab, tasks=tuple(tasks))


def test_parallel_tasks_run_side_by_side_and_are_reported_in_the_labs_order(lab: Lab) -> None:
    both = Barrier(2, timeout=10)

    def meet(bench: Bench) -> Outcome:
        both.wait()
        return Outcome()

    stage = Stage({"ping": meet, "apart": meet})
    report = stage.grade(parallel(lab, "ping", "apart"))
    assert [result.task for result in report.results] == ["ping", "keep", "apart"]
    assert report.verdict is Verdict.passed
    assert stage.diary[-4:] == ["undo", "check keep", "undo", "release"]


def test_parallel_task_waits_for_what_it_needs(lab: Lab) -> None:
    stage = Stage({"ping": Refusal("silent", {"service": "redis"})})
    found = verdicts(stage.grade(parallel(lab, "ping", "keep", "apart")))
    assert found["keep"] == ("failed", "needs")
    assert found["apart"] == ("passed", "passed")


def test_events_of_parallel_tasks_are_told_in_the_callers_thread(lab: Lab) -> None:
    stage = Stage()
    threads = []
    means = Means(stage.bench, stage.lease, lambda: False, stage.clock)
    grade_with(
        means,
        parallel(lab, "ping", "apart"),
        "w",
        on_event=lambda event: threads.append(current_thread()),
    )
    assert set(threads) == {main_thread()}
    assert len(threads) == 6


def test_interrupt_ends_the_waits_of_parallel_tasks_and_undoes_what_they_changed(lab: Lab) -> None:
    def wait(bench: Bench) -> Outcome:
        bench.say(Text("等", "waiting"))
        assert bench.hurried.wait(10), "nobody ended the wait"
        return Outcome()

    stage = Stage({"ping": wait, "apart": wait})
    means = Means(stage.bench, stage.lease, lambda: False, stage.clock)

    def interrupt(event: Told) -> None:
        if isinstance(event, Waiting):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_with(means, parallel(lab, "ping", "apart"), "w", on_event=interrupt)
    assert stage.diary.count("undo") == 4
    assert stage.diary[-1] == "release"
    assert stage.closed == 2
