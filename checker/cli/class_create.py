"""The command that makes and removes a class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from checker.catalogue import lab_names, load_lab
from checker.classroom import Building, Clearing, Gone, Made, Pupil, read_roster, use_names
from checker.cli.asking import confirm
from checker.cli.options import ROSTER, Context, Kubeconfig, Yes, chosen_lessons
from checker.cli.screen import Screen, say
from checker.cluster import Connection, connect
from checker.cluster.connection import on_this_machine
from checker.texts import Lang, Text, language
from checker.trouble import NOT_SO, Trouble

OUT = Path("class")
DAYS = 90
AT_ONCE = 8


def create(
    roster: Annotated[Path, ROSTER],
    lessons: Annotated[
        list[str] | None,
        typer.Option("--lessons", metavar="01,02", help="All of them if not given. 哪些课。"),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="For the folders to hand out. 分发文件夹的位置。")
    ] = OUT,
    days: Annotated[
        int, typer.Option(min=1, max=730, help="How long a learner's key lasts. 钥匙的天数。")
    ] = DAYS,
    at_once: Annotated[
        int, typer.Option(min=1, max=32, help="Learners at the same time. 同时处理几个学员。")
    ] = AT_ONCE,
    images: Annotated[
        str | None,
        typer.Option(metavar="PREFIX", help="Where your cluster has the images. 镜像名的前缀。"),
    ] = None,
    registry: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="Lesson 03's registry on the nodes. 镜像仓库的名字。"),
    ] = None,
    kubeconfig: Kubeconfig = None,
    context: Context = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take all of it away. 全部删除。")
    ] = False,
    yes: Yes = False,
) -> None:
    """Make the workspaces of a class, and a folder to hand out to each learner. 创建班级。

    What is there already stays as it is: run it again for new names, or after an interruption.

    Example: podlab class create --roster class.csv --lessons 01,02
    """
    lang = language()
    pupils = read_roster(roster)
    chosen = chosen_lessons(lessons)
    use_names(images, registry)
    connection = connect(kubeconfig=kubeconfig, context=context)
    connection.version()
    labs = {name: load_lab(name) for name in lab_names()}
    if remove:
        question = REMOVE_SOME if lessons else REMOVE
        words = {"number": len(pupils), "cluster": connection.context}
        confirm(question.format(**words, lessons=", ".join(chosen)), yes, lang)
        clearing = Clearing(connection, labs, chosen if lessons else None, out)
        _clear(clearing, pupils, at_once, lang)
    else:
        building = Building(connection, labs, chosen, out, days)
        _build(building, connection, pupils, chosen, at_once, out, lang)


def _build(
    building: Building,
    connection: Connection,
    pupils: Sequence[Pupil],
    chosen: Sequence[str],
    at_once: int,
    out: Path,
    lang: Lang,
) -> None:
    made: dict[Pupil, Made] = {}
    with Screen(lang).step(FURNISHING):
        furniture = building.furnish()
    with _counting(MAKING, len(pupils), lang) as progress:

        def tell(pupil: Pupil, result: Made) -> None:
            made[pupil] = result
            progress.advance(progress.task_ids[0])

        others = building.seat_all(pupils, tell, at_once)
    troubles = {pupil: each.trouble for pupil, each in made.items() if each.trouble}
    say(_summary(made, furniture, len(chosen)), lang)
    ends = [each.ends for each in made.values() if each.ends]
    if ends:
        say(HAND_OUT.format(out=out, ends=_day(min(ends))), lang)
    if on_this_machine(connection.client.configuration.host):
        say(LOOPBACK.format(server=connection.client.configuration.host), lang)
    if others:
        say(OTHERS.format(names=", ".join(sorted(others)[:20]), number=len(others)), lang)
    _end(troubles, lang)


def _clear(clearing: Clearing, pupils: Sequence[Pupil], at_once: int, lang: Lang) -> None:
    gone: dict[Pupil, Gone] = {}
    with _counting(REMOVING, len(pupils), lang) as progress:

        def tell(pupil: Pupil, result: Gone) -> None:
            gone[pupil] = result
            progress.advance(progress.task_ids[0])

        clearing.clear_all(pupils, tell, at_once)
    spaces = [each.spaces for each in gone.values() if each.spaces]
    troubles = {pupil: each.trouble for pupil, each in gone.items() if each.trouble}
    if spaces:
        say(REMOVED.format(number=len(spaces), spaces=sum(spaces)), lang)
    elif not troubles:
        say(NONE_THERE, lang)
    kept = sorted(str(each.kept) for each in gone.values() if each.kept)
    if kept:
        say(KEPT.format(folders=", ".join(kept[:20]), number=len(kept)), lang)
    _end(troubles, lang)


@contextmanager
def _counting(title: Text, total: int, lang: Lang) -> Iterator[Progress]:
    """A bar that counts learners; a line where there is no terminal to draw one on."""
    screen = Screen(lang)
    if not screen.console.is_terminal:
        screen.note(title)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=screen.console,
        transient=True,
    ) as progress:
        progress.add_task(escape(title.pick(lang)), total=total)
        yield progress


def _summary(made: Mapping[Pupil, Made], furniture: int, lessons: int) -> Text:
    good = [each for each in made.values() if not each.trouble]
    new = sum(1 for each in good if each.wrote)
    if not new and not furniture and len(good) == len(made):
        return NOTHING.format(number=len(made))
    return READY.format(good=len(good), lessons=lessons, new=new, same=len(good) - new)


def _end(troubles: Mapping[Pupil, Trouble], lang: Lang) -> None:
    """Say of whom something is missing, and end with an exit code."""
    if not troubles:
        return
    say(MISSING.format(number=len(troubles)), lang)
    for pupil, trouble in troubles.items():
        print(f"\n{pupil.id}  {pupil.name}\n{trouble.render(lang)}")
    raise typer.Exit(NOT_SO)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


FURNISHING = Text("准备权限、探测 Pod、镜像", "Getting rights, the probe Pod and the images ready")
MAKING = Text("创建学员的工作区", "Making the learners' workspaces")
REMOVING = Text("删除学员的工作区", "Removing the learners' workspaces")
READY = Text(
    "{good} 名学员、{lessons} 课已就绪：{new} 名是新建或补齐的，{same} 名原来就齐全。",
    "Ready. Learners: {good}, lessons: {lessons}. New or completed: {new}, complete before: "
    "{same}.",
)
NOTHING = Text(
    "什么也不用做：{number} 名学员的东西都齐全。",
    "Nothing was to be done: the learners (number: {number}) have everything.",
)
HAND_OUT = Text(
    "分发的文件夹在 {out}，每名学员一个；其中的钥匙（kubeconfig）最早在 {ends} 到期，"
    "到期前再运行一次就会换新。",
    "The folders to hand out are in {out}, one for each learner. The first key (kubeconfig) ends "
    "on {ends}; run this again before that for new ones.",
)
LOOPBACK = Text(
    "注意：API 服务器的地址是 {server}，只在这台机器上有效；钥匙在别的机器上用不了。",
    "Mind: the API server's address is {server}, which is this machine's own; the keys do not "
    "work on any other.",
)
OTHERS = Text(
    "集群上还有 {number} 名不在这份名单里的学员，没有改动：{names}",
    "Not in this roster, but on the cluster, and left alone (number: {number}): {names}",
)
REMOVE = Text(
    "{number} 名学员在集群 {cluster} 上的命名空间会被删除，里面的东西都会丢失。继续？",
    "The namespaces of all learners in the roster (number: {number}) are deleted from the cluster "
    "{cluster}, with all that is in them. Go on?",
)
REMOVE_SOME = Text(
    "{number} 名学员在集群 {cluster} 上这些课的命名空间会被删除，里面的东西都会丢失：{lessons}。"
    "继续？",
    "The namespaces of these lessons, of all learners in the roster (number: {number}), are "
    "deleted from the cluster {cluster}, with all that is in them: {lessons}. Go on?",
)
REMOVED = Text(
    "已删除：{number} 名学员，{spaces} 个命名空间。",
    "Gone. Learners: {number}, namespaces: {spaces}.",
)
NONE_THERE = Text(
    "集群上没有这些学员的命名空间。", "The cluster has no namespaces of these learners."
)
KEPT = Text(
    "{number} 个文件夹里有学员改过的文件，保留着：{folders}",
    "Folders with files that a learner has changed stay (number: {number}): {folders}",
)
MISSING = Text(
    "{number} 名学员没有完成。改好下面的问题，再运行一次同样的命令。",
    "Learners who are not done: {number}. Mend what is below and run the same command again.",
)
