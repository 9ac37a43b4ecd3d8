"""In kernels started as `podlab lab` starts them, the page or the names are there at once."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from checker.cli.course import STARTUP
from checker.notebook.welcome.page import MODEL

ROOT = Path(__file__).resolve().parents[3]
COMMS = "import comm; sorted(comm.get_comm_manager().comms)"
# Loading the extension, as the first cell does, is loading it again: the session stays the same.
NAMES = """session = lambda: check.__wrapped__.__self__._session
before = session()
%load_ext checker.notebook
[session() is before, "shell" in get_ipython().magics_manager.magics["cell"]]"""
LEFT = """
import runpy, sys
left = runpy.run_path(sys.argv[1])
print([name for name in left if not name.startswith("_")], "checker" in sys.modules)
"""


def answer(code: str, folder: Path, session: str) -> str:
    """What a cell shows, the first one in a kernel of `podlab lab` for this notebook."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(book, timeout=60, resources=resources, kernel_name="python3")
    started = {"PYTHONSTARTUP": str(STARTUP), "JPY_SESSION_NAME": session}
    client.execute(env={**os.environ, **started})
    (output,) = book.cells[0].outputs
    return str(output["data"]["text/plain"])


@pytest.mark.filterwarnings("ignore")  # of the kernel client's own
def test_the_kernel_of_the_welcome_page_has_the_page(
    notebook: Path, root: Path, course: Path
) -> None:
    shutil.copytree(course / "labs", root / "labs")
    assert f"'{MODEL}'" in answer(COMMS, notebook, "notebooks/en/welcome.ipynb")


@pytest.mark.filterwarnings("ignore")
def test_the_kernel_of_a_lesson_has_the_names_and_one_session(notebook: Path) -> None:
    assert answer(NAMES, notebook, "notebooks/en/01-toy.ipynb") == "[True, True]"


@pytest.mark.parametrize("session", ["work/notes.ipynb", None])
def test_other_kernels_and_pythons_are_as_they_were(session: str | None) -> None:
    environ = {k: v for k, v in os.environ.items() if k != "JPY_SESSION_NAME"}
    done = subprocess.run(
        [sys.executable, "-c", LEFT, str(STARTUP)],
        env=environ | ({"JPY_SESSION_NAME": session} if session else {}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[] False\n"


def test_the_page_leaves_no_name_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bool] = []
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/en/welcome.ipynb")
    monkeypatch.setattr("checker.notebook.welcome.open_page", lambda: opened.append(True))
    left = runpy.run_path(str(STARTUP))
    assert opened == [True]
    assert [name for name in left if not name.startswith("_")] == []
