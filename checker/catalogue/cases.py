"""Cases: a lab's starter, its solution, other right answers and plausible wrong ones, in one form.

A case is a folder of files for the learner's work folder, with an optional `steps.sh` (actions) and
`case.yaml` (what the checks must say). Variants and near misses are laid over `solution/`: a file
of the same name replaces, `remove` takes away. Reading only; grading puts a case on a workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from checker.catalogue.errors import CatalogueError, known_keys
from checker.catalogue.lab import Lab
from checker.catalogue.schema import CaseForm, parse
from checker.catalogue.yamlfile import read_mapping
from checker.model import Verdict

Kind = Literal["starter", "solution", "variant", "near-miss"]
STEPS = "steps.sh"
CASE_FILE = "case.yaml"
OVERLAYS: Mapping[Kind, str] = {"variant": "variants", "near-miss": "near_misses"}


@dataclass(frozen=True)
class Expected:
    """What a case must get for one task; message None means that any message will do."""

    verdict: Verdict
    message_id: str | None = None


@dataclass(frozen=True)
class Case:
    """One case, laid out.

    `id` is `01-storage/near_misses/no-volume`. `files` maps a name in the work folder to the file
    that goes there. `applies` is False where the cluster must refuse one of the manifests. `aim` is
    the task a near miss misses. `expected` holds every task of the lab.
    """

    id: str
    kind: Kind
    folder: Path
    files: Mapping[str, Path]
    steps: Path | None
    applies: bool
    aim: str | None
    expected: Mapping[str, Expected]


def starter(lab: Lab) -> Case:
    """What `podlab start` gives: everything fails, nothing is unknown."""
    return _read(lab, "starter", lab.folder / "starter")


def solution(lab: Lab) -> Case:
    """What `podlab solve` gives: everything passes."""
    return _read(lab, "solution", lab.folder / "solution")


def cases(lab: Lab) -> tuple[Case, ...]:
    """Every case of the lab: starter, solution, then variants and near misses by name."""
    overlays = (
        _read(lab, kind, folder)
        for kind, parent in OVERLAYS.items()
        for folder in _folders(lab.folder / parent)
    )
    return (starter(lab), solution(lab), *overlays)


def _folders(parent: Path) -> list[Path]:
    found = sorted(parent.iterdir()) if parent.is_dir() else []
    for stray in found:
        if not stray.is_dir():
            raise CatalogueError(stray, "", "only folders may stand here, one for each case")
    return found


def _read(lab: Lab, kind: Kind, folder: Path) -> Case:
    if not folder.is_dir():
        raise CatalogueError(folder, "", "is missing")
    file = folder / CASE_FILE
    form = parse(CaseForm, read_mapping(file), file) if file.is_file() else CaseForm()
    files = _lay_out(lab, kind, folder, form)
    steps = files.pop(STEPS, None)
    if not files and steps is None:
        raise CatalogueError(folder, "", "holds nothing to apply")
    return Case(
        id=f"{lab.name}/{folder.relative_to(lab.folder).as_posix()}",
        kind=kind,
        folder=folder,
        files=files,
        steps=steps,
        applies=form.applies,
        aim=form.task,
        expected=_expected(lab, kind, form, file),
    )


def _lay_out(lab: Lab, kind: Kind, folder: Path, form: CaseForm) -> dict[str, Path]:
    if kind not in OVERLAYS:
        if form.remove:
            raise CatalogueError(folder / CASE_FILE, "remove", "is for variants and near misses")
        return _files_in(folder)
    files = _files_in(lab.folder / "solution")
    for name in form.remove:
        if name not in files:
            problem = f"`{name}` is not in solution/; {known_keys(name, files)}"
            raise CatalogueError(folder / CASE_FILE, "remove", problem)
        del files[name]
    return files | _files_in(folder)


def _files_in(folder: Path) -> dict[str, Path]:
    return {
        file.relative_to(folder).as_posix(): file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file != folder / CASE_FILE
    }


def _expected(lab: Lab, kind: Kind, form: CaseForm, file: Path) -> dict[str, Expected]:
    if kind == "near-miss":
        return _expected_of_miss(lab, form, file)
    verdict = Verdict.failed if kind == "starter" else Verdict.passed
    if form.message or form.verdict not in (None, verdict.value):
        raise CatalogueError(file, "", f"a {kind} can only be {verdict.value} in every task")
    if form.task:
        _check_task(lab, form.task, file)
    return {task.id: Expected(verdict) for task in lab.tasks}


def _expected_of_miss(lab: Lab, form: CaseForm, file: Path) -> dict[str, Expected]:
    """The named task misses, what needs it is held back, and every other task passes."""
    if not (form.task and form.verdict and form.message):
        raise CatalogueError(file, "", "a near miss names its `task`, `verdict` and `message`")
    if form.verdict == "passed":
        raise CatalogueError(file, "verdict", "a near miss does not pass; is it a variant?")
    _check_task(lab, form.task, file)
    messages = lab.task(form.task).messages
    if form.message not in messages:
        problem = (
            f"task `{form.task}` has no `{form.message}`; {known_keys(form.message, messages)}"
        )
        raise CatalogueError(file, "message", problem)
    verdict = Verdict(form.verdict)
    held = "needs" if verdict is Verdict.failed else "needs-unknown"
    expected = {form.task: Expected(verdict, form.message)}
    for task in lab.tasks:
        if task.id not in expected:
            bound = any(expected[need].verdict is verdict for need in task.needs)
            expected[task.id] = Expected(verdict, held) if bound else Expected(Verdict.passed)
    return expected


def _check_task(lab: Lab, name: str, file: Path) -> None:
    ids = [task.id for task in lab.tasks]
    if name not in ids:
        raise CatalogueError(file, "task", f"`{name}` is no task; {known_keys(name, ids)}")
