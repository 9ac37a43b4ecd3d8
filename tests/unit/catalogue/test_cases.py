from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.catalogue import CatalogueError, Expected, cases, read_lab, solution, starter
from checker.catalogue.cases import Case
from checker.model import Verdict

Edit = Callable[[str, str, str], None]
MISS = "near_misses/wrong-label/case.yaml"
VARIANT = "variants/other-way/case.yaml"


def named(folder: Path, name: str) -> Case:
    return next(case for case in cases(read_lab(folder)) if case.folder.name == name)


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_every_case_is_found_by_its_folder(lab_folder: Path) -> None:
    assert [(case.id, case.kind) for case in cases(read_lab(lab_folder))] == [
        ("01-toy/starter", "starter"),
        ("01-toy/solution", "solution"),
        ("01-toy/variants/other-way", "variant"),
        ("01-toy/near_misses/wrong-label", "near-miss"),
    ]


def test_untouched_starter_fails_every_task_and_nothing_is_unknown(lab_folder: Path) -> None:
    assert set(starter(read_lab(lab_folder)).expected.values()) == {Expected(Verdict.failed)}


def test_solution_passes_every_task(lab_folder: Path) -> None:
    lab = read_lab(lab_folder)
    assert solution(lab).expected == {task.id: Expected(Verdict.passed) for task in lab.tasks}


def test_near_miss_fails_its_task_holds_back_what_needs_it_and_spares_the_rest(
    lab_folder: Path,
) -> None:
    case = named(lab_folder, "wrong-label")
    assert case.aim == "ping"
    assert case.expected == {
        "ping": Expected(Verdict.failed, "silent"),
        "keep": Expected(Verdict.failed, "needs"),
        "apart": Expected(Verdict.passed),
    }


def test_near_miss_that_cannot_be_looked_at_holds_back_with_needs_unknown(
    lab_folder: Path, edit: Edit
) -> None:
    edit(MISS, "verdict: failed, message: silent", "verdict: unknown, message: not-observed")
    assert named(lab_folder, "wrong-label").expected["keep"] == Expected(
        Verdict.unknown, "needs-unknown"
    )


def test_need_of_a_need_is_held_back_too(lab_folder: Path, edit: Edit) -> None:
    edit("lab.yaml", "points: 50", "points: 50\n    needs: [keep]")
    assert named(lab_folder, "wrong-label").expected["apart"] == Expected(Verdict.failed, "needs")


def test_overlay_replaces_by_name_removes_and_adds(lab_folder: Path) -> None:
    miss, variant = named(lab_folder, "wrong-label"), named(lab_folder, "other-way")
    assert miss.files == {
        "redis.yaml": lab_folder / "solution/redis.yaml",
        "service.yaml": lab_folder / "near_misses/wrong-label/service.yaml",
    }
    assert set(variant.files) == {"redis.yaml", "both.yaml"}


def test_steps_are_no_file_of_the_learner_and_are_replaced_or_removed_like_one(
    lab_folder: Path,
) -> None:
    write(lab_folder, "solution/steps.sh", "kubectl apply -f .\n")
    write(lab_folder, "near_misses/wrong-label/steps.sh", "true\n")
    write(lab_folder, VARIANT, "remove: [steps.sh]\n")
    assert solution(read_lab(lab_folder)).steps == lab_folder / "solution/steps.sh"
    miss = named(lab_folder, "wrong-label")
    assert miss.steps == lab_folder / "near_misses/wrong-label/steps.sh"
    assert named(lab_folder, "other-way").steps is None
    assert "steps.sh" not in miss.files


def test_files_in_folders_keep_their_place(lab_folder: Path) -> None:
    write(lab_folder, "starter/app/server.py", "print()\n")
    assert "app/server.py" in starter(read_lab(lab_folder)).files


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        (MISS, "{task: pong, verdict: failed, message: silent}", "do you mean `ping`"),
        (MISS, "{task: ping, verdict: failed, message: silnet}", "do you mean `silent`"),
        (MISS, "{task: keep, verdict: failed, message: silent}", "`keep` has no `silent`"),
        (MISS, "{task: ping, verdict: failed}", "names its `task`, `verdict` and `message`"),
        (MISS, "{task: ping, verdict: passed, message: silent}", "is it a variant"),
        (MISS, "{task: ping, verdikt: failed, message: silent}", "do you mean `verdict`"),
        (MISS, "{task: ping, verdict: wrong, message: silent}", "verdict"),
        (VARIANT, "{remove: [servise.yaml]}", "do you mean `service.yaml`"),
        (VARIANT, "{task: ping, verdict: failed}", "a variant can only be passed"),
        (VARIANT, "{task: pong}", "do you mean `ping`"),
        ("starter/case.yaml", "{remove: [redis.yaml]}", "is for variants and near misses"),
        ("starter/case.yaml", "{task: ping, verdict: passed}", "a starter can only be failed"),
        ("variants/stray.yaml", "kind: Pod", "only folders may stand here"),
    ],
)
def test_case_that_says_what_cannot_be_is_refused(
    lab_folder: Path, file: str, text: str, says: str
) -> None:
    write(lab_folder, file, text)
    with pytest.raises(CatalogueError, match=says) as caught:
        cases(read_lab(lab_folder))
    assert caught.value.file == lab_folder / file


def test_near_miss_without_case_yaml_is_refused(lab_folder: Path) -> None:
    (lab_folder / MISS).unlink()
    with pytest.raises(CatalogueError, match="names its `task`"):
        cases(read_lab(lab_folder))


@pytest.mark.parametrize("name", ["starter", "solution"])
def test_lab_without_starter_or_solution_is_refused(lab_folder: Path, name: str) -> None:
    (lab_folder / name).rename(lab_folder / "elsewhere")
    with pytest.raises(CatalogueError, match="missing"):
        cases(read_lab(lab_folder))


def test_case_with_nothing_to_apply_is_refused(lab_folder: Path) -> None:
    (lab_folder / "starter/redis.yaml").unlink()
    with pytest.raises(CatalogueError, match="nothing to apply"):
        cases(read_lab(lab_folder))
