"""The conftest of notebooks/ turns red where nbval alone stays green. Real kernels, no cluster.

One run of pytest over many tiny notebooks, so that the whole costs seconds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from tests.notebooks.cells import cell, stored

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CELL_SECONDS = 4
# Far below the limit of a cell (900 s): a run that waits for a dead kernel does not come back.
PATIENCE = 280
pytestmark = pytest.mark.timeout(PATIENCE + 20)
GOOD = ("print(1)", "1\n")


def unrun(code: str) -> Any:
    return new_code_cell(code)


def excused(code: str, ename: str, evalue: str) -> Any:
    """A cell stored with its error: for nbval alone, just what was to be expected."""
    made = cell(code, tags=("raises-exception",))
    made.outputs = [new_output("error", ename=ename, evalue=evalue, traceback=[])]
    return made


HANG = "import time\ntry:\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    pass"
# What a %%shell cell runs; the magic itself wants a lesson to have begun on a cluster.
SHELL = """import os
from checker.notebook.options import read_options
from checker.notebook.shell import run_shell
run_shell({!r}, read_options("shell", "", []), os.environ)"""
FAULTY = {
    "01-altered": stored(cell("print(1)", "2\n"), cell(*GOOD)),
    "03-failing": stored(cell(*GOOD), cell(SHELL.format("true\nfalse\ntrue")), cell(*GOOD)),
    "04-dead": stored(cell(*GOOD), cell("import os\nos._exit(1)"), cell(*GOOD)),
    "05-unrun": stored(cell(*GOOD), unrun("print(1)")),
    "06-silent": stored(cell("x = 1"), cell("y = 2")),
    "07-ignored": stored(cell("print(2)", "1\n", tags=("nbval-ignore-output",))),
    "08-excused": stored(cell(*GOOD), excused("1 / 0", "ZeroDivisionError", "division by zero")),
}


@dataclass(frozen=True)
class Run:
    """What one run of pytest said."""

    code: int
    words: str

    def outcomes(self, notebook: str) -> list[str]:
        pattern = rf"{notebook}(?:\.|::)ipynb::Cell \d+ (PASSED|FAILED|SKIPPED|ERROR)"
        return re.findall(pattern, self.words)


def gate(folder: Path, notebooks: dict[str, Any], *options: str, **environ: str) -> Run:
    """Run the gate over `notebooks`, stored as folder/en/NAME.ipynb."""
    (folder / "en").mkdir(parents=True, exist_ok=True)
    for name in ("conftest.py", "sanitize.cfg"):
        shutil.copy(NOTEBOOKS / name, folder / name)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / "en" / f"{name}.ipynb")
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PODLAB_", "PYTEST_"))}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-v",
            "-rs",
            "--color=no",
            "-p",
            "no:cacheprovider",
        ]
        + ["-W", "error", *options, "en"],
        cwd=folder,
        env={**own, **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return Run(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("faulty")
    return gate(folder, FAULTY)


def test_good_notebooks_are_green_and_counted(tmp_path: Path) -> None:
    notebook = stored(cell(*GOOD), cell("x = 1"), cell("1 / 0", tags=("nbval-skip",)))
    run = gate(tmp_path, {"01-good": notebook, "02-good": notebook})
    assert run.code == 0, run.words
    assert "notebooks: 2, cells: 6 discovered, 6 executed, 2 compared" in run.words


def test_an_altered_output_is_red_and_ends_its_notebook(faulty: Run) -> None:
    assert faulty.code == 1, faulty.words
    assert faulty.outcomes("01-altered") == ["FAILED", "SKIPPED"]


def test_a_cell_over_its_time_is_red_though_it_swallowed_the_interrupt(tmp_path: Path) -> None:
    notebook = stored(cell(*GOOD), cell(HANG), cell(*GOOD))
    run = gate(tmp_path, {"02-hanging": notebook}, "--nbval-cell-timeout", str(CELL_SECONDS))
    assert run.outcomes("02-hanging") == ["PASSED", "FAILED", "SKIPPED"]
    assert f"the cell took more than {CELL_SECONDS} s" in run.words


def test_a_failing_shell_cell_is_red(faulty: Run) -> None:
    assert faulty.outcomes("03-failing") == ["PASSED", "FAILED", "SKIPPED"]
    assert "The command failed with exit code 1 (line 2: false)" in faulty.words


def test_a_dead_kernel_is_red_and_not_waited_for(faulty: Run) -> None:
    assert faulty.outcomes("04-dead") == ["PASSED", "FAILED", "SKIPPED"]
    assert "the kernel died in this cell" in faulty.words


def test_a_cell_stored_unrun_is_red(faulty: Run) -> None:
    assert faulty.outcomes("05-unrun") == ["PASSED", "FAILED"]


@pytest.mark.parametrize("name", ["06-silent", "07-ignored"])
def test_a_notebook_in_which_nothing_is_compared_is_red(faulty: Run, name: str) -> None:
    assert "FAILED" not in faulty.outcomes(name)
    assert f"RED, en/{name}.ipynb: no cell was compared" in faulty.words


def test_nothing_compared_alone_makes_the_run_red(tmp_path: Path) -> None:
    run = gate(tmp_path, {"06-silent": FAULTY["06-silent"]})
    assert "2 passed" in run.words
    assert run.code == 1


def test_an_excused_error_is_red(faulty: Run) -> None:
    assert faulty.outcomes("08-excused") == ["PASSED", "FAILED"]


def test_the_reason_of_a_skip_names_the_cell_that_failed(faulty: Run) -> None:
    assert "Cell 0 failed, and a cell is worth nothing without those before it" in faulty.words


def test_cells_left_out_by_name_make_the_run_red(tmp_path: Path) -> None:
    notebook = stored(cell(*GOOD), cell(*GOOD))
    run = gate(tmp_path, {"01-good": notebook}, "--deselect", "en/01-good.ipynb::Cell 1")
    assert run.code == 1
    assert "1 cells were not executed" in run.words


@pytest.mark.parametrize(
    ("environ", "learner"),
    [({}, "ci-en-01 unsolved"), ({"PODLAB_EXPECT": "solved"}, "solved-en-01 solved")],
)
def test_a_notebook_runs_as_a_learner_of_its_own(
    tmp_path: Path, environ: dict[str, str], learner: str
) -> None:
    code = "import os\nprint(os.environ['PODLAB_LEARNER'], os.environ['PODLAB_EXPECT'])"
    run = gate(tmp_path, {"01-good": stored(cell(code, learner + "\n"))}, **environ)
    assert run.code == 0, run.words


def test_names_that_a_run_gives_to_workspaces_count_as_a_learners_own(tmp_path: Path) -> None:
    code = "print('demo-01-storage-ci-en-01', 'work/ci-en-01/01-storage')"
    notebook = stored(cell(code, "demo-01-storage work/01-storage\n"))
    run = gate(tmp_path, {"01-storage": notebook})
    assert run.code == 0, run.words


def test_notebooks_run_side_by_side_whole(tmp_path: Path) -> None:
    notebook = stored(cell("x = 1"), cell("print(x)", "1\n"))
    run = gate(tmp_path, {"01-a": notebook, "02-b": notebook}, "-n", "2", "--dist", "loadfile")
    assert run.code == 0, run.words
    assert "notebooks: 2, cells: 4 discovered, 4 executed, 2 compared" in run.words


def test_cells_of_a_notebook_are_never_dealt_out_to_workers(tmp_path: Path) -> None:
    run = gate(tmp_path, {"01-a": stored(cell(*GOOD))}, "-n", "2")
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert "--dist loadfile" in run.words


def test_a_sanitize_file_that_nbval_would_half_read_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.cfg"
    broken.write_text("regex: a\nreplace:\n", encoding="utf-8")
    options = ("--nbval-sanitize-with", str(broken))
    run = gate(tmp_path / "run", {"01-a": stored(cell(*GOOD))}, *options)
    assert run.code != 0
    assert "pairs are whole" in run.words
