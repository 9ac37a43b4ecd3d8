"""In a real kernel: the extension is quiet, gives its names, and its errors stop a run."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NAMES = [
    "welcome",
    "lesson",
    "check",
    "hint",
    "reset",
    "predict",
    "reveal",
    "recording",
    "mark",
    "timeline",
]
WAYS = ["values", "moments", "numbers", "memory", "cpu", "load"]

BEGIN = """
from pathlib import Path
from checker.notebook.session import Place
root = Path().resolve().parents[1]
session = lesson.__wrapped__.__self__._session
place = lambda part: Place(part, root, root / "kubeconfig")
session.begin("01-toy", place("demo"), place("lab"), None)
"""


@pytest.fixture
def run(notebook: Path):
    """Runs cells in a fresh kernel that works in the notebook's folder; returns their outputs."""

    def run(*sources: str, folder: Path = notebook):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        book = nbformat.v4.new_notebook(cells=cells)
        client = NotebookClient(
            book,
            timeout=60,
            allow_errors=True,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
        )
        client.execute()
        return [cell.outputs for cell in book.cells]

    return run


@pytest.mark.filterwarnings("ignore")  # of the kernel client's own
def test_the_kernel_gets_names_magics_and_no_output(run) -> None:
    names = ", ".join(NAMES + WAYS)
    loaded, heavy, _, given, shell, braces, failed, after = run(
        "%load_ext checker.notebook",
        "import sys; {'altair', 'jsonschema', 'nbformat'} & {*sys.modules}",
        BEGIN,
        f"all(map(callable, [{names}]))",
        "%%shell\necho one; echo two >&2",
        "name = 'python'\n%shell name=bash; echo $name {name} ${name}",
        "%shell grep -q needle /dev/null",
        "predict('q1', '?')",
    )
    assert loaded == []
    assert heavy[0]["data"]["text/plain"] == "set()"  # they wait for the first picture
    assert given[0]["data"]["text/plain"] == "True"
    assert [(out["name"], out["text"]) for out in shell] == [("stdout", "one\ntwo\n")]
    assert braces[0]["text"] == "bash {name} bash\n"
    assert failed[0]["output_type"] == "error"
    assert failed[0]["ename"] == "CommandError"
    assert "grep -q needle" in "\n".join(failed[0]["traceback"])
    assert ".py" not in "\n".join(failed[0]["traceback"])
    assert after[0]["text"].startswith("Write your choice")


@pytest.mark.filterwarnings("ignore")
def test_the_language_stays_when_a_cell_changes_the_folder(
    run, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.delenv("PODLAB_LANG", raising=False)
    words = ("%load_ext checker.notebook", BEGIN, "%cd -q /", "predict('q1', '?')")
    *_, said = run(*words, folder=chinese)
    assert said[0]["text"].startswith("在引号里写上")
