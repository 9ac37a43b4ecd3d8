"""All rules over one source, and the rules for texts over one lab.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import yaml

from checker.authoring.glossary import Glossary, forbidden, unexplained
from checker.authoring.lint_code import lint_code
from checker.authoring.lint_minutes import lint_minutes
from checker.authoring.lint_pairs import lint_pair
from checker.authoring.lint_prose import lint_prose
from checker.authoring.problem import Finding, Problem
from checker.authoring.source import Cell, Source
from checker.catalogue import read_mapping
from checker.texts import LANGUAGES

_MANIFEST = re.compile(r"%%manifest\s+(?:--?\S+\s+)*([^\s-]\S*)[^\n]*\n")


def lint_course(sources: Iterable[Source], root: Path, glossary: Glossary) -> list[Problem]:
    """What is wrong with these lessons: their sources and, where there is one, their lab.yaml."""
    found = []
    for source in sources:
        found += lint_source(source, glossary)
        lab = root / "labs" / source.lesson
        if (lab / "lab.yaml").exists():
            found += lint_lab(lab / "lab.yaml", glossary)
            found += lint_given(source, lab)
            found += lint_minutes(source, lab / "lab.yaml")
    return found


def lint_source(source: Source, glossary: Glossary) -> list[Problem]:
    """What is wrong with a lesson's source, from top to bottom."""
    found = [*lint_code(source), *_markdown(source, glossary)]
    return sorted(found, key=lambda problem: problem.line)


def lint_lab(path: Path, glossary: Glossary) -> list[Problem]:
    """What is wrong with the texts in a lab.yaml: every mapping with the keys zh and en.

    Raises CatalogueError for a file that cannot be read.
    """
    read_mapping(path)
    tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    found = {
        finding.at(path, line): None  # a text behind a YAML anchor stands in the tree twice
        for line, zh, en in _texts(tree)
        for finding in _both(zh, en, glossary)
    }
    return list(found)


def _both(zh: str, en: str, glossary: Glossary) -> Iterator[Finding]:
    yield from lint_prose(zh, "zh")
    yield from lint_prose(en, "en")
    yield from forbidden(zh, glossary)
    yield from lint_pair(zh, en)


def _markdown(source: Source, glossary: Glossary) -> Iterator[Problem]:
    known = [cell for cell in source.cells if cell.kind == "markdown" and cell.lang in LANGUAGES]
    for cell in source.cells:
        if cell.kind == "markdown" and cell.lang not in LANGUAGES:
            yield Problem(
                source.path,
                cell.line,
                "lang",
                f"a markdown cell in the language {cell.lang}",
                'Begin it with # %% [markdown] lang="zh" or lang="en"',
            )
        if cell.kind == "markdown" and cell.tags:
            yield Problem(
                source.path, cell.line, "tag", "a markdown cell has tags", "Take them out"
            )
    if len(known) == sum(cell.kind == "markdown" for cell in source.cells):
        yield from _pairs(source, glossary)
    chinese = ((cell.line, cell.source) for cell in source.markdown("zh"))
    for line, finding in unexplained(chinese, glossary):
        yield finding.at(source.path, line)


def _pairs(source: Source, glossary: Glossary) -> Iterator[Problem]:
    for kind, group in groupby(source.cells, key=lambda cell: cell.kind):
        run = list(group)
        if kind == "code":
            continue
        for first, second in zip(run[::2], [*run[1::2], None], strict=False):
            zh, en = _in_order(first, second)
            if zh is None or en is None:
                yield Problem(
                    source.path,
                    first.line,
                    "pair",
                    "a text without its partner in the other language",
                    "Put the zh and the en cell one after the other, with no code between",
                )
                break  # what follows is out of step, and would only repeat this
            for finding in _both(zh.source, en.source, glossary):
                yield finding.at(source.path, zh.line)


def _in_order(first: Cell, second: Cell | None) -> tuple[Cell | None, Cell | None]:
    by_lang = {cell.lang: cell for cell in (first, second) if cell is not None}
    return by_lang.get("zh"), by_lang.get("en")


def _texts(node: yaml.Node | None) -> Iterator[tuple[int, str, str]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(item)
    elif isinstance(node, yaml.MappingNode):
        fields = {key.value: value for key, value in node.value}
        if set(fields) == set(LANGUAGES):
            yield node.start_mark.line + 1, str(fields["zh"].value), str(fields["en"].value)
        else:
            for value in fields.values():
                yield from _texts(value)


def lint_given(source: Source, lab: Path) -> Iterator[Problem]:
    """Where a cell that gives or solves an exercise is not the lab's own file.

    `%%manifest NAME` in a cell tagged exercise is starter/NAME, in a solution cell solution/NAME:
    who works in the notebook and who works in the terminal have the same lab.
    """
    for cell in source.code():
        named = _MANIFEST.match(cell.source)
        for tag, folder in (("exercise", "starter"), ("solution", "solution")):
            if named is None or tag not in cell.tags:
                continue
            file = lab / folder / named.group(1)
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            if text.strip() != cell.source[named.end() :].strip():
                yield Problem(
                    source.path,
                    cell.line,
                    "given",
                    f"the {tag} is not {file}",
                    "Make the two equal, byte for byte",
                )
