"""A report for programs: JSON with both languages, and JUnit XML for continuous integration."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from checker.model import ClassRun, LabPlan, LabReport, Pupil, TaskResult, Verdict
from checker.report import class_words, words
from checker.report.clean import clean, excerpt
from checker.report.tally import cell
from checker.texts import Lang

# JUnit tells "the test says no" (failure) from "the test could not say" (error), as we do.
_ELEMENT = {Verdict.failed: "failure", Verdict.unknown: "error"}


def render_json(report: LabReport) -> str:
    """The report as JSON; `LabReport.from_dict` takes it back. Texts stand as they came."""
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"
    # Half a surrogate pair cannot be written as UTF-8; escaped as Python does, it is JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def render_junit(report: LabReport, lang: Lang) -> str:
    """One test suite, one test case for each task."""
    root = ET.Element("testsuites")
    _add_suite(root, report, lang)
    return _written(root)


def render_class_junit(run: ClassRun, lang: Lang) -> str:
    """One test suite for each learner and lab. A task without a verdict is skipped: why is told."""
    root = ET.Element("testsuites")
    for lab in run.head.labs:
        for pupil in run.head.pupils:
            report = run.reports.get((pupil.id, lab.name))
            if report is None:
                told = {"name": lab.name, "hostname": pupil.id, "failures": "0", "errors": "0"}
                suite = ET.SubElement(root, "testsuite", told)
            else:
                suite = _add_suite(root, report, lang)
            _add_skipped(suite, run, pupil, lab, lang)
    return _written(root)


def _add_suite(root: ET.Element, report: LabReport, lang: Lang) -> ET.Element:
    verdicts = [result.verdict for result in report.results]
    suite = ET.SubElement(
        root,
        "testsuite",
        name=report.lab,
        hostname=report.workspace,
        tests=str(len(verdicts)),
        failures=str(verdicts.count(Verdict.failed)),
        errors=str(verdicts.count(Verdict.unknown)),
        skipped="0",
        time=f"{report.seconds:.3f}",
        timestamp=report.started_at.isoformat(timespec="seconds"),
    )
    for result in report.results:
        _add_case(suite, report.lab, result, lang)
    return suite


def _add_skipped(suite: ET.Element, run: ClassRun, pupil: Pupil, lab: LabPlan, lang: Lang) -> None:
    skipped = [task for task in lab.tasks if run.result(pupil.id, lab.name, task.id) is None]
    for task in skipped:
        case = ET.SubElement(suite, "testcase", classname=lab.name, name=task.id)
        kind = cell(run, pupil, lab, task)
        why = class_words.LEFT_OUT[task.scope].pick(lang) or class_words.CELL[kind].pick(lang)
        ET.SubElement(case, "skipped", message=why)
    suite.set("skipped", str(len(skipped)))
    suite.set("tests", str(len(suite.findall("testcase"))))


def _written(root: ET.Element) -> str:
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add_case(suite: ET.Element, lab: str, result: TaskResult, lang: Lang) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=lab, name=result.task, time=f"{result.seconds:.3f}"
    )
    if result.verdict is Verdict.passed:
        return
    message = clean(result.message.pick(lang))
    told = ET.SubElement(case, _ELEMENT[result.verdict], type=result.message_id, message=message)
    told.text = "\n".join(
        f"{name.pick(lang)}: {value}"
        for each in result.evidence
        for name, value in (
            (words.EXPECTED, clean(each.expected.pick(lang))),
            (words.FOUND, excerpt(each.found).whole or words.NOTHING.pick(lang)),
            (words.COMMAND, clean(each.command)),
        )
    )
