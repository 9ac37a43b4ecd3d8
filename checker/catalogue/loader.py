"""Reads labs/*/lab.yaml and checks.py. Labs are found by folder; there is no list anywhere."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from checker.catalogue.errors import CatalogueError, UnknownName, known_keys
from checker.catalogue.lab import Check, Given, Lab, Task
from checker.catalogue.schema import LabForm, MessageForm, TaskForm, parse
from checker.catalogue.yamlfile import read_mapping
from checker.paths import course_root
from checker.texts import Text

COMMON = Path(__file__).with_name("messages.yaml")
_loading = threading.RLock()


class UnknownLab(UnknownName):
    """A name no lab goes by."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(Text("实验", "lab"), name, known)


@cache
def common_messages() -> Mapping[str, Text]:
    """The messages any task may use, by id."""
    return _messages(COMMON, "", read_mapping(COMMON))


def lab_names(root: Path | None = None) -> tuple[str, ...]:
    """The names of all labs, in order. `root` is the course's folder."""
    folder = (root or course_root()) / "labs"
    return tuple(sorted(file.parent.name for file in folder.glob("*/lab.yaml")))


def find_lab(name: str, root: Path | None = None) -> str:
    """The lab meant by `01`, `storage` or `01-storage`. Raises UnknownLab."""
    names = lab_names(root)
    for lab in names:
        number, _, topic = lab.partition("-")
        if name in (lab, number, topic):
            return lab
    raise UnknownLab(name, names)


def load_lab(name: str, root: Path | None = None) -> Lab:
    """The lab meant by `name`. Raises UnknownLab, or CatalogueError with file and field."""
    return read_lab((root or course_root()) / "labs" / find_lab(name, root))


def read_lab(folder: Path) -> Lab:
    """The lab in `folder`. Raises CatalogueError with file and field."""
    file = folder / "lab.yaml"
    form = parse(LabForm, read_mapping(file), file)
    if form.lesson != folder.name:
        raise CatalogueError(file, "lesson", f"must be the folder's name, `{folder.name}`")
    tasks = tuple(_task(place, form.tasks[place]) for place in range(len(form.tasks)))
    _check_ids(file, tasks)
    checks, given = read_checks(folder / "checks.py", tuple(task.id for task in tasks))
    return Lab(form.lesson, folder, form.title.text(), form.minutes, tasks, checks, given)


def _task(place: int, form: TaskForm) -> Task:
    own = {key: message.text() for key, message in form.messages.items()}
    return Task(
        id=form.id,
        number=place + 1,
        title=form.title.text(),
        text=form.text.text(),
        points=form.points,
        needs=tuple(form.needs),
        parallel=form.parallel,
        looks_only=form.looks_only,
        reads_files=form.reads_files,
        exclusive=form.exclusive,
        imposed_wait=form.imposed_wait,
        deadline=form.deadline,
        hints=tuple(hint.text() for hint in form.hints),
        messages={**common_messages(), **own},
        own_messages=frozenset(own),
    )


def _check_ids(file: Path, tasks: tuple[Task, ...]) -> None:
    earlier: dict[str, Task] = {}
    for place, task in enumerate(tasks):
        if task.id in earlier:
            raise CatalogueError(file, f"tasks.{place}.id", f"`{task.id}` stands twice")
        for need in task.needs:
            if need not in earlier:
                problem = f"`{need}` is no earlier task; {known_keys(need, earlier)}"
                raise CatalogueError(file, f"tasks.{place}.needs", problem)
            if task.looks_only and not earlier[need].looks_only:
                problem = f"cannot be true: the task needs `{need}`, whose check acts"
                raise CatalogueError(file, f"tasks.{place}.looks_only", problem)
        earlier[task.id] = task


def _messages(file: Path, field: str, data: Mapping[str, object]) -> dict[str, Text]:
    found = {}
    for key, value in data.items():
        if not isinstance(value, dict):
            raise CatalogueError(file, f"{field}{key}", "must hold `zh` and `en`")
        found[key] = parse(MessageForm, value, file).text()
    return found


def read_checks(file: Path, tasks: tuple[str, ...]) -> tuple[dict[str, Check], Given | None]:
    """The checks in `file`, one for each of `tasks` and no other, and what it gives.

    Raises CatalogueError.
    """
    found: dict[str, Check] = {}
    given: Given | None = None
    for name, value in _names_in(file).items():
        if isinstance(value, Given):
            if given:
                raise CatalogueError(file, name, "is a second function marked with @given")
            given = value
        if isinstance(value, Check):
            if value.task not in tasks:
                raise CatalogueError(
                    file,
                    name,
                    f"judges `{value.task}`, which is no task; {known_keys(value.task, tasks)}",
                )
            if value.task in found:
                raise CatalogueError(file, name, f"is a second check of `{value.task}`")
            found[value.task] = value
    if missing := [task for task in tasks if task not in found]:
        raise CatalogueError(file, "", f"has no check for {', '.join(missing)}")
    return found, given


def _names_in(file: Path) -> dict[str, object]:
    """Runs the module. It gets a name of its own, so that two labs' modules never mix.

    It is a package: other modules of the lab's folder are imported as `from .shop import Shop`.
    One at a time: who loads a lab takes its modules away from under another who loads it.
    """
    with _loading:
        return _run(file)


def _run(file: Path) -> dict[str, object]:
    name = f"checker_labs.{file.parent.name.replace('-', '_')}"
    for known in [each for each in sys.modules if each.startswith(f"{name}.")]:
        del sys.modules[known]
    spec = importlib.util.spec_from_file_location(
        name, file, submodule_search_locations=[str(file.parent)]
    )
    if spec is None or spec.loader is None or not file.is_file():
        raise CatalogueError(file, "", "is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise CatalogueError(file, "", f"cannot be run: {error!r}") from error
    return vars(module)
