"""Ways to lint a small lesson, whole or spoiled in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from toy_lesson import GLOSSARY, GOOD

from checker.authoring.glossary import Glossary, read_glossary
from checker.authoring.lint import lint_source
from checker.authoring.source import read_source


@pytest.fixture
def glossary(tmp_path: Path) -> Glossary:
    path = tmp_path / "glossary.yaml"
    path.write_text(GLOSSARY, encoding="utf-8")
    return read_glossary(path)


@pytest.fixture
def rules(tmp_path: Path, glossary: Glossary) -> Callable[[str], set[str]]:
    """The names of the rules that a source breaks."""

    def names(text: str) -> set[str]:
        path = tmp_path / "01-toy.py"
        path.write_text(text, encoding="utf-8")
        return {problem.rule for problem in lint_source(read_source(path), glossary)}

    return names


@pytest.fixture
def spoiled(rules: Callable[[str], set[str]]) -> Callable[[str, str], set[str]]:
    """`spoiled(old, new)`: the rules that the good lesson breaks with one place changed."""

    def change(old: str, new: str) -> set[str]:
        assert old in GOOD, f"{old!r} is not in the good lesson"
        return rules(GOOD.replace(old, new, 1))

    return change
