"""What the notebook's tests share: a notebook in English, and a workspace without a cluster.

A script named kubectl stands in the course's tools folder. It notes what it was asked, and
answers with the files `answer` (its output) and `code` (its exit code) beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from checker.notebook.session import Place, Session

KUBECTL = """#!/bin/bash
here=$(dirname "$0")
echo "$KUBECONFIG $*" >> "$here/asked"
[ -e "$here/answer" ] && cat "$here/answer" >&2
exit $(cat "$here/code" 2>/dev/null || echo 0)
"""


@dataclass
class Kubectl:
    """The stand-in: what it will answer, and what it was asked."""

    folder: Path

    def answers(self, code: int, words: str) -> None:
        """From now on it prints `words` and ends with `code`."""
        (self.folder / "code").write_text(str(code))
        (self.folder / "answer").write_text(words)

    @property
    def asked(self) -> list[str]:
        """Kubeconfig and arguments of every call."""
        file = self.folder / "asked"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture(autouse=True)
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The kernel's working directory: a folder named en, so that messages are in English."""
    root = tmp_path / "root"
    folder = root / "notebooks" / "en"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PODLAB_COURSE", str(root))
    monkeypatch.delenv("PODLAB_EXPECT", raising=False)
    return folder


@pytest.fixture
def chinese(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Chinese notebook's folder as the working directory."""
    folder = notebook.parent / "zh"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def root(notebook: Path) -> Path:
    """The course's folder."""
    return notebook.parent.parent


@pytest.fixture
def kubectl(root: Path) -> Kubectl:
    """The stand-in for kubectl in the course's tools folder."""
    folder = root / ".podlab" / "bin"
    folder.mkdir(parents=True)
    (folder / "kubectl").write_text(KUBECTL)
    (folder / "kubectl").chmod(0o755)
    return Kubectl(folder)


def place(root: Path, part: str) -> Place:
    folder = root / "work" / "01-toy" / part
    folder.mkdir(parents=True)
    return Place(f"{part}-01-toy", folder, root / f"{part}.kubeconfig")


@pytest.fixture
def session(root: Path) -> Session:
    """A session in which the lesson 01-toy has begun."""
    places = {"demo": place(root, "demo"), "lab": place(root, "lab")}
    return Session(lesson="01-toy", places=places)
