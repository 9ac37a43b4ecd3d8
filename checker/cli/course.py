"""The commands that open the course: JupyterLab, and a shell on the right cluster."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from checker.catalogue import find_lab
from checker.cli.screen import Screen
from checker.cluster import Workspace, connect, ensure, learner_name
from checker.environment import up as bringing
from checker.environment.tools import tools_path
from checker.paths import course_root
from checker.texts import LANGUAGES, Text, language
from checker.trouble import NOT_SO, Trouble

PORT = 8888
PORTS_TRIED = 20
LAST_PORT = 65535
TRUST_SECONDS = 60.0
SETTINGS = Path(__file__).parent / "jupyterlab"  # no question about news at the first start
PAGE = "welcome.ipynb"
STARTUP = Path(__file__).parents[1] / "notebook" / "startup.py"


def lab(
    port: Annotated[
        int, typer.Option(min=1, max=LAST_PORT, help="JupyterLab's port. 端口。")
    ] = PORT,
    browser: Annotated[bool, typer.Option(help="Open a browser. 打开浏览器。")] = True,
) -> None:
    """Make sure that the cluster is up and open the course in JupyterLab. 打开课程。

    Example: podlab lab
    """
    lang = language()
    screen = Screen(lang)
    root = course_root()
    environ = course_environ()
    with live_pages(root / "notebooks", environ):
        bringing.up(screen)
    start = f"notebooks/{lang}/{PAGE}"
    chosen = free_port(port)
    screen.note(
        Text(
            "JupyterLab 就要打开。下面会显示地址；按两次 Ctrl-C 结束。集群会继续运行，"
            "停掉它用 podlab down。",
            "JupyterLab opens now; its address is below. Press Ctrl-C twice to end it. The "
            "cluster goes on running; podlab down removes it.",
        )
    )
    argv = [sys.executable, "-m", "jupyter", "lab", f"--port={chosen}", "--port-retries=0"]
    argv += [f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{start}"]
    argv += [f"--LabApp.app_settings_dir={SETTINGS}", "--log-level=WARN"]
    if os.geteuid() == 0:
        argv.append("--allow-root")
    if not browser or not has_browser():
        argv.append("--no-browser")
    os.chdir(root)
    os.execvpe(argv[0], argv, environ)  # noqa: S606 - Ctrl-C is then its own


def shell(
    lab: Annotated[
        str | None, typer.Argument(help="Its namespace and files: storage. 进入哪个实验。")
    ] = None,
    command: Annotated[
        str | None, typer.Option("--command", "-c", help="Run this and end. 运行一条命令。")
    ] = None,
) -> None:
    """Open a shell with kubectl on the course's cluster and nowhere else. 打开终端。

    With a lab, kubectl is in its namespace and the shell in its folder.

    Example: podlab shell storage -c "kubectl get pods"
    """
    name = find_lab(lab) if lab else None
    ready = bringing.up(Screen(language()))
    kubeconfig, folder = ready.kubeconfig, Path.cwd()
    if name:
        workspace = Workspace(name, "lab", learner_name())
        ensure(connect(), workspace)
        kubeconfig, folder = workspace.kubeconfig(ready.name), workspace.folder
        folder.mkdir(parents=True, exist_ok=True)
    environ = {**course_environ(), "KUBECONFIG": str(kubeconfig)}
    program = os.environ.get("SHELL") or shutil.which("bash") or "sh"
    words = [program, "-c", command] if command else [program]
    os.chdir(folder)
    os.execvpe(program, words, environ)  # noqa: S606 - Ctrl-C is then its own


def course_environ() -> dict[str, str]:
    """The environment of what the course starts: this course wherever it goes, its tools first.

    `podlab` itself comes last: a terminal in JupyterLab knows it, and no other program changes.
    """
    environ = {**os.environ, "PODLAB_COURSE": str(course_root())}
    path = [str(tools_path()), environ.get("PATH", ""), str(Path(sys.executable).parent)]
    environ["PATH"] = os.pathsep.join(path)
    return environ


@contextmanager
def live_pages(notebooks: Path, environ: dict[str, str]) -> Iterator[None]:
    """Let JupyterLab show the welcome pages with their buttons, before a cell has run.

    Their kernels make the page as they start, and JupyterLab shows what is stored of it in a
    notebook that is trusted. Trusting takes a second, so it is done beside what the context does.
    Who has a start-up file of their own keeps it, and runs the page's cell; after a restart of a
    lesson's kernel, the lesson's first cell.
    """
    if environ.setdefault("PYTHONSTARTUP", str(STARTUP)) != str(STARTUP):
        yield
        return
    pages = [str(notebooks / lang / PAGE) for lang in LANGUAGES]
    argv = [sys.executable, "-m", "jupyter", "trust", *pages]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as trusting:
        try:
            yield
        finally:
            # It writes into the home folder, which may hang; without it a click more is needed.
            with suppress(subprocess.TimeoutExpired):
                trusting.wait(TRUST_SECONDS)
            trusting.kill()


def has_browser() -> bool:
    """Whether a browser could be opened: a screen, and not root's."""
    if sys.platform == "linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def free_port(wanted: int) -> int:
    """`wanted`, or the next port that is free. Trouble where PORTS_TRIED of them are taken."""
    last = min(wanted + PORTS_TRIED - 1, LAST_PORT)
    for port in range(wanted, last + 1):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Trouble(
        Text(f"端口 {wanted} 到 {last} 都被占用。", f"Ports {wanted} to {last} are all taken."),
        Text("指定另一个：podlab lab --port 9999", "Name another: podlab lab --port 9999"),
        code=NOT_SO,
    )
