"""The command that grades a class."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from checker.catalogue import load_lab
from checker.classroom import read_roster, recall_names
from checker.classroom.begin import Begun, begin, resume
from checker.classroom.grading import grade_class
from checker.classroom.results import read_run, results_dir
from checker.classroom.scope import plan
from checker.cli.class_watching import ClassWatching
from checker.cli.options import ROSTER, Context, Kubeconfig, chosen_lessons
from checker.cli.screen import say
from checker.cluster import Connection, connect, system_uid
from checker.grading import Outside
from checker.model import ClassRun, LabReport, Pair, RunHead
from checker.report import class_summary
from checker.texts import Lang, Text, language
from checker.trouble import NOT_CHECKED, USAGE, Trouble

LOOKING, ACTING = 16, 4
"""How many learners are graded at once. Most of looking is waiting; more than four whose Pods are
restarted and replaced make two cores so slow that checks can tell nothing."""


def grade(
    roster: Annotated[Path | None, ROSTER] = None,
    labs: Annotated[
        list[str] | None,
        typer.Option(metavar="01,02", help="Which labs; all without it. 哪些实验。"),
    ] = None,
    behaviour: Annotated[
        bool,
        typer.Option("--behaviour", help="Make the checks that act, too. 也做会改动工作区的检查。"),
    ] = False,
    files: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Learners' files: DIR/ID/LAB. 学员交来的文件。"),
    ] = None,
    at_once: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Learners at the same time. 同时评几名学员。"),
    ] = None,
    again: Annotated[
        Path | None,
        typer.Option("--resume", metavar="RUN", help="Go on with this run. 接着做这一次评分。"),
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="Do not go on with an earlier run. 重新开始。")
    ] = False,
    kubeconfig: Kubeconfig = None,
    context: Context = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results go. 成绩写到哪里。")
    ] = None,
) -> None:
    """Grade all learners of a class, side by side, from outside. 给全班评分。

    Without --behaviour nothing of theirs is touched; tasks that cannot be judged so are left out.
    After Ctrl-C the same command goes on where it was. Ends with 0 when all could be judged,
    whatever the verdicts, and with 3 when something could not be checked.

    Example: podlab class grade --roster class.csv --labs 01,02
    """
    lang = language()
    connection = connect(kubeconfig=kubeconfig, context=context)
    if again is not None:
        if roster or labs or behaviour or files or new or out:
            raise Trouble(ALL_SET, ONLY_RESUME, code=USAGE)
        begun = resume(again, connection.context, system_uid(connection))
    else:
        head = _head(roster, labs, behaviour, files, connection)
        begun = begin(out or results_dir(), head, new=new)
    with begun.file:
        _show_begin(begun, lang)
        try:
            _grade(begun, connection, at_once, lang)
        except KeyboardInterrupt:
            if new:
                print(WITHOUT_NEW.pick(lang), file=sys.stderr)
            raise
    _show_end(read_run(begun.file.path), begun.file.path, _named(kubeconfig, context), lang)


def _head(
    roster: Path | None,
    labs: list[str] | None,
    behaviour: bool,
    files: Path | None,
    connection: Connection,
) -> RunHead:
    """What is to be done; all that is wrong with it is told before anybody is graded."""
    if roster is None:
        raise Trouble(NO_ROSTER, NAME_ROSTER, code=USAGE)
    if files and not files.is_dir():
        raise Trouble(NO_FILES.format(folder=files), FILES_FORM, code=USAGE)
    pupils = read_roster(roster)
    chosen = [load_lab(name) for name in chosen_lessons(labs)]
    plans = plan(chosen, behaviour=behaviour, files=files is not None)
    if not any(lab.judged for lab in plans):
        raise Trouble(NONE_JUDGED, ADD_BEHAVIOUR, code=USAGE)
    return RunHead(
        started_at=datetime.now(UTC),
        cluster=connection.context,
        uid=system_uid(connection),
        server=connection.version(),
        podlab=version("podlab"),
        behaviour=behaviour,
        files=str(files.resolve()) if files else "",
        pupils=pupils,
        labs=plans,
    )


def _grade(begun: Begun, connection: Connection, at_once: int | None, lang: Lang) -> None:
    head = begun.run.head
    recall_names(connection)
    labs = {lab.name: load_lab(lab.name) for lab in head.labs}
    outside = Outside(connection, acts=head.behaviour)
    with ClassWatching(lang, len(begun.left)) as watching:

        def keep(pair: Pair, report: LabReport) -> None:
            begun.file.keep(pair, report)
            watching.tell(pair, report)

        many = at_once or (ACTING if head.behaviour else LOOKING)
        grade_class(head, labs, begun.left, outside, many, keep)


def _show_begin(begun: Begun, lang: Lang) -> None:
    head, path = begun.run.head, begun.file.path
    if begun.goes_on:
        say(GOES_ON.format(file=path, done=len(begun.run.reports), left=len(begun.left)), lang)
    if not begun.left:
        say(NOTHING_LEFT, lang)
    out = ", ".join(lab.name for lab in head.labs if not lab.judged)
    if out:
        say(LEFT_OUT.format(labs=out), lang)


def _show_end(run: ClassRun, path: Path, cluster: list[str], lang: Lang) -> None:
    print(class_summary(run, lang), end="")
    say(KEPT.format(file=path), lang)
    say(NEXT.format(file=shlex.quote(str(path))), lang)
    if count := len(run.unknown()):
        words = shlex.join([str(path), *cluster])
        say(DOUBTS.format(count=count, words=words), lang)
        raise typer.Exit(NOT_CHECKED)


def _named(kubeconfig: Path | None, context: str | None) -> list[str]:
    """The options that name the cluster, for a command to be pasted."""
    options = {"--kubeconfig": kubeconfig, "--context": context}
    return [word for name, value in options.items() if value for word in (name, str(value))]


ALL_SET = Text(
    "--resume 接着做一次已经开始的评分，名单、实验和方式都写在它的文件里。",
    "--resume goes on with a run, whose file says who is graded, in what and how.",
)
ONLY_RESUME = Text(
    "去掉 --roster、--labs、--behaviour、--files、--new、--out，或者去掉 --resume。",
    "Leave out --roster, --labs, --behaviour, --files, --new and --out, or leave out --resume.",
)
NO_ROSTER = Text("没有名单，不知道给谁评分。", "Without a roster nobody can be graded.")
NAME_ROSTER = Text(
    "用 --roster 指定名单，例如 podlab class grade --roster class.csv",
    "Name one with --roster, such as podlab class grade --roster class.csv",
)
NO_FILES = Text("{folder} 不是文件夹。", "{folder} is no folder.")
FILES_FORM = Text(
    "--files 指定的文件夹里，每名学员一个文件夹，其中每个实验一个，例如 "
    "ann/08-termination-message/query.txt。",
    "The folder of --files has one for each learner, and in it one for each lab, such as "
    "ann/08-termination-message/query.txt.",
)
NONE_JUDGED = Text(
    "选中的实验里，没有一个任务能不改动工作区就评。",
    "None of the chosen labs has a task that can be judged without touching anything.",
)
ADD_BEHAVIOUR = Text(
    "加上 --behaviour，让检查动手；或者选别的实验。",
    "Add --behaviour, which lets the checks act, or choose other labs.",
)
GOES_ON = Text(
    "接着做 {file}：已有 {done} 份，还剩 {left} 份。要重新开始，加 --new。",
    "Going on with {file}: {done} are there, {left} are left. To begin anew add --new.",
)
WITHOUT_NEW = Text("要接着做，下次去掉 --new。", "To go on, leave out --new next time.")
NOTHING_LEFT = Text("什么也不缺。", "Nothing is missing.")
LEFT_OUT = Text("这些实验只有用 --behaviour 才评：{labs}", "Judged only with --behaviour: {labs}")
KEPT = Text("成绩在 {file}", "The results are in {file}")
NEXT = Text(
    "做成网页和表格：podlab class report {file}", "As a page and tables: podlab class report {file}"
)
DOUBTS = Text(
    "有 {count} 份没能检查完，不算失分。再试一次：podlab class grade --resume {words}",
    "Not wholly checked: {count}; that costs nothing. To try again: "
    "podlab class grade --resume {words}",
)
