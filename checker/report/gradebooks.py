"""The results of a class as CSV: a table for people and programs, and what gradebooks take.

A score that is not final has an empty field: what could not be checked must not cost a point in a
gradebook either. Texts of learners never become formulas of a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from checker.model import ClassRun, LabPlan, Pupil, Verdict
from checker.report import class_words, words
from checker.report.clean import clean, excerpt
from checker.report.tally import cell, changes, score
from checker.texts import Lang

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or skips on the way to one; the wide
ones in Chinese and Japanese versions: https://owasp.org/www-community/attacks/CSV_Injection"""
MARK = "\ufeff"
"""By this spreadsheets know that a file is UTF-8."""

Row = Sequence[object]


def safe(text: str) -> str:
    """`text` as a field that no spreadsheet computes: an apostrophe before what looks like it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def render_results(run: ClassRun, lang: Lang, before: ClassRun | None = None) -> str:
    """All of it: one line for each learner and task."""
    head = "learner,name,lab,number,task,points,verdict,earned,change,message_id,message"
    changed = changes(run, before)
    rows: list[Row] = [[*head.split(","), "expected", "found", "command"]]
    for lab in run.head.labs:
        for pupil in run.head.pupils:
            for task in lab.tasks:
                place = (pupil.id, lab.name, task.id)
                change = changed.get(place)
                rows.append(
                    [
                        pupil.id,
                        safe(pupil.name),
                        lab.name,
                        task.number,
                        task.id,
                        task.points,
                        cell(run, pupil, lab, task).value,
                        _earned(run, pupil, lab, task.id),
                        change.value if change else "",
                        *_told(run, pupil, lab, task.id, lang),
                    ]
                )
    return MARK + _written(rows)


def render_nbgrader(run: ClassRun) -> str:
    """The columns of `nbgrader export`; by the column `id` `nbgrader db student import` takes it.

    https://nbgrader.readthedocs.io/en/stable/user_guide/exporting_grades.html
    """
    head = "assignment,duedate,timestamp,student_id,last_name,first_name,email"
    rows: list[Row] = [
        [*head.split(","), "raw_score", "late_submission_penalty", "score", "max_score", "id"]
    ]
    for lab in _graded(run):
        for pupil in run.head.pupils:
            report = run.reports.get((pupil.id, lab.name))
            at = f"{report.started_at:%Y-%m-%d %H:%M:%S.%f %Z}" if report else ""
            number = _number(run, pupil, lab, "")
            name = safe(pupil.name)
            rows.append(
                [lab.name, "", at, pupil.id, name, "", "", number, 0.0, number]
                + [float(lab.possible), pupil.id]
            )
    return _written(rows)


def render_moodle(run: ClassRun) -> str:
    """One line for each learner, one column for each lab, `-` for no grade.

    Whoever imports it maps `ID number` or `Username`: https://docs.moodle.org/en/Grade_import
    """
    labs = _graded(run)
    rows: list[Row] = [["ID number", "Username", "Full name", *map(_column, labs)]]
    for pupil in run.head.pupils:
        numbers = [_number(run, pupil, lab, "-") for lab in labs]
        rows.append([pupil.id, pupil.id, safe(pupil.name), *numbers])
    return _written(rows)


def render_canvas(run: ClassRun) -> str:
    """As Canvas exports its gradebook, without its own numbers of students and assignments.

    It finds a learner by the SIS user or login id, else by the name, and makes what is missing.
    """
    labs = _graded(run)
    info = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    rows: list[Row] = [
        [*info, *map(_column, labs)],
        ["    Points Possible", "", "", "", "", *(float(lab.possible) for lab in labs)],
    ]
    for pupil in run.head.pupils:
        numbers = [_number(run, pupil, lab, "") for lab in labs]
        rows.append([safe(pupil.name), "", pupil.id, pupil.id, "", *numbers])
    return _written(rows)


def _graded(run: ClassRun) -> list[LabPlan]:
    return [lab for lab in run.head.labs if lab.judged]


def _column(lab: LabPlan) -> str:
    """No number in parentheses at its end: Canvas takes that for its own number."""
    return f"podlab {lab.name}"


def _number(run: ClassRun, pupil: Pupil, lab: LabPlan, none: str) -> object:
    whole = score(run, pupil, [lab])
    return float(whole.earned) if whole.final else none


def _earned(run: ClassRun, pupil: Pupil, lab: LabPlan, task: str) -> object:
    """Points, where the verdict earns or costs any."""
    result = run.result(pupil.id, lab.name, task)
    decided = result and result.verdict is not Verdict.unknown
    return result.earned if result and decided else ""


def _told(run: ClassRun, pupil: Pupil, lab: LabPlan, task: str, lang: Lang) -> Row:
    result = run.result(pupil.id, lab.name, task)
    if result is None:
        scope = next(each.scope for each in lab.tasks if each.id == task)
        return ["", class_words.LEFT_OUT[scope].pick(lang), "", "", ""]
    message = safe(clean(result.message.pick(lang)))
    first = next(iter(result.evidence), None)
    if first is None:
        return [result.message_id, message, "", "", ""]
    found = excerpt(first.found).head or words.NOTHING.pick(lang)
    texts = (clean(first.expected.pick(lang)), found, clean(first.command))
    return [result.message_id, message, *map(safe, texts)]


def _written(rows: Iterable[Row]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
