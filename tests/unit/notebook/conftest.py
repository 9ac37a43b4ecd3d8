"""What the notebook's tests share: a notebook in English, whatever this machine speaks."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The kernel's working directory: a folder named en, so that messages are in English."""
    folder = tmp_path / "notebooks" / "en"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def chinese(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Chinese notebook's folder as the working directory."""
    folder = notebook.parent / "zh"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
