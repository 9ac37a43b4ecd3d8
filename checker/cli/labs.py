"""The commands of a lab: start, check, hint, solve, reset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.catalogue import Case, Lab, load_lab, solution, starter
from checker.cli.asking import confirm
from checker.cli.options import Yes
from checker.cli.screen import say
from checker.cli.watching import Watching
from checker.cluster import Workspace, learner_name
from checker.grading import Progress, grade, has_files, put_case, reopen
from checker.model import LabReport, Verdict
from checker.paths import cluster_name
from checker.report import render_json, render_junit, render_text
from checker.texts import Lang, Text, language
from checker.trouble import NOT_CHECKED, NOT_SO, USAGE, Trouble

LabName = Annotated[
    str, typer.Argument(metavar="LAB", help="01, storage or 01-storage. 编号、主题或全名。")
]
TaskName = Annotated[
    str | None,
    typer.Option("--task", metavar="TASK", help="Its number or name. 任务的编号或名字。"),
]
EXIT = {Verdict.passed: 0, Verdict.failed: NOT_SO, Verdict.unknown: NOT_CHECKED}


def start(lab: LabName) -> None:
    """Lay out a lab's files and show its tasks; what you wrote already stays. 开始实验。

    Example: podlab start 01
    """
    lang = language()
    chosen, workspace = _open(lab)
    if has_files(workspace.folder):
        reopen(workspace)
        say(KEPT.format(folder=workspace.folder, lab=chosen.name), lang)
    else:
        _put(starter(chosen), workspace, lang, anew=False)
    _show_tasks(chosen, lang)
    say(NEXT.format(folder=workspace.folder, lab=chosen.name), lang)


def check(
    lab: LabName,
    task: TaskName = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program. 输出 JSON。")
    ] = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write JUnit XML too. 另写 JUnit XML。")
    ] = None,
) -> None:
    """Check a lab, or one task and what it needs, on the cluster. 检查实验。

    Ends with 0 if all passed, 1 if some failed, 3 if some could not be checked.

    Example: podlab check storage --task 2
    """
    lang = language()
    chosen, workspace = _open(lab)
    with Watching(lang) as watching:
        report = grade(chosen, workspace, None if task is None else [task], watching.tell)
    _progress(workspace).note(report)
    print(render_json(report) if as_json else _told(report, chosen, lang), end="")
    if junit:
        _write(junit, render_junit(report, lang))
    raise typer.Exit(EXIT[report.verdict])


def hint(lab: LabName, task: TaskName = None) -> None:
    """Give the next hint: for a task, or for the first one not passed yet. 给出下一条提示。

    Example: podlab hint 01 --task 2
    """
    lang = language()
    chosen, workspace = _open(lab)
    given = _progress(workspace).next_hint(chosen, task)
    head = HINT.format(
        task=given.task.number, title=given.task.title, number=given.number, of=given.of
    )
    say(head, lang)
    say(given.text, lang)


def solve(lab: LabName, yes: Yes = False) -> None:
    """Put the solution in place of your files, of which a copy is kept. 换成参考答案。

    Example: podlab solve 01 --yes
    """
    lang = language()
    chosen, workspace = _open(lab)
    confirm(SOLVE.format(namespace=workspace.namespace), yes, lang)
    _put(solution(chosen), workspace, lang, anew=True)
    say(SOLVED.format(folder=workspace.folder, lab=chosen.name), lang)


def reset(lab: LabName, yes: Yes = False) -> None:
    """Begin a lab anew; a copy of your files is kept. 重新开始实验。

    Example: podlab reset 01 --yes
    """
    lang = language()
    chosen, workspace = _open(lab)
    confirm(RESET.format(namespace=workspace.namespace), yes, lang)
    _put(starter(chosen), workspace, lang, anew=True)
    _progress(workspace).forget()
    say(NEXT.format(folder=workspace.folder, lab=chosen.name), lang)


KEPT = Text(
    "{folder} 里已有你的文件，没有改动。要从头来：podlab reset {lab}",
    "Your files in {folder} are kept as they are. To begin anew: podlab reset {lab}",
)
NEXT = Text(
    "编辑 {folder} 里的文件。podlab shell {lab} 会打开一个终端，"
    "kubectl 已经在这个实验的命名空间里：kubectl apply -f .\n然后：podlab check {lab}",
    "Edit the files in {folder}. podlab shell {lab} opens a shell there, with kubectl in the "
    "lab's namespace: kubectl apply -f .\nThen: podlab check {lab}",
)
TASK = Text("{number}. {title}（{points} 分）", "{number}. {title} ({points} points)")
HINT = Text(
    "任务 {task}“{title}”，提示 {number}/{of}：", 'Task {task}, "{title}", hint {number} of {of}:'
)
MORE_HINTS = Text("需要提示：podlab hint {lab}", "For a hint: podlab hint {lab}")
SOLVE = Text(
    "命名空间 {namespace} 会被清空，换成参考答案；你的文件会先留一份副本。继续？",
    "The namespace {namespace} is emptied and gets the solution; your files are copied first. "
    "Go on?",
)
RESET = Text(
    "命名空间 {namespace} 会被清空，重新开始；你的文件会先留一份副本。继续？",
    "The namespace {namespace} is emptied and the lab begins anew; your files are copied first. "
    "Go on?",
)
SOLVED = Text(
    "参考答案在 {folder}，已经应用。看看它怎样通过：podlab check {lab}",
    "The solution is in {folder} and applied. See it pass: podlab check {lab}",
)
BACKUP = Text("你原来的文件在 {folder}", "Your own files are in {folder}")


def _open(name: str) -> tuple[Lab, Workspace]:
    lab = load_lab(name)
    return lab, Workspace(lab.name, "lab", learner_name())


def _progress(workspace: Workspace) -> Progress:
    return Progress.of(cluster_name(), workspace.namespace)


def _put(case: Case, workspace: Workspace, lang: Lang, *, anew: bool) -> None:
    placed = put_case(case, workspace, anew=anew)
    if placed.output:
        print(placed.output.rstrip())
    if placed.backup:
        say(BACKUP.format(folder=placed.backup), lang)


def _show_tasks(lab: Lab, lang: Lang) -> None:
    print(f"\n{lab.name}  {lab.title.pick(lang)}\n")
    for task in lab.tasks:
        say(TASK.format(number=task.number, title=task.title, points=task.points), lang)
        print(f"   {task.text.pick(lang).strip()}\n")


def _told(report: LabReport, lab: Lab, lang: Lang) -> str:
    text = render_text(report, lang)
    if report.verdict is Verdict.failed:
        text += MORE_HINTS.format(lab=lab.name).pick(lang) + "\n"
    return text


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Trouble(
            Text(f"写不了 {file}：{error.strerror}", f"{file} cannot be written: {error.strerror}"),
            Text("换一个文件名。", "Name another file."),
            code=USAGE,
        ) from error
