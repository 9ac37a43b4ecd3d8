"""A JupyterLab as `podlab lab` starts it, and Debian's Chromium to look at it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from checker.cli.course import free_port
from checker.cluster import Connection, Workspace, connect, remove
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


@pytest.fixture
def copied(connection: Connection) -> Iterator[Callable[[str], str]]:
    """Copies a notebook such as `zh/00-start`, without its outputs, for JupyterLab to save in.

    Afterwards the copies and the workspaces that they made are gone.
    """
    folder = ROOT / "work" / LEARNER
    lessons: set[str] = set()

    def copy(name: str) -> str:
        target = folder / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text())
        for cell in notebook["cells"]:
            # A number beside a cell then means that it ran here.
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
        target.write_text(json.dumps(notebook))
        lessons.add(target.stem)
        return str(target.relative_to(ROOT))

    yield copy
    for lesson in lessons:
        for part in ("demo", "lab"):
            remove(connection, Workspace(lesson, part, LEARNER))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page; where the test fails, its picture stays in `.podlab/browser/`."""
    opened = browser.new_page(viewport={"width": 1400, "height": 1000})
    failures = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failures:
        folder = ROOT / ".podlab" / "browser"
        folder.mkdir(parents=True, exist_ok=True)
        opened.screenshot(path=str(folder / f"{request.node.name}.png"))
    opened.close()


@pytest.fixture(scope="session")
def connection() -> Connection:
    """The course's own way to the cluster."""
    return connect()
