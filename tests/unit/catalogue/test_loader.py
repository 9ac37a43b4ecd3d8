from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checker.catalogue import (
    CatalogueError,
    UnknownLab,
    UnknownTask,
    common_messages,
    find_lab,
    lab_names,
    load_lab,
    read_lab,
)
from checker.texts import Text
from checker.trouble import USAGE

Edit = Callable[[str, str, str], None]


def test_lab_is_read_with_tasks_numbered_from_one(lab_folder: Path) -> None:
    lab = read_lab(lab_folder)
    assert (lab.name, lab.title) == ("01-toy", Text("玩具实验", "A toy lab"))
    assert (lab.minutes, lab.points) == (20, 100)
    assert [(task.number, task.id, task.points) for task in lab.tasks] == [
        (1, "ping", 20),
        (2, "keep", 30),
        (3, "apart", 50),
    ]
    assert lab.task("keep").needs == ("ping",)


def test_task_knows_its_own_messages_and_the_common_ones(lab_folder: Path) -> None:
    task = read_lab(lab_folder).task(1)
    assert task.own_messages == {"silent"}
    assert task.messages["silent"].format(service="redis").en == "redis does not answer."
    assert set(common_messages()) < set(task.messages)


def test_tasks_own_wording_of_a_common_message_wins(lab_folder: Path, edit: Edit) -> None:
    edit(
        "lab.yaml",
        "gone: {zh: 数据不见了。, en: The data is gone.}",
        "passed: {zh: 还在, en: Kept}",
    )
    lab = read_lab(lab_folder)
    assert lab.task("keep").messages["passed"].en == "Kept"
    assert lab.task("ping").messages["passed"] == common_messages()["passed"]


def test_each_task_is_judged_by_its_own_check(lab_folder: Path) -> None:
    class Bench:
        def play(self, name: str) -> str:
            return name

    checks = read_lab(lab_folder).checks
    assert {task: check(Bench()) for task, check in checks.items()} == {
        "ping": "ping",
        "keep": "keep",
        "apart": "apart",
    }


@pytest.mark.parametrize("name", ["01", "toy", "01-toy"])
def test_lab_is_found_by_number_topic_and_full_name(course: Path, name: str) -> None:
    assert find_lab(name, course) == "01-toy"
    assert load_lab(name, course).name == "01-toy"


@pytest.mark.parametrize("name", ["1", "to", "", "01-", "02"])
def test_name_of_no_lab_is_refused_and_the_known_ones_are_named(course: Path, name: str) -> None:
    with pytest.raises(UnknownLab) as caught:
        find_lab(name, course)
    assert caught.value.known == ("01-toy",)
    assert caught.value.code == USAGE
    assert "01-toy" in caught.value.render("en")


def test_labs_are_found_by_folder_in_order(course: Path) -> None:
    for name in ("10-later", "02-next"):
        (course / "labs" / name).mkdir()
        (course / "labs" / name / "lab.yaml").touch()
    (course / "labs" / "03-empty").mkdir()
    assert lab_names(course) == ("01-toy", "02-next", "10-later")


def test_task_is_found_by_id_and_number_and_otherwise_refused(lab_folder: Path) -> None:
    lab = read_lab(lab_folder)
    assert lab.task("apart") is lab.task(3) is lab.task("3")
    with pytest.raises(UnknownTask) as caught:
        lab.task(4)
    assert "ping, keep, apart" in caught.value.render("zh")


def test_with_needs_brings_what_a_task_builds_on_in_lab_order(lab_folder: Path) -> None:
    lab = read_lab(lab_folder)
    assert [task.id for task in lab.with_needs(["keep"])] == ["ping", "keep"]
    assert [task.id for task in lab.with_needs([3, "ping"])] == ["ping", "apart"]


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("points: 20", "pionts: 20", "tasks.0.pionts", "do you mean `points`"),
        ("title: {zh: 玩具实验", "titel: {zh: 玩具实验", "titel", "do you mean `title`"),
        ("minutes: 20", "", "minutes", "required"),
        ("minutes: 20", "minutes: 0", "minutes", "greater than 0"),
        ("zh: 谁在应答", "cn: 谁在应答", "tasks.0.hints.0.cn", "known here: en, zh"),
        ("zh: 谁在应答", "zh: ' '", "tasks.0.hints.0.zh", "at least 1"),
        ("{zh: 谁在应答, en", "{en", "tasks.0.hints.0.zh", "required"),
        ('zh: "{service}', 'zh: "{server}', "tasks.0.messages.silent", "placeholders differ"),
        ('zh: "{service}', 'zh: "{service', "tasks.0.messages.silent", "expected '}'"),
        (
            '"{service} 没有应答。", en: "{service} does',
            '"{0} 没有应答。", en: "{0} does',
            "tasks.0.messages.silent",
            "must be a name",
        ),
        ("points: 20", "points: 0", "tasks.0.points", "greater than 0"),
        ("points: 20", "points: '20'", "tasks.0.points", "integer"),
        ("deadline: 60", "", "tasks.0.deadline", "required"),
        ("id: ping", "id: Ping", "tasks.0.id", "pattern"),
        ("id: apart", "id: keep", "tasks.2.id", "stands twice"),
        ("needs: [ping]", "needs: [pong]", "tasks.1.needs", "do you mean `ping`"),
        ("needs: [ping]", "needs: [apart]", "tasks.1.needs", "no earlier task"),
        ("needs: [ping]", "needs: [keep]", "tasks.1.needs", "no earlier task"),
        (
            "needs: [ping]",
            "needs: [ping]\n    looks_only: true",
            "tasks.1.looks_only",
            "needs `ping`, whose check acts",
        ),
        ("points: 20", "points: 20\n    points: 20", "line 9", "`points` stands twice"),
        ("lesson: 01-toy", "lesson: 02-toy", "lesson", "`01-toy`"),
        ("{zh: 谁在应答, en: Who answers}", "{zh: [}", "line 11", "expected"),
    ],
)
def test_fault_in_lab_yaml_is_refused_with_file_and_field(
    lab_folder: Path, edit: Edit, old: str, new: str, field: str, says: str
) -> None:
    edit("lab.yaml", old, new)
    with pytest.raises(CatalogueError) as caught:
        read_lab(lab_folder)
    assert caught.value.file == lab_folder / "lab.yaml"
    assert caught.value.field == field
    assert says in caught.value.problem


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('@check("keep")', "", "has no check for keep"),
        ('@check("keep")', '@check("kept")', "do you mean `keep`"),
        ('@check("keep")', '@check("ping")', "second check of `ping`"),
        ("def keep", "def ping", "has no check for ping"),
        ('@check("keep")', "1 / 0", "ZeroDivisionError"),
        ('@check("keep")', "@check(", "SyntaxError"),
    ],
)
def test_checks_that_do_not_fit_the_tasks_are_refused(
    lab_folder: Path, edit: Edit, old: str, new: str, says: str
) -> None:
    edit("checks.py", old, new)
    with pytest.raises(CatalogueError, match=says) as caught:
        read_lab(lab_folder)
    assert caught.value.file == lab_folder / "checks.py"


def test_checks_may_be_spread_over_modules_of_the_labs_folder(lab_folder: Path) -> None:
    checks = lab_folder / "checks.py"
    text = checks.read_text(encoding="utf-8")
    checks.write_text(f"from .words import given_word\n{text}", encoding="utf-8")
    for word in ("first", "second"):
        module = "from checker.catalogue import given\n\n\n@given\ndef given_word(bench):\n"
        module += f"    return '{word}'\n"
        (lab_folder / "words.py").write_text(module, encoding="utf-8")
        shutil.rmtree(lab_folder / "__pycache__", ignore_errors=True)
        lab = read_lab(lab_folder)
        assert lab.given
        assert lab.given(None) == word


def test_labs_may_be_read_side_by_side(lab_folder: Path) -> None:
    checks = lab_folder / "checks.py"
    text = checks.read_text(encoding="utf-8")
    slow = "import time\n\ntime.sleep(0.05)\nLOADED = True\n"
    for name in ("one", "two"):
        (lab_folder / f"{name}.py").write_text(slow, encoding="utf-8")
        text = f"from .{name} import LOADED\n{text}"
    checks.write_text(text, encoding="utf-8")
    with ThreadPoolExecutor(4) as pool:
        found = [job.result() for job in [pool.submit(read_lab, lab_folder) for _ in range(8)]]
    assert {lab.name for lab in found} == {"01-toy"}


def test_lab_may_give_one_thing_and_no_more(lab_folder: Path) -> None:
    checks = lab_folder / "checks.py"
    gives = "\nfrom checker.catalogue import given\n\n\n@given\ndef login(bench):\n    return 7\n"
    assert read_lab(lab_folder).given is None
    checks.write_text(checks.read_text(encoding="utf-8") + gives, encoding="utf-8")
    lab = read_lab(lab_folder)
    assert lab.given
    assert lab.given(None) == 7
    again = gives.replace("def login", "def second")
    checks.write_text(checks.read_text(encoding="utf-8") + again, encoding="utf-8")
    with pytest.raises(CatalogueError, match="second function"):
        read_lab(lab_folder)


def test_lab_yaml_that_holds_a_list_is_refused(lab_folder: Path) -> None:
    (lab_folder / "lab.yaml").write_text("- lesson: 01-toy\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="must hold keys and values"):
        read_lab(lab_folder)


@pytest.mark.parametrize("name", ["lab.yaml", "checks.py"])
def test_lab_without_one_of_its_files_is_refused(lab_folder: Path, name: str) -> None:
    (lab_folder / name).unlink()
    with pytest.raises(CatalogueError, match=name):
        read_lab(lab_folder)


def test_common_messages_hold_what_grading_says() -> None:
    assert {"passed", "needs", "needs-unknown", "not-observed", "busy", "internal"} <= set(
        common_messages()
    )
