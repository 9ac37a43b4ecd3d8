"""Imports go downwards: a room knows the rooms below it and none above or beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "checker"
ANYONE = {"templates", "texts", "paths", "trouble", "version"}
# From the top; rooms on one line stand side by side and do not know each other.
ORDER = (
    ("cli", "notebook", "authoring"),
    ("classroom", "report"),
    ("grading",),
    ("observe",),
    ("catalogue",),
    ("cluster",),
    ("model",),
    ("environment",),
)
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
# The command line starts everything, so it knows its neighbours too.
EXTRA = {"cli": {"notebook", "authoring"}, "__main__": {"cli"}}
PURE = {"model"} | ANYONE


def modules(package: Path = PACKAGE) -> list[Path]:
    return sorted(package.rglob("*.py"))


def room_of(file: Path, package: Path = PACKAGE) -> str:
    return file.relative_to(package).parts[0].removesuffix(".py")


def rooms_imported(file: Path, package: Path = PACKAGE) -> set[str]:
    """The rooms of `checker` that a module imports, wherever in the module the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = file.relative_to(package.parent).parts[: -node.level]
                base = ".".join((*above, base)).rstrip(".")
            found.update(f"{base}.{alias.name}" for alias in node.names)
    parts = (name.split(".") for name in found)
    return {part[1] for part in parts if part[0] == package.name and len(part) > 1}


def allowed(room: str) -> set[str]:
    """What a room may import. A room nobody placed may import nothing but what anyone may."""
    below = {other for other, level in LEVEL.items() if room in LEVEL and level > LEVEL[room]}
    if room in PURE:
        below = set()
    return {room} | ANYONE | below | EXTRA.get(room, set())


def upward(file: Path, package: Path = PACKAGE) -> set[str]:
    return rooms_imported(file, package) - allowed(room_of(file, package))


def test_the_list_of_modules_is_not_empty_and_holds_every_room() -> None:
    assert set(LEVEL) <= {room_of(file) for file in modules()}


def test_the_list_of_imports_is_not_empty() -> None:
    assert "model" in set().union(*(rooms_imported(file) for file in modules()))


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_module_imports_downwards_only(file: Path) -> None:
    assert upward(file) == set()


@pytest.mark.parametrize(
    ("place", "line", "wrong"),
    [
        ("model/bad.py", "from checker.report import text", {"report"}),
        ("model/bad.py", "import checker.grading.grade", {"grading"}),
        ("model/bad.py", "from checker import grading", {"grading"}),
        ("model/bad.py", "from ..cluster import pinned", {"cluster"}),
        ("model/bad.py", "def f():\n    from checker.observe import bench", {"observe"}),
        ("report/bad.py", "from checker.classroom import roll", {"classroom"}),
        ("model/bad.py", "from checker.environment.run import run", {"environment"}),
        ("environment/bad.py", "from checker.model import Verdict", {"model"}),
        ("environment/bad.py", "from checker.paths import cache_dir", set()),
        ("texts.py", "from checker.model import Verdict", {"model"}),
        ("newroom/bad.py", "from checker.model import Verdict", {"model"}),
        ("grading/good.py", "from checker.observe import Bench\nimport yaml", set()),
        ("cli/good.py", "from checker.environment import up", set()),
        ("model/good.py", "from .verdict import Verdict", set()),
    ],
)
def test_upward_import_is_seen_however_it_is_written(
    tmp_path: Path, place: str, line: str, wrong: set[str]
) -> None:
    file = tmp_path / "checker" / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(line, encoding="utf-8")
    assert upward(file, tmp_path / "checker") == wrong
