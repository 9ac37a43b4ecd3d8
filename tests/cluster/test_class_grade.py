"""`podlab class grade` as a teacher runs it: fair to each learner, whoever is graded beside him.

That every task marked `looks_only` is judged rightly by looking, the gate of the labs shows: it
judges each lab's starter and solution so (`judge`).
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kubernetes.client import CoordinationV1Api

from checker.catalogue import Case, Lab, cases, load_lab, solution, starter
from checker.classroom.results import read_run, runs_in
from checker.cluster import SYSTEM, Connection, Objects, Workspace, remove_learner
from checker.grading import grade, put_case
from checker.model import ClassRun, LabReport, Verdict
from tests.cluster.labgate import problems

RUN = f"fair-{secrets.token_hex(2)}"
STORAGE, SECRETS = load_lab("01"), load_lab("02")
MISSES = {STORAGE.name: "restart-no-volume", SECRETS.name: "bytes-newline"}
ANN, BO, CY, DEE, EVE, FAY = (f"{RUN}-{name}" for name in ("ann", "bo", "cy", "dee", "eve", "fay"))
PUPILS = {ANN: "en", BO: "zh", CY: "en", DEE: "zh", EVE: "en", FAY: "zh"}
"""Three pairs: two who solved the labs, two with the starter, two with a near miss; each pair has
one who reads English and one who reads Chinese."""
NOBODY = f"{RUN}-nobody"
Seen = Mapping[str, tuple[Verdict, str]]


def near_miss(lab: Lab) -> Case:
    return next(each for each in cases(lab) if each.id.endswith(f"/{MISSES[lab.name]}"))


def case_of(pupil: str, lab: Lab) -> Case:
    number = list(PUPILS).index(pupil) // 2
    return (solution, starter, near_miss)[number](lab)


def seen(report: LabReport) -> Seen:
    return {each.task: (each.verdict, each.message_id) for each in report.results}


@pytest.fixture(scope="module")
def placed(connection: Connection) -> Iterator[None]:
    """All learners have their work on the cluster; in the end all of it goes away."""

    def put(pupil: str) -> None:
        for lab in (STORAGE, SECRETS):
            workspace = Workspace(lab.name, "lab", pupil)
            put_case(case_of(pupil, lab), workspace, anew=False, connection=connection)

    try:
        with ThreadPoolExecutor(len(PUPILS)) as pool:
            list(pool.map(put, PUPILS))
        yield
    finally:
        for pupil in PUPILS:
            remove_learner(connection, pupil)


Grade = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the results go."""
    return tmp_path / "results"


@pytest.fixture
def begin(tmp_path: Path, folder: Path) -> Grade:
    """Start the command for some learners."""

    def start(pupils: Mapping[str, str], *more: str, lang: str = "en") -> subprocess.Popen[str]:
        rows = "".join(f"{pupil},学员 {pupil},{each}\n" for pupil, each in pupils.items())
        roster = tmp_path / "class.csv"
        roster.write_text("id,name,language\n" + rows, encoding="utf-8")
        words = ["class", "grade", "--roster", f"{roster}", "--out", f"{folder}", *more]
        return subprocess.Popen(
            [sys.executable, "-m", "checker", "--lang", lang, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def end(running: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = running.communicate(timeout=300)
    return running.returncode, said


def results(folder: Path) -> ClassRun:
    (file,) = runs_in(folder)
    return read_run(file)


def sure(folder: Path, pupils: Iterable[str]) -> ClassRun:
    """The run, after what could not be checked on a busy machine was tried again, as it says."""
    (file,) = runs_in(folder)
    if {pupil for pupil, _ in read_run(file).unknown()} & set(pupils):
        again = [sys.executable, "-m", "checker", "class", "grade", "--resume", f"{file}"]
        subprocess.run(again, capture_output=True, check=False, timeout=300)
    return read_run(file)


def alone(connection: Connection, pupil: str, lab: Lab, tasks: Sequence[str]) -> Seen:
    """What the learner is told who has the cluster to himself, once it could all be checked."""
    for _ in range(2):
        found = grade(lab, Workspace(lab.name, "lab", pupil), tasks, connection=connection)
        if not found.undecided:
            break
    return seen(found)


def test_learners_graded_at_once_get_what_they_get_alone(
    placed: None, begin: Grade, folder: Path, connection: Connection
) -> None:
    code, said = end(begin(PUPILS, "--labs", "01,02"))
    assert code == (3 if results(folder).unknown() else 0), said
    run = sure(folder, PUPILS)
    assert set(run.reports) == {(p, lab.name) for p in PUPILS for lab in (STORAGE, SECRETS)}
    for (pupil, name), report in run.reports.items():
        lab = load_lab(name)
        assert [r.task for r in report.results] == [t.id for t in lab.tasks if t.looks_only]
        assert (pupil, problems(case_of(pupil, lab), report)) == (pupil, [])
    for one, other in ((ANN, BO), (DEE, CY), (EVE, FAY)):
        for lab in (STORAGE, SECRETS):
            report = run.reports[one, lab.name]
            tasks = [result.task for result in report.results]
            assert (one, alone(connection, one, lab, tasks)) == (one, seen(report))
            assert (one, seen(report)) == (one, seen(run.reports[other, lab.name]))


def test_acting_checks_of_several_disturb_nobody_and_a_lost_namespace_fails_nobody(
    placed: None, begin: Grade, folder: Path, connection: Connection
) -> None:
    """Ann solved the lab, Fay missed it nearly; Bo's namespace goes when his grading has begun."""
    lab = STORAGE
    three = {pupil: PUPILS[pupil] for pupil in (ANN, FAY, BO)}
    running = begin(three, "--labs", "01", "--behaviour", lang="zh")
    space = Workspace(lab.name, "lab", BO).namespace
    taker = threading.Thread(target=take_away_once_begun, args=(connection, space))
    taker.start()
    code, said = end(running)
    taker.join()
    run = sure(folder, (ANN, FAY))
    for pupil in (ANN, FAY):
        case, report = case_of(pupil, lab), run.reports[pupil, lab.name]
        assert (pupil, problems(case, report)) == (pupil, [])
        assert len(report.results) == len(lab.tasks)
    tasks = [task.id for task in lab.tasks]
    assert alone(connection, FAY, lab, tasks) == seen(run.reports[FAY, lab.name])
    lost = run.reports[BO, lab.name]
    assert {each.verdict for each in lost.results} <= {Verdict.passed, Verdict.unknown}
    assert lost.results[-1].verdict is Verdict.unknown
    assert code == 3, said
    assert "没能检查完" in said


def take_away_once_begun(connection: Connection, space: str) -> None:
    leases, ends_at = connection.api(CoordinationV1Api), time.monotonic() + 60
    while time.monotonic() < ends_at:
        found = leases.list_namespaced_lease(SYSTEM).items
        if f"check-{space}" in {lease.metadata.name for lease in found if lease.metadata}:
            break
        time.sleep(0.1)
    Objects(connection, "").delete("Namespace", space)


def test_after_a_kill_the_same_command_grades_the_rest_and_names_who_has_nothing(
    placed: None, begin: Grade, folder: Path
) -> None:
    pupils = {CY: "en", FAY: "zh", EVE: "en", NOBODY: "en"}
    words = ("--labs", "01", "--at-once", "1")
    killed, ends_at = begin(pupils, *words), time.monotonic() + 120
    while reports(folder) < 1 and killed.poll() is None and time.monotonic() < ends_at:
        time.sleep(0.1)
    killed.kill()
    killed.communicate()
    before = reports(folder)
    assert 1 <= before < len(pupils)
    code, said = end(begin(pupils, *words))
    assert f"{before} are there, {len(pupils) - before} are left" in said
    assert reports(folder) == len(pupils), "nobody was graded twice"
    run = sure(folder, (CY, FAY, EVE))
    for pupil in (CY, FAY, EVE):
        report = run.reports[pupil, STORAGE.name]
        assert (pupil, problems(case_of(pupil, STORAGE), report)) == (pupil, [])
    nothing = run.reports[NOBODY, STORAGE.name].results
    assert [each.verdict for each in nothing] == [Verdict.unknown]
    assert f"The cluster has no namespace lab-01-storage-{NOBODY}." in nothing[0].message.en
    assert code == 3, said


def reports(folder: Path) -> int:
    """How many learners the only run has graded so far."""
    return sum(file.read_bytes().count(b"\n") - 1 for file in runs_in(folder))
