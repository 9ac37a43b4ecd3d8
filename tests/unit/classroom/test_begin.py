from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from toyrun import PUPILS, lab_plan, lab_report, run_head

from checker.classroom.begin import FRESH, begin, resume
from checker.classroom.results import RunFile, read_run, runs_in
from checker.model import RunHead, Scope, Verdict
from checker.trouble import USAGE, Trouble

LAB = lab_plan()
ANN, BO = ("ann", "01-toy"), ("bo", "01-toy")


def half_done(folder: Path, head: RunHead, verdict: Verdict = Verdict.passed) -> Path:
    with RunFile.create(folder, head) as file:
        file.keep(ANN, lab_report("ann", LAB, verdict))
    return file.path


def later(head: RunHead, **changes: object) -> RunHead:
    at = head.started_at + timedelta(minutes=5)
    return dataclasses.replace(head, **({"started_at": at} | changes))  # type: ignore[arg-type]


def test_first_run_has_everything_to_do_lab_by_lab(tmp_path: Path) -> None:
    two = run_head(lab_plan("01-toy"), lab_plan("02-toy"), lab_plan("03-toy", Scope.acts))
    begun = begin(tmp_path, two)
    with begun.file:
        assert begun.left == (ANN, BO, ("ann", "02-toy"), ("bo", "02-toy"))
        assert not begun.goes_on


def test_run_that_was_cut_off_goes_on_with_what_is_missing(tmp_path: Path, head: RunHead) -> None:
    path = half_done(tmp_path, head)
    begun = begin(tmp_path, later(head, server="v1.38.0"))
    with begun.file:
        assert (begun.file.path, begun.left, begun.goes_on) == (path, (BO,), True)
        begun.file.keep(BO, lab_report("bo", LAB))
    assert read_run(path).missing() == ()


def test_file_that_never_became_a_run_keeps_nobody_from_going_on(
    tmp_path: Path, head: RunHead
) -> None:
    path = half_done(tmp_path, head)
    (tmp_path / "9999-killed.jsonl").write_text('{"format": "podlab')
    with begin(tmp_path, later(head)).file as file:
        assert file.path == path


@pytest.mark.parametrize(
    "changes",
    [
        {"behaviour": True},
        {"uid": "uid-2"},
        {"files": "/brought"},
        {"pupils": PUPILS[:1]},
        {"labs": (lab_plan("01-toy", Scope.judged, Scope.judged),)},
        {"podlab": "0.2.0"},
    ],
)
def test_another_task_is_another_run(
    tmp_path: Path, head: RunHead, changes: dict[str, object]
) -> None:
    path = half_done(tmp_path, head)
    begun = begin(tmp_path, later(head, **changes))
    with begun.file:
        assert begun.file.path != path
        assert not begun.goes_on


def test_finished_and_old_runs_are_left_as_they_are_and_new_is_new(
    tmp_path: Path, head: RunHead
) -> None:
    path = half_done(tmp_path, head)
    before = path.read_bytes()
    for other in (begin(tmp_path, head, new=True), begin(tmp_path, later(head), new=True)):
        with other.file:
            assert not other.goes_on
    for each in runs_in(tmp_path)[1:]:
        each.unlink()
    old = dataclasses.replace(head, started_at=head.started_at + FRESH)
    with begin(tmp_path, old).file as file:
        assert file.path != path
        file.path.unlink()
    with RunFile.reopen(path) as file:
        file.keep(BO, lab_report("bo", LAB))
    with begin(tmp_path, later(head)).file as file:
        assert file.path != path
    assert path.read_bytes().startswith(before)


def test_resumed_run_does_what_is_missing_and_tries_again_what_was_in_doubt(
    tmp_path: Path, head: RunHead
) -> None:
    path = half_done(tmp_path, head, Verdict.unknown)
    begun = resume(path, "kind-podlab", "uid-1")
    with begun.file:
        assert begun.left == (BO, ANN)
        for pair in begun.left:
            begun.file.keep(pair, lab_report(pair[0], LAB, Verdict.failed))
    with resume(path, "kind-podlab", "uid-1").file:
        assert resume_left(path) == ()


def resume_left(path: Path) -> tuple[object, ...]:
    run = read_run(path)
    return (*run.missing(), *run.unknown())


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ("prod", "begun on the cluster kind-podlab; this one is prod"),
        ("kind-podlab", "earlier cluster called kind-podlab. It was made anew since"),
    ],
)
def test_run_of_another_cluster_is_not_gone_on_with_on_this_one(
    tmp_path: Path, head: RunHead, context: str, said: str
) -> None:
    path = half_done(tmp_path, head)
    with pytest.raises(Trouble, match=said) as no:
        resume(path, context, "uid-2")
    assert no.value.code == USAGE


def test_the_same_cluster_may_be_called_otherwise_meanwhile(tmp_path: Path, head: RunHead) -> None:
    path = half_done(tmp_path, head)
    with resume(path, "workshop", "uid-1").file:
        pass
    with begin(tmp_path, later(head, cluster="workshop")).file as file:
        assert file.path == path
