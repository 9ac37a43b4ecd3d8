"""What lessons count on in the image git: the server, and the helper that follows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.environment.wait import wait_until

pytestmark = pytest.mark.engine

Start = Callable[..., Any]
SITE = "http://localhost:8080/site.git"


@pytest.fixture
def git(start: Start, tmp_path: Path) -> Any:
    """A Git server whose repository `site` starts with the page `first`."""
    (tmp_path / "seed" / "site").mkdir(parents=True)
    (tmp_path / "seed" / "site" / "index.html").write_text("first\n", encoding="utf-8")
    container = start("git", options=("-v", f"{tmp_path}/seed:/seed:ro"))
    container.wait_for("server started")
    return container


@pytest.fixture
def monitor(git: Any, start: Start) -> Any:
    """The helper, which looks at `site` every second."""
    options = ("--network", f"container:{git.id}", "-e", f"GIT_REPO={SITE}", "-e", "GIT_PERIOD=1")
    return start("git", "git-monitor", options=options)


def shows(monitor: Any, page: str) -> bool:
    """Whether a reader of the published folder comes to see `page`."""
    read = ("cat", "/git/current/index.html")
    return wait_until(lambda: monitor.exec(*read).stdout.strip() == page, 20)


def test_the_helper_publishes_the_first_commit_and_each_one_that_is_pushed(
    git: Any, monitor: Any
) -> None:
    assert shows(monitor, "first")
    commit = git.says("git-put", SITE, "index.html", stdin="second\n")
    assert re.fullmatch("[0-9a-f]{40}", commit)
    assert shows(monitor, "second")
    assert monitor.says("readlink", "/git/current") == commit


def test_the_helper_keeps_the_last_two_commits_and_no_more(git: Any, monitor: Any) -> None:
    assert shows(monitor, "first")
    commits = []
    for page in ("second", "third"):
        commits.append(git.says("git-put", SITE, "index.html", stdin=page))
        assert shows(monitor, page)
    assert wait_until(lambda: set(monitor.says("ls", "/git").split()) == {"current", *commits}, 20)


def test_the_helper_outlives_a_missing_repository_and_ends_when_it_is_asked_to(
    git: Any, start: Start
) -> None:
    options = ("--network", f"container:{git.id}", "-e", "GIT_PERIOD=1")
    nowhere = start("git", "git-monitor", options=(*options, "-e", "GIT_REPO=http://localhost:1/x"))
    nowhere.wait_for("(?s)cannot fetch.*cannot fetch", "stdout")
    assert nowhere.stop() == 0


def test_the_helper_goes_on_where_a_killed_one_left_a_lock(git: Any, monitor: Any) -> None:
    assert shows(monitor, "first")
    monitor.says("touch", "/git/.git-monitor/shallow.lock")
    monitor.engine.query("restart", "-t", "5", monitor.id)
    git.says("git-put", SITE, "index.html", stdin="second\n")
    assert shows(monitor, "second")


def test_a_push_larger_than_gits_buffer_arrives_whole(git: Any) -> None:
    git.says("sh", "-c", f"head -c 3000000 /dev/urandom | git-put {SITE} big.bin")
    clone = f"git clone -q {SITE} /tmp/copy && stat -c %s /tmp/copy/big.bin"
    assert git.says("sh", "-c", clone) == "3000000"
