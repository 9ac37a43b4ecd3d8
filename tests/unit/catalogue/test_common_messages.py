"""Every message the vocabulary of checks uses by itself stands in the common file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import checker.observe
from checker.catalogue import common_messages

OBSERVE = Path(checker.observe.__file__).parent
RAISERS = {"refusal", "_told", "_about", "_none", "_single", "failed"}
ID = re.compile(r"[a-z]+(-[a-z]+)+|crashed|deadline|evicted")


def used(source: str) -> set[str]:
    """Message ids in a module: first arguments of what raises, and defaults named `failing`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else called
            if name in RAISERS:
                found |= {
                    arg.value
                    for arg in node.args
                    if isinstance(arg, ast.Constant) and ID.fullmatch(str(arg.value))
                }
        elif isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.kwonlyargs]
            found |= {
                default.value
                for name, default in zip(names, node.args.kw_defaults, strict=True)
                if name == "failing" and isinstance(default, ast.Constant)
            }
    return found


def test_messages_are_found_in_a_source() -> None:
    source = """def f(*, failing: str = "deadline"):
        raise refusal("a-a", "some words"); bench.failed("b-b"); _single(1, "c-c"); other("d-d")"""
    assert used(source) == {"deadline", "a-a", "b-b", "c-c"}


def test_list_of_used_messages_is_not_empty() -> None:
    assert "deadline" in set().union(*(used(file.read_text()) for file in OBSERVE.glob("*.py")))


@pytest.mark.parametrize("file", sorted(OBSERVE.glob("*.py")), ids=lambda file: file.name)
def test_message_of_the_vocabulary_is_a_common_one(file: Path) -> None:
    assert used(file.read_text(encoding="utf-8")) <= set(common_messages())
