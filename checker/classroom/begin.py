"""Begins a run of a class, or goes on with one that was cut off."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from pathlib import Path

from checker.classroom.results import RunFile, latest, read_run
from checker.model import ClassRun, Pair, RunHead
from checker.texts import Text
from checker.trouble import USAGE, Trouble

FRESH = timedelta(hours=12)
"""An unfinished run of the same day goes on by itself; an older one has seen other work."""


class Begun:
    """A run that is under way: its file, open for more, and the learners and labs still to do.

    `goes_on` says whether it had begun before.
    """

    def __init__(self, file: RunFile, run: ClassRun, left: tuple[Pair, ...]) -> None:
        self.file = file
        self.run = run
        self.left = left
        self.goes_on = bool(run.reports)


def begin(folder: Path, head: RunHead, *, new: bool = False) -> Begun:
    """Begin; or go on with the last run in the folder, if it is unfinished, fresh, and the same.

    `new` begins in any case.
    """
    last = None if new else _unfinished(folder, head)
    if last is None:
        run = ClassRun(head, {})
        return Begun(RunFile.create(folder, head), run, run.missing())
    file = RunFile.reopen(last)
    run = read_run(last)
    return Begun(file, run, run.missing())


def resume(path: Path, cluster: str, uid: str) -> Begun:
    """Go on with this run: with what is missing, and once more with what could not be checked.

    `cluster` is the context's name. Raises Trouble where `uid` is not the one of the cluster it was
    begun on.
    """
    run = read_run(path)
    if run.head.uid != uid:
        what = MADE_ANEW if run.head.cluster == cluster else ANOTHER
        words = {"run": path, "begun": run.head.cluster, "now": cluster}
        raise Trouble(what.format(**words), THE_SAME, code=USAGE)
    return Begun(RunFile.reopen(path), run, (*run.missing(), *run.unknown()))


ANOTHER = Text(
    "{run} 是在集群 {begun} 上评的，现在连着的是 {now}。",
    "{run} was begun on the cluster {begun}; this one is {now}.",
)
MADE_ANEW = Text(
    "{run} 是在上一个叫 {begun} 的集群上评的；那以后集群重建过，学员的东西已经不是那时的了。",
    "{run} was begun on an earlier cluster called {begun}. It was made anew since, and what the "
    "learners had there is gone.",
)
THE_SAME = Text(
    "用 --kubeconfig 和 --context 指定同一个集群，或者用 --roster 重新评分。",
    "Name the same cluster with --kubeconfig and --context, or grade anew with --roster.",
)


def _unfinished(folder: Path, head: RunHead) -> Path | None:
    for path, run in islice(latest(folder), 1):
        fresh = head.started_at - run.head.started_at < FRESH
        if fresh and run.missing() and run.head.same_task(head):
            return path
    return None
