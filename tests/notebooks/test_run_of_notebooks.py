"""`author build --run` stores what a real kernel prints, and stops at the first error."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode

from checker.authoring.build import notebook
from checker.authoring.run import RunError, learner_of, run
from checker.authoring.source import Cell, Source


def ran(folder: Path, *codes: str, tags: tuple[str, ...] = (), seconds: int = 60) -> NotebookNode:
    folder = folder / "en"
    folder.mkdir()
    cells = tuple(Cell("code", code, line, tags=tags) for line, code in enumerate(codes, 1))
    source = Source("01-toy", folder / "01-toy.py", cells)
    built = notebook(source, "en")
    run(built, source, "en", folder, seconds)
    return built


def test_outputs_and_their_order_are_stored_and_nothing_about_the_machine(tmp_path: Path) -> None:
    built = ran(tmp_path, "print(1)\nprint(2)", "3")
    assert [cell.execution_count for cell in built.cells] == [1, 2]
    assert [output.text for output in built.cells[0].outputs] == ["1\n2\n"]
    assert built.cells[1].outputs[0].data["text/plain"] == "3"
    assert built.metadata == notebook(Source("01-toy", tmp_path, ()), "en").metadata
    assert all(cell.metadata == {} for cell in built.cells)


def test_a_notebook_runs_in_its_folder_as_the_learner_that_nbval_will_be(tmp_path: Path) -> None:
    code = "import os\nprint(os.environ['PODLAB_LEARNER'], os.environ['PODLAB_EXPECT'])"
    built = ran(tmp_path, code, "print(os.path.basename(os.getcwd()))")
    assert built.cells[0].outputs[0].text == f"{learner_of(Path('en/01-toy.ipynb'), {})} unsolved\n"
    assert built.cells[1].outputs[0].text == "en\n"


@pytest.mark.parametrize("tags", [(), ("raises-exception",)])
def test_an_error_stops_the_run_whatever_the_tags(tmp_path: Path, tags: tuple[str, ...]) -> None:
    with pytest.raises(RunError, match="ZeroDivisionError"):
        ran(tmp_path, "1 / 0", tags=tags)


def test_a_cell_over_its_time_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="did not run to its end"):
        ran(tmp_path, "import time\ntime.sleep(600)", seconds=2)


def test_a_dead_kernel_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="did not run to its end"):
        ran(tmp_path, "import os\nos._exit(1)")


def test_a_cell_to_skip_is_not_run(tmp_path: Path) -> None:
    built = ran(tmp_path, "1 / 0", tags=("nbval-skip", "skip-execution"))
    assert built.cells[0].execution_count is None
