"""A JupyterLab as `podlab lab` starts it, and Debian's Chromium to look at it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Page, sync_playwright

from checker.cli.course import free_port
from checker.cluster import Connection, connect, remove_learner
from checker.environment.engine import can_install, install, install_command
from checker.environment.machine import look
from checker.environment.wait import wait_until

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("chromium", "fonts-noto-cjk")
# Without these a browser asks its maker's servers for news at every start.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
START_SECONDS = 120
LEARNER = "browser"
LANG = "zh"
FAILURES = ROOT / ".podlab" / "browser"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program, installed from Debian's packages where it is missing."""
    if shutil.which("chromium") is None and can_install(look()):
        install(PACKAGES)
    found = shutil.which("chromium")
    assert found, install_command(PACKAGES)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Root's Chromium needs to be told that it may run without its sandbox."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", *QUIET]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab with its token; ended, with its kernels, at the end.

    Its settings, such as the theme, are those of a first start.
    """
    home = tmp_path_factory.mktemp("lab")
    log = home / "log"
    environ = {
        **os.environ,
        "PODLAB_LEARNER": LEARNER,
        "PODLAB_LANG": LANG,
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    words = ["lab", "--no-browser", "--port", str(free_port(9200))]
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "checker", *words],
            cwd=ROOT,
            env=environ,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = re.compile(r"http://127\.0\.0\.1:\d+/\S*token=\w+")
        assert wait_until(lambda: bool(address.search(log.read_text())), START_SECONDS), (
            log.read_text()
        )
        found = address.search(log.read_text())
        assert found
        yield found.group(0)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


@pytest.fixture(scope="session")
def desk(connection: Connection) -> Iterator[Path]:
    """The learner's folder, for notebooks that JupyterLab may save in.

    At the end it is gone, and so are the workspaces that the notebooks made.
    """
    remove_learner(connection, LEARNER)
    yield ROOT / "work" / LEARNER
    remove_learner(connection, LEARNER)


@pytest.fixture
def copied(desk: Path) -> Callable[[str], str]:
    """Copies a notebook such as `zh/00-start`, without its outputs; gives its path."""

    def copy(name: str) -> str:
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            # A number beside a cell then means that it ran here.
            if cell.cell_type == "code":
                cell |= {"outputs": [], "execution_count": None}
        return put(desk, name, notebook)

    return copy


@pytest.fixture
def written(desk: Path) -> Callable[..., str]:
    """Makes a notebook of code cells; its folder, `zh` or `en`, is its language. Gives its path."""

    def write(name: str, *cells: str) -> str:
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(
            cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}
        )
        return put(desk, name, notebook)

    return write


def put(desk: Path, name: str, notebook: NotebookNode) -> str:
    """Its path from the root of JupyterLab."""
    target = desk / f"{name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    return str(target.relative_to(ROOT))


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page; where the test fails, its picture and its trace stay in `.podlab/browser/`."""
    kept = {end: FAILURES / f"{request.node.name}.{end}" for end in ("png", "zip")}
    for file in kept.values():
        file.unlink(missing_ok=True)
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.tracing.start(screenshots=True, snapshots=True, sources=True)
    failures = request.session.testsfailed
    opened = context.new_page()
    yield opened
    failed = request.session.testsfailed > failures
    if failed:
        FAILURES.mkdir(parents=True, exist_ok=True)
        opened.screenshot(path=kept["png"])
    context.tracing.stop(path=kept["zip"] if failed else None)
    context.close()


@pytest.fixture(scope="session")
def connection() -> Connection:
    """The course's own way to the cluster."""
    return connect()
