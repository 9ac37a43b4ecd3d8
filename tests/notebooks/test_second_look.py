"""A gate is green when every test passed, and a second look hides nothing."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests import gates

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


def run_toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy: str, **more: object) -> str:
    """Run a gate over one file of tests; the line that the gate printed of itself at the end."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:nbval\n")
    (tmp_path / "toys").mkdir()
    (tmp_path / "toys" / "test_toy.py").write_text(toy)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(gates, "LOGS", tmp_path)
    gate = gates.Gate("toy", [gates.pytest("--", "toys")], **more)  # type: ignore[arg-type]
    total = gates.Counts()
    good = gates.run_gate(gate, total)
    assert good == (total.failed == 0)
    return str(total)


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
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wrong: dict[str, list[int]],
    said: str,
) -> None:
    toy = TOY.format(names=list("abcd"), wrong=wrong, more="")
    assert run_toy(tmp_path, monkeypatch, toy, crowded=True, tests=4) == said
    printed = capsys.readouterr().out
    if "second look" in said:
        for name in wrong:
            assert f"again toys/test_toy.py::test_case[{name}]: AssertionError: it was" in printed


STORED = {"output_type": "stream", "name": "stdout", "text": "2\n"}


def notebook(*sources: str) -> str:
    """A notebook whose cells, run in order, must each print 2."""
    book = nbformat.v4.new_notebook()
    for number, source in enumerate(sources, 1):
        output = nbformat.from_dict(STORED)
        cell = nbformat.v4.new_code_cell(source, execution_count=number, outputs=[output])
        book.cells.append(cell)
    return str(nbformat.writes(book))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([0], "5 passed (1 at a second look), 0 failed, 0 skipped"),
        ([0, 1], "4 passed, 1 failed, 0 skipped"),
    ],
)
def test_notebook_is_looked_at_again_from_its_first_cell(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wrong: list[int],
    said: str,
) -> None:
    runs = tmp_path / "runs"
    runs.touch()
    count = f"from pathlib import Path; runs = Path({str(runs)!r}); before = runs.read_text()"
    go_on = f"{count}; runs.write_text(before + 'x'); x = 2; print(x)"
    otherwise = f"print(3 if len(before) in {wrong} else x)"
    folder = tmp_path / ".books"
    folder.mkdir()
    (folder / "01-toy.ipynb").write_text(notebook(go_on, otherwise, "print(x)"))
    (folder / "02-good.ipynb").write_text(notebook("x = 2; print(x)", "print(x)"))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(gates, "LOGS", tmp_path)
    total = gates.Counts()
    toy = gates.pytest("--nbval", "-n", "2", "--dist", "loadfile", "--", ".books")
    gates.run_gate(gates.Gate("toy", [toy], crowded=True), total)
    assert str(total) == said
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
def test_all_else_is_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy: str, more: dict[str, object], said: str
) -> None:
    assert run_toy(tmp_path, monkeypatch, toy, **more) == said


def test_other_command_that_fails_gets_no_second_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "LOGS", tmp_path)
    total = gates.Counts()
    assert not gates.run_gate(gates.Gate("toy", [["false"]], crowded=True), total)
    assert str(total) == "0 passed, 1 failed, 0 skipped"
