"""Begins a lesson: the right cluster, a clean demo, the learner's lab as it was left."""

from __future__ import annotations

from checker.catalogue import find_lab, load_lab, starter
from checker.cluster import Connection, Workspace, connect, learner_name, reset
from checker.grading import give, has_files, put_case, reopen
from checker.notebook.live import Live
from checker.notebook.plain import here
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
        first = _open_lab(connection, lesson, lab)
        recorder = Recorder(connection, demo.namespace)
        recorder.start()
        session.begin(
            lesson,
            _place(demo, connection),
            _place(lab, connection),
            recorder,
            _team(lab, connection),
        )
        live.show((FIRST if first else READY).format(lesson=lesson).pick(here()))


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
