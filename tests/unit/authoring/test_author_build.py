"""Notebooks come out of a source the same each time, without solutions, and keep true outputs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output, output_from_msg
from toy_lesson import EXERCISE, FACT, GOOD, PAIR

from checker.authoring.build import notebook
from checker.authoring.course import Course
from checker.authoring.errors import AuthoringError
from checker.authoring.files import read_notebook
from checker.authoring.leaks import leaks, solution_lines
from checker.authoring.outputs import clean_outputs, sanitize_patterns
from checker.authoring.source import Source

ROOT = Path(__file__).resolve().parents[3]
SANITIZE = ROOT / "notebooks" / "sanitize.cfg"
RUN = re.compile(r"\b(?:ci|solved)-(?:zh|en)-\d\d\b")


def stream(text: str) -> NotebookNode:
    content = {"name": "stdout", "text": text}
    return output_from_msg({"header": {"msg_type": "stream"}, "content": content})


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = tmp_path / "notebooks"
    (folder / "source").mkdir(parents=True)
    (folder / "source" / "01-toy.py").write_text(GOOD, encoding="utf-8")
    for name in ("conftest.py", "sanitize.cfg"):
        (folder / name).write_text("", encoding="utf-8")
    return Course(folder)


def toy(course: Course) -> Source:
    (source,) = course.sources()
    return source


def store(course: Course) -> None:
    """Write the English and Chinese notebook as if every cell had run and printed its turn."""
    for lang in ("zh", "en"):
        built = course.rebuild(toy(course), lang)
        for turn, cell in enumerate((c for c in built.cells if c.cell_type == "code"), 1):
            cell.execution_count = turn
            cell.outputs = [stream(f"{turn}\n")]
        course.write(toy(course), lang, built)


def edit(course: Course, old: str, new: str) -> None:
    path = toy(course).path
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_same_source_gives_the_same_bytes(course: Course) -> None:
    paths = [course.write(toy(course), "en", notebook(toy(course), "en")) for _ in range(2)]
    before = paths[0].read_bytes()
    course.write(toy(course), "en", notebook(toy(course), "en"))
    assert paths[1].read_bytes() == before


def test_cell_ids_are_unique_though_cells_repeat(course: Course) -> None:
    ids = [cell.id for cell in notebook(toy(course), "en").cells]
    assert len(ids) == len(set(ids)) == 10


def test_a_new_cell_changes_no_id_of_another(course: Course) -> None:
    before = {cell.id for cell in notebook(toy(course), "en").cells}
    edit(course, PAIR, PAIR + "\n# %%\nprint('new')\n")
    assert before < {cell.id for cell in notebook(toy(course), "en").cells}


def test_each_language_gets_its_text_and_all_of_the_code(course: Course) -> None:
    zh, en = notebook(toy(course), "zh"), notebook(toy(course), "en")
    assert "第一个 Pod" in zh.cells[0].source
    assert "The first Pod" in en.cells[0].source
    assert [c.source for c in zh.cells[1:]] == [c.source for c in en.cells[1:]]


def test_a_learner_gets_the_exercise_and_never_the_solution(course: Course) -> None:
    sources = [cell.source for cell in notebook(toy(course), "en").cells]
    assert "%%manifest web.yaml\nkind: Pod" in sources
    assert not any("solved" in source for source in sources)


def test_the_solved_notebook_has_the_solution_in_place_of_the_exercise(course: Course) -> None:
    cells = notebook(toy(course), "en", solved=True).cells
    assert "%%manifest web.yaml\nkind: Pod" not in [cell.source for cell in cells]
    assert "solved" in cells[-1].source
    assert "nbval-ignore-output" in cells[-1].metadata.tags


def test_a_rebuild_keeps_outputs_of_unchanged_cells_only(course: Course) -> None:
    store(course)
    edit(course, FACT, FACT.replace("-o name", "-o yaml"))
    built = course.rebuild(toy(course), "en")
    outputs = [cell.outputs for cell in built.cells if cell.cell_type == "code"]
    assert outputs[0] == []
    assert all(outputs[1:])


def test_a_fresh_build_differs_in_nothing(course: Course) -> None:
    store(course)
    assert list(course.differences()) == []


def test_another_output_is_no_difference(course: Course) -> None:
    store(course)
    path = course.built("en", "01-toy")
    stored = read_notebook(path)
    stored.cells[1].outputs = [stream("other\n")]
    course.write(toy(course), "en", stored)
    assert list(course.differences()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("第一点", "第一个点"),
        ("-o name", "-o yaml"),
        (EXERCISE, EXERCISE + "\n# %%\nprint(1)\n"),
        ('["exercise", "nbval-ignore-output"]', '["exercise"]'),
    ],
)
def test_a_source_changed_after_the_build_is_told_with_the_cure(
    course: Course, old: str, new: str
) -> None:
    store(course)
    edit(course, old, new)
    found = list(course.differences())
    assert found
    assert all("podlab author build" in line and "01-toy" in line for line in found)


def test_a_notebook_edited_by_hand_is_told(course: Course) -> None:
    store(course)
    path = course.built("zh", "01-toy")
    path.write_text(path.read_text(encoding="utf-8").replace("第一点", "一点"), encoding="utf-8")
    (line,) = course.differences()
    assert str(path) in line


def test_metadata_written_by_an_editor_is_told(course: Course) -> None:
    store(course)
    stored = read_notebook(course.built("en", "01-toy"))
    stored.metadata["widgets"] = {}
    course.write(toy(course), "en", stored)
    (line,) = course.differences()
    assert "metadata" in line


def test_a_missing_notebook_and_one_without_source_are_told(course: Course) -> None:
    store(course)
    course.built("en", "01-toy").rename(course.built("en", "02-gone"))
    found = list(course.differences())
    assert any("01-toy.ipynb is missing" in line for line in found)
    assert any("02-gone.ipynb has no source" in line for line in found)
    assert course.remove_orphans() == [course.built("en", "02-gone")]


def test_cells_stored_unrun_are_told_because_nbval_would_not_compare_them(course: Course) -> None:
    for lang in ("zh", "en"):
        course.write(toy(course), lang, notebook(toy(course), lang))
    found = list(course.differences())
    assert len(found) == 2
    assert all("no stored run" in line and "--run 01-toy" in line for line in found)


def test_too_few_facts_are_told(course: Course) -> None:
    store(course)
    stored = read_notebook(course.built("en", "01-toy"))
    stored.cells[1].outputs = []
    course.write(toy(course), "en", stored)
    (line,) = course.differences()
    assert "7 cells print something" in line


def picture(**forms: object) -> NotebookNode:
    return new_output("display_data", {"application/vnd.vegalite.v5+json": {}, **forms})


def test_a_picture_that_a_code_host_would_not_show_is_told(course: Course) -> None:
    store(course)
    stored = read_notebook(course.built("en", "01-toy"))
    stored.cells[1].outputs = [picture(**{"image/png": "x"})]
    course.write(toy(course), "en", stored)
    assert list(course.differences()) == []
    stored.cells[1].outputs = [picture(**{"image/svg+xml": "<svg/>"})]
    course.write(toy(course), "en", stored)
    (line,) = course.differences()
    assert "1 pictures have no PNG" in line
    assert "--draw 01-toy" in line


def test_a_notebook_too_big_for_a_code_host_is_told(course: Course) -> None:
    store(course)
    stored = read_notebook(course.built("en", "01-toy"))
    stored.cells[1].outputs = [stream("x" * 800_000)]
    course.write(toy(course), "en", stored)
    (line,) = course.differences()
    assert "more than 800000" in line


def test_words_deep_in_a_picture_are_cleaned_too(course: Course, tmp_path: Path) -> None:
    built = notebook(toy(course), "en")
    name = "demo-01-storage-ci-en-01"
    built.cells[1].outputs = [
        picture(**{"application/x+json": {"deeds": [{"label": name, "at": 1}]}})
    ]
    clean_outputs(built, sanitize_patterns(SANITIZE), tmp_path)
    deeds = built.cells[1].outputs[0].data["application/x+json"]["deeds"]
    assert deeds == [{"label": "demo-01-storage", "at": 1}]


def test_a_page_beside_the_lessons_needs_one_fact_and_not_eight(course: Course) -> None:
    toy(course).path.rename(course.folder / "source" / "page.py")
    store(course)
    assert list(course.differences()) == []
    stored = read_notebook(course.built("en", "page"))
    for cell in stored.cells[1:]:
        cell.outputs = []
    course.write(toy(course), "en", stored)
    (line,) = course.differences()
    assert "0 cells print something that nbval compares, at least 1 must" in line


def test_the_solved_build_lies_beside_all_that_pytest_needs(course: Course, tmp_path: Path) -> None:
    store(course)
    path = course.write_solved(toy(course), "en", tmp_path / "solved")
    assert path == tmp_path / "solved" / "en" / "01-toy.ipynb"
    assert (tmp_path / "solved" / "conftest.py").exists()
    assert read_notebook(path).cells[1].outputs == [stream("1\n")]


def test_a_lesson_without_source_is_refused_by_name(course: Course) -> None:
    with pytest.raises(AuthoringError, match="02-none"):
        course.sources(["02-none"])


def test_stored_outputs_read_as_a_learners_own(course: Course, tmp_path: Path) -> None:
    built = notebook(toy(course), "en")
    fact, ignored = built.cells[1], built.cells[-1]
    for cell in (fact, ignored):
        cell.outputs = [stream(f"demo-01-storage-ci-en-01 {tmp_path}/x <at 0x7f00aa>\n")]
    clean_outputs(built, sanitize_patterns(SANITIZE), tmp_path)
    assert fact.outputs[0].text == f"demo-01-storage {tmp_path}/x <at 0x7f00aa>\n"
    assert ignored.outputs[0].text == "demo-01-storage ./x <at 0x…>\n"


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("-n team-05-resources-ci-zh-05 get quota", "-n team-05-resources get quota"),
        ("pod=crash_demo-00-start-ci-en-00(42cb)", "pod=crash_demo-00-start(42cb)"),
        ("lab-00-start-solved-en-00.svc", "lab-00-start.svc"),
    ],
)
def test_names_of_a_runs_namespaces_are_cleaned_wherever_they_stand(
    course: Course, tmp_path: Path, printed: str, stored: str
) -> None:
    built = notebook(toy(course), "en")
    built.cells[1].outputs = [stream(printed)]
    clean_outputs(built, sanitize_patterns(SANITIZE), tmp_path)
    assert built.cells[1].outputs[0].text == stored


def test_no_stored_notebook_names_the_learner_of_a_run() -> None:
    built = sorted((ROOT / "notebooks").glob("[ez][nh]/*.ipynb"))
    assert built
    named = {path: set(RUN.findall(path.read_text(encoding="utf-8"))) for path in built}
    assert {str(path): names for path, names in named.items() if names} == {}


@pytest.mark.parametrize("text", ["regex: a\nreplace:\n", "regex: a\n\nreplace: b\n", "regex: a\n"])
def test_a_pattern_that_nbval_would_drop_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sanitize.cfg"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match="pairs are whole"):
        sanitize_patterns(path)


# Solutions


def secret_of(course: Course) -> frozenset[str]:
    lab = course.root / "labs" / "01-toy"
    for name, text in {
        "starter/web.yaml": "kind: Deployment\nreplicas: TODO\n",
        "solution/web.yaml": "kind: Deployment\nreplicas: 3 # three\nspec:\n",
        "solution/case.yaml": "verdict: passed\n",
    }.items():
        (lab / name).parent.mkdir(parents=True, exist_ok=True)
        (lab / name).write_text(text, encoding="utf-8")
    return solution_lines(toy(course), course.root)


def test_only_lines_of_a_solution_alone_are_secret(course: Course) -> None:
    assert secret_of(course) == {"metadata: {name: solved}", "replicas: 3 # three"}


def test_the_built_notebook_leaks_nothing(course: Course) -> None:
    assert list(leaks(notebook(toy(course), "en"), secret_of(course))) == []


def test_the_solved_notebook_would_be_caught(course: Course) -> None:
    solved = notebook(toy(course), "en", solved=True)
    assert list(leaks(solved, secret_of(course))) == ["metadata: {name: solved}"]


def test_a_solution_in_text_or_output_is_caught(course: Course) -> None:
    built = notebook(toy(course), "en")
    built.cells[0].source += "\n    replicas: 3 # three\n"
    built.cells[1].outputs = [stream("- metadata: {name: solved}\n")]
    assert set(leaks(built, secret_of(course))) == secret_of(course)


def test_what_a_spoiler_prints_is_not_stored(course: Course) -> None:
    edit(course, FACT, FACT.replace("# %%", '# %% tags=["nbval-ignore-output", "spoiler"]', 1))
    store(course)
    cells = [c for c in read_notebook(course.built("en", "01-toy")).cells if c.cell_type == "code"]
    printed = {"spoiler" in cell.metadata.get("tags", ()): bool(cell.outputs) for cell in cells}
    assert printed == {True: False, False: True}
