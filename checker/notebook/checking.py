"""`check`, `hint` and `reset` in a notebook: thin over grading and report, with a card to show."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from checker.catalogue import Lab, load_lab, starter
from checker.cluster import Workspace, learner_name
from checker.grading import OnEvent, Progress, grade, put_case
from checker.model import Evidence, LabReport, Verdict
from checker.notebook.live import Live
from checker.notebook.plain import AGAIN, ExpectationError, PlainError, here
from checker.notebook.telling import Telling, beating
from checker.paths import cluster_name
from checker.report import Hints, render_card, render_text
from checker.texts import Lang, Text

Grade = Callable[[Lab, Workspace, Iterable[str | int] | None, OnEvent], LabReport]

EXPECTED: Mapping[str, frozenset[Verdict]] = {
    "unsolved": frozenset({Verdict.failed}),
    "solved": frozenset({Verdict.passed}),
}


@dataclass(frozen=True)
class Card:
    """A report as IPython shows it: a card, or plain lines where there is no HTML."""

    report: LabReport
    lang: Lang
    hints: Hints | None = None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        report = for_cells(self.report)
        return {
            "text/plain": render_text(report, self.lang),
            "text/html": render_card(report, self.lang, self.hints),
        }


def for_cells(report: LabReport) -> LabReport:
    """The report with its commands as they are written in a cell: there for pasting."""
    results = (
        replace(result, evidence=tuple(map(_for_cell, result.evidence)))
        for result in report.results
    )
    return replace(report, results=tuple(results))


def _for_cell(evidence: Evidence) -> Evidence:
    command = evidence.command.strip()
    if not command.startswith("kubectl"):
        return evidence
    magic = "%%shell --lab\n" if "\n" in command else "%shell --lab "
    return replace(evidence, command=magic + command)


def check(lesson: str, task: str | int | None = None, grade: Grade = grade) -> Card:
    """Judge the lab, or one task with what it needs; show the card where the waiting was shown.

    Raises UnknownName for a task there is not, and ExpectationError where PODLAB_EXPECT says so.
    """
    lab, workspace = load_lab(lesson), _workspace(lesson)
    names = None if task is None else [task]
    chosen = lab.tasks if names is None else lab.with_needs(names)
    with Live() as live:
        telling = Telling(live, lab.name, len(chosen), here())
        try:
            with beating(telling.show):
                report = grade(lab, workspace, names, telling.tell)
        except KeyboardInterrupt:
            raise PlainError(STOPPED, AGAIN) from None
        card = Card(report, here(), {task.id: task.hints for task in chosen})
        live.replace(card._repr_mimebundle_())
    _progress(workspace).note(report)
    hold_to_expectation(report, os.environ.get("PODLAB_EXPECT", ""))
    return card


def hint(lesson: str, task: str | int | None = None) -> Text:
    """The next hint for a task, or for the first one that has not passed yet."""
    given = _progress(_workspace(lesson)).next_hint(load_lab(lesson), task)
    return HINT.format(
        task=given.task.number,
        title=given.task.title,
        number=given.number,
        of=given.of,
        hint=given.text,
    )


def reset(lesson: str) -> Text:
    """Begin the lab anew: an empty namespace and the first files; the learner's are copied."""
    with Live() as live:
        live.show(RESETTING.pick(here()))
        done = begin_anew(lesson)
        live.show(done.pick(here()))
    return done


def begin_anew(lesson: str) -> Text:
    """As `reset`, for those who show the waiting in their own way."""
    workspace = _workspace(lesson)
    placed = put_case(starter(load_lab(lesson)), workspace, anew=True)
    _progress(workspace).forget()
    done = RESET.format(folder=workspace.folder)
    if placed.backup is None:
        return done
    kept = BACKUP.format(folder=placed.backup)
    return Text(done.zh + kept.zh, f"{done.en} {kept.en}")


def hold_to_expectation(report: LabReport, expectation: str) -> None:
    """In a test run: raise unless every verdict is the expected one. Nothing expected, no error."""
    if not expectation:
        return
    wanted = EXPECTED.get(expectation)
    if wanted is None:
        raise ExpectationError(
            Text.same(f"PODLAB_EXPECT={expectation}"),
            Text("可用的值：unsolved、solved。", "It may be unsolved or solved."),
        )
    wrong = [r for r in report.results if r.verdict not in wanted]
    if not report.results or wrong:
        found = ", ".join(f"{r.task}: {r.verdict.value} ({r.message_id})" for r in wrong)
        raise ExpectationError(
            Text(
                f"期望 {expectation}，结果不是这样。", f"Expected {expectation}, and it is not so."
            ),
            Text("看上面的卡片。", "See the card above."),
            found or "no task was judged",
        )


STOPPED = Text(
    "你中断了检查，它已经停下。它改动过的东西恢复了；万一没恢复完，下一次检查会先恢复。",
    "You interrupted the check, and it has ended. What it had changed is put back; should anything "
    "be left, the next check begins with it.",
)
HINT = Text(
    "任务 {task}“{title}”，提示 {number}/{of}：{hint}",
    'Task {task}, "{title}", hint {number} of {of}: {hint}',
)
RESETTING = Text("正在重置实验……", "Resetting the lab …")
RESET = Text(
    "实验从头开始，初始文件在 {folder}。", "The lab begins anew; its first files are in {folder}."
)
BACKUP = Text("你原来的文件留了一份在 {folder}。", "Your own files were copied to {folder}.")


def _workspace(lesson: str) -> Workspace:
    return Workspace(lesson, "lab", learner_name())


def _progress(workspace: Workspace) -> Progress:
    return Progress.of(cluster_name(), workspace.namespace)
