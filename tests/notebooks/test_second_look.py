"""A gate is green when every test passed, and a second look hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests import gates
from tests.notebooks.cells import cell, stored

TOY = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("name", {names})
def test_case(name):
    runs = Path(name)
    before = runs.read_text() if runs.exists() else ""
    runs.write_text(before + "x")
    assert len(before) not in {wrong}.get(name, ()), "it was otherwise"
{more}
"""
BROKEN_FIXTURE = """
@pytest.fixture(autouse=True, scope="session")
def clean():
    yield
    assert not "clean"
"""


Run = Callable[[gates.Gate], str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a gate in a folder of its own, and tells what its tests came to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(gates, "LOGS", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def run(gate: gates.Gate) -> str:
        total = gates.Counts()
        assert gates.run_gate(gate, total) == (total.failed == 0)
        return str(total)

    return run


def toy_gate(toy: str, **more: Any) -> gates.Gate:
    """A gate over one file of tests, below the folder one is in."""
    Path("toys").mkdir()
    Path("toys", "test_toy.py").write_text(toy)
    return gates.Gate("toy", [gates.pytest("-p", "no:nbval", "--", "toys")], **more)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "4 passed, 0 failed, 0 skipped"),
        ({"a": [0]}, "4 passed (1 at a second look), 0 failed, 0 skipped"),
        ({"a": [0], "b": [0], "c": [0]}, "4 passed (3 at a second look), 0 failed, 0 skipped"),
        ({"a": [0, 1]}, "3 passed, 1 failed, 0 skipped"),
        ({"a": [0, 2]}, "3 passed, 1 failed, 0 skipped"),
        ({"a": [0], "b": [0, 2]}, "2 passed, 2 failed, 0 skipped"),
        ({each: [0] for each in "abcd"}, "0 passed, 4 failed, 0 skipped"),
    ],
)
def test_crowded_gate_forgives_few_tests_that_pass_twice_alone(
    run: Run, capsys: pytest.CaptureFixture[str], wrong: dict[str, list[int]], said: str
) -> None:
    toy = TOY.format(names=list("abcd"), wrong=wrong, more="")
    assert run(toy_gate(toy, crowded=True, tests=4)) == said
    printed = capsys.readouterr().out
    if "second look" in said:
        for name in wrong:
            assert f"again toys/test_toy.py::test_case[{name}]: AssertionError: it was" in printed


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([0], "5 passed (1 at a second look), 0 failed, 0 skipped"),
        ([0, 1], "4 passed, 1 failed, 0 skipped"),
    ],
)
def test_notebook_is_looked_at_again_from_its_first_cell(
    run: Run, capsys: pytest.CaptureFixture[str], wrong: list[int], said: str
) -> None:
    runs, books = Path("runs").absolute(), Path(".books")
    runs.touch()
    books.mkdir()
    begin = f"from pathlib import Path; runs = Path({str(runs)!r}); before = runs.read_text()"
    begin += "; runs.write_text(before + 'x'); x = 2; print(x)"
    otherwise = f"print(3 if len(before) in {wrong} else x)"
    toy = stored(*(cell(code, "2\n") for code in (begin, otherwise, "print(x)")))
    nbformat.write(toy, books / "01-toy.ipynb")
    nbformat.write(
        stored(cell("print(2)", "2\n"), cell("print(2)", "2\n")), books / "02-good.ipynb"
    )
    words = gates.pytest("--nbval", "-n", "2", "--dist", "loadfile", "--", str(books))
    assert run(gates.Gate("toy", [words], crowded=True)) == said
    assert "again .books/01-toy.ipynb: mismatch 'stdout'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("toy", "more", "said"),
    [
        (TOY.format(names=["a"], wrong={"a": [0]}, more=""), {}, "0 passed, 1 failed, 0 skipped"),
        (
            TOY.format(names=["a", "b"], wrong={"a": [0]}, more=BROKEN_FIXTURE),
            {"crowded": True},
            "0 passed, 2 failed, 0 skipped",
        ),
        ("import nothing_of_that_name", {"crowded": True}, "0 passed, 1 failed, 0 skipped"),
        ("", {"crowded": True}, "0 passed, 1 failed, 0 skipped"),
        (
            TOY.format(names=["a", "b"], wrong={}, more=""),
            {"tests": 3},
            "2 passed, 1 failed, 0 skipped",
        ),
    ],
    ids=["not-crowded", "error-beside-the-tests", "does-not-load", "no-test", "fewer-than-found"],
)
def test_all_else_is_red(run: Run, toy: str, more: dict[str, Any], said: str) -> None:
    assert run(toy_gate(toy, **more)) == said


def test_other_command_that_fails_gets_no_second_look(run: Run) -> None:
    assert run(gates.Gate("toy", [["false"]], crowded=True)) == "0 passed, 1 failed, 0 skipped"
