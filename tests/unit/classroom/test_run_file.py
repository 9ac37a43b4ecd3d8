from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from toyrun import lab_plan, lab_report, run_head

from checker.classroom import results
from checker.classroom.results import RunFile, latest, read_run, results_dir, runs_in
from checker.model import RunHead, Scope, Verdict
from checker.trouble import NOT_CHECKED, USAGE, Trouble

LAB = lab_plan()
ANN, BO = ("ann", "01-toy"), ("bo", "01-toy")


def test_what_was_kept_is_read_back(tmp_path: Path, head: RunHead) -> None:
    first, second = lab_report("ann", LAB), lab_report("bo", LAB, Verdict.failed)
    with RunFile.create(tmp_path, head) as file:
        file.keep(ANN, first)
        file.keep(BO, second)
    run = read_run(file.path)
    assert run.head == head
    assert run.reports == {ANN: first, BO: second}
    assert (run.torn, run.missing(), run.unknown()) == (0, (), ())


def test_head_holds_everything_of_a_run(tmp_path: Path) -> None:
    labs = (lab_plan("01-toy", Scope.judged, Scope.acts, Scope.files), lab_plan("02-toy"))
    head = run_head(*labs, behaviour=True, files="/brought", server="v1.1")
    with RunFile.create(tmp_path, head) as file:
        pass
    assert read_run(file.path).head == head


def test_file_is_one_line_of_json_each(tmp_path: Path, head: RunHead) -> None:
    with RunFile.create(tmp_path, head) as file:
        file.keep(ANN, lab_report("ann", LAB, found="two\nlines\u2028and 中文 and \ud800"))
    lines = file.path.read_bytes().split(b"\n")
    assert len(lines) == 3
    assert lines[2] == b""
    assert "中文".encode() in lines[1]
    assert json.loads(lines[1])["report"]["results"][0]["evidence"][0]["found"].endswith("\ud800")


def test_line_is_in_the_file_as_soon_as_it_is_kept(tmp_path: Path, head: RunHead) -> None:
    with RunFile.create(tmp_path, head) as file:
        file.keep(ANN, lab_report("ann", LAB))
        assert set(read_run(file.path).reports) == {ANN}


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path, head: RunHead) -> None:
    files = []
    for _ in range(3):
        with RunFile.create(tmp_path, head) as file:
            files.append(file.path)
    assert len(set(files)) == 3
    assert runs_in(tmp_path) == files


def test_half_a_line_of_a_killed_run_counts_as_none_and_is_not_joined_to_the_next(
    tmp_path: Path, head: RunHead
) -> None:
    with RunFile.create(tmp_path, head) as file:
        file.keep(ANN, lab_report("ann", LAB))
        file.keep(BO, lab_report("bo", LAB))
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[:-40])
    assert read_run(file.path).torn == 1
    with RunFile.reopen(file.path) as again:
        again.keep(BO, lab_report("bo", LAB))
    run = read_run(file.path)
    assert set(run.reports) == {ANN, BO}
    assert run.torn == 1


def test_run_that_was_killed_before_its_first_line_ended_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"format": "podlab class')
    with pytest.raises(Trouble, match="is not the file of a run"):
        read_run(tmp_path / "a.jsonl")


def test_later_line_of_the_same_learner_and_lab_counts(tmp_path: Path, head: RunHead) -> None:
    with RunFile.create(tmp_path, head) as file:
        file.keep(ANN, lab_report("ann", LAB, Verdict.unknown))
        assert read_run(file.path).unknown() == (ANN,)
        file.keep(ANN, lab_report("ann", LAB))
    assert read_run(file.path).unknown() == ()


def test_verdicts_stay_where_a_later_line_could_not_check(tmp_path: Path) -> None:
    lab = lab_plan("01-toy", *[Scope.judged] * 3)
    with RunFile.create(tmp_path, run_head(lab)) as file:
        passed, failed, unknown = Verdict.passed, Verdict.failed, Verdict.unknown
        file.keep(ANN, lab_report("ann", lab, passed, unknown, unknown))
        file.keep(ANN, lab_report("ann", lab, unknown, failed, unknown, found="again"))
        file.keep(ANN, lab_report("ann", lab, failed, unknown, unknown, found="at last"))
    told = read_run(file.path).reports[ANN].results
    assert [(each.verdict, each.evidence[0].found) for each in told] == [
        (failed, "at last"),
        (failed, "again"),
        (unknown, "at last"),
    ]


def test_full_disk_is_told_with_what_to_do_and_takes_nothing_away(
    tmp_path: Path, head: RunHead
) -> None:
    with RunFile.create(tmp_path, head) as file:
        file.keep(ANN, lab_report("ann", LAB))
    before = read_run(file.path)
    with (
        pytest.raises(Trouble, match="No space left on device") as caught,
        RunFile(file.path, Path("/dev/full").open("wb")) as full,
    ):
        full.keep(BO, lab_report("bo", LAB))
    assert caught.value.code == NOT_CHECKED
    assert f"--resume {file.path}" in caught.value.todo.en
    assert read_run(file.path) == before


def test_run_whose_head_cannot_be_written_leaves_no_file(
    tmp_path: Path, head: RunHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.jsonl"
    file.touch()
    full = Path("/dev/full").open("wb")  # noqa: SIM115 (the run closes it)
    monkeypatch.setattr(results, "_new", lambda *_: RunFile(file, full))
    with pytest.raises(Trouble, match="No space left on device"):
        RunFile.create(tmp_path, head)
    assert runs_in(tmp_path) == []


def test_files_that_are_no_runs_are_passed_over(tmp_path: Path, head: RunHead) -> None:
    with RunFile.create(tmp_path, head) as file:
        pass
    (tmp_path / "z.jsonl").write_text("")
    (tmp_path / "zz.jsonl").write_text('{"format": "podlab class run 9"}')
    assert [path for path, _ in latest(tmp_path)] == [file.path]


def test_two_processes_do_not_write_one_file(tmp_path: Path, head: RunHead) -> None:
    with (
        RunFile.create(tmp_path, head) as file,
        pytest.raises(Trouble, match="Another process"),
    ):
        RunFile.reopen(file.path)
    RunFile.reopen(file.path).__exit__(None, None, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not the file of a run"),
        ("id,name,language\n", "is not the file of a run"),
        ("[]\n", "is not the file of a run"),
        ('{"format": "podlab class run 2"}\n', "is of the form 'podlab class run 2'"),
        ('{"format": "podlab class run 1"}\n', "is not the file of a run"),
    ],
)
def test_file_that_is_no_run_is_refused_and_says_what_to_name(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "run.jsonl"
    file.write_text(text)
    with pytest.raises(Trouble, match=says) as caught:
        read_run(file)
    assert caught.value.code == USAGE
    assert "podlab class grade" in caught.value.todo.en


def test_missing_file_and_folder_that_cannot_be_made_are_told(
    tmp_path: Path, head: RunHead
) -> None:
    with pytest.raises(Trouble, match="cannot be read: No such file"):
        read_run(tmp_path / "none.jsonl")
    with pytest.raises(Trouble, match="cannot be written: No such file"):
        RunFile.reopen(tmp_path / "none.jsonl")
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="cannot be written"):
        RunFile.create(tmp_path / "file" / "below", head)


def test_results_are_in_the_courses_folder_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODLAB_COURSE", str(tmp_path))
    assert results_dir() == tmp_path / "results"
    assert runs_in(results_dir()) == []


def test_names_of_runs_tell_date_and_time(tmp_path: Path, head: RunHead) -> None:
    with RunFile.create(tmp_path, head) as file:
        pass
    assert file.path.stem == f"{head.started_at.astimezone():%Y-%m-%dT%H-%M-%S}"
    assert stat.S_ISREG(os.stat(file.path).st_mode)
