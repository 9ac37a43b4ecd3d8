"""Begins a lesson: the right cluster, a clean demo, the learner's lab as it was left."""

from __future__ import annotations

import os
from pathlib import Path

from checker.catalogue import find_lab, lab_names, load_lab, starter
from checker.cluster import (
    ClusterError,
    Connection,
    Workspace,
    connect,
    learner_name,
    must_be_there,
    reset,
    write_kubeconfig,
)
from checker.grading import give, has_files, put_case, reopen
from checker.notebook.live import Live
from checker.notebook.plain import here, say
from checker.notebook.session import Place, Session
from checker.observe import Recorder
from checker.texts import Text

LOOKING = Text("正在连接集群……", "Looking for the cluster …")
CLEANING = Text("正在清理演示用的命名空间……", "Cleaning the demo namespace …")
LAYING_OUT = Text("正在准备实验的文件……", "Laying out the lab's files …")
READY = Text(
    "准备好了：集群有应答，{lesson} 的演示从头开始，你的实验保持原样。",
    "Ready: the cluster answers, the demo of {lesson} starts clean, your lab is as you left it.",
)
FIRST = Text(
    "准备好了：集群有应答，{lesson} 的演示从头开始，实验的初始文件也已放好。",
    "Ready: the cluster answers, the demo of {lesson} starts clean, and the lab's first files are "
    "laid out.",
)


CARRIED_ON = Text(
    "接着做 {lesson}：演示和你的实验都保持原样。图从现在开始记录；要从头来，运行 lesson(…) "
    "那个单元格。",
    "Carrying on with {lesson}: its demo and your lab are as they were. Pictures begin now; to "
    "start over, run the cell with lesson(…).",
)


def begin(session: Session, name: str) -> None:
    """Make the lesson `name` the session's: reset its demo, keep its lab.

    Files of the lab are laid out only where there are none: what a learner wrote is never touched.
    Raises UnknownName, or ClusterError when the cluster or a namespace cannot be had.
    """
    with Live() as live:
        live.show(LOOKING.pick(here()))
        lesson = find_lab(name)
        learner = learner_name()
        demo, lab = Workspace(lesson, "demo", learner), Workspace(lesson, "lab", learner)
        connection = connect()
        connection.version()
        live.show(CLEANING.pick(here()))
        reset(connection, demo)
        give(demo, connection)
        live.show(LAYING_OUT.pick(here()))
        first = _take_up(session, connection, demo, lab)
        live.show((FIRST if first else READY).format(lesson=lesson).pick(here()))


def carry_on(session: Session) -> None:
    """Take up the lesson of this kernel's notebook where it was left, and say so.

    Nothing happens where the notebook is no lesson's, or the lesson's demo is not there: then it
    has to begin. Raises ClusterError when the lab's namespace cannot be had.
    """
    lesson, learner = Path(os.environ.get("JPY_SESSION_NAME", "")).stem, learner_name()
    if lesson not in lab_names():
        return
    demo, lab = Workspace(lesson, "demo", learner), Workspace(lesson, "lab", learner)
    try:
        connection = connect()
        must_be_there(connection, demo)
    except ClusterError:  # lesson(…), which is to run now, says in full what is wrong
        return
    write_kubeconfig(connection, demo)
    _take_up(session, connection, demo, lab)
    say(CARRIED_ON.format(lesson=lesson))


def _take_up(session: Session, connection: Connection, demo: Workspace, lab: Workspace) -> bool:
    """Make the lesson the session's; whether its lab has got its first files."""
    first = _open_lab(connection, lab.lesson, lab)
    recorder = Recorder(connection, demo.namespace)
    try:
        recorder.start()
        session.begin(
            lab.lesson,
            _place(demo, connection),
            _place(lab, connection),
            recorder,
            _team(lab, connection),
        )
    except BaseException:  # interrupted, too: nobody else would stop it
        recorder.stop()
        raise
    return first


def _open_lab(connection: Connection, lesson: str, workspace: Workspace) -> bool:
    """Ensure the lab's namespace, and its files if there are none yet; whether this was so."""
    if has_files(workspace.folder):
        reopen(workspace, connection)
        return False
    put_case(starter(load_lab(lesson)), workspace, anew=False, connection=connection)
    return True


def _team(lab: Workspace, connection: Connection) -> Place | None:
    """The second namespace of the lab: it has one where there is a folder for its files."""
    team = lab.beside("team")
    return _place(team, connection) if team.folder.is_dir() else None


def _place(workspace: Workspace, connection: Connection) -> Place:
    return Place(workspace.namespace, workspace.folder, workspace.kubeconfig(connection.cluster))
