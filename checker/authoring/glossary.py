"""The course's words: what each English term is called in Chinese, and what it is never called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from checker.authoring.errors import AuthoringError
from checker.authoring.problem import Finding
from checker.authoring.prose import prose


class Term(BaseModel):
    """One term. `zh` equal to `en` means that the term stays English in Chinese."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    en: str
    zh: str
    never: list[str] = []


Glossary = tuple[Term, ...]


def read_glossary(path: Path) -> Glossary:
    """The terms. Raises AuthoringError for a file of another form."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(TypeAdapter(list[Term]).validate_python(data))
    except (yaml.YAMLError, ValidationError) as error:
        raise AuthoringError(
            f"{path}: the glossary is a list of {{en, zh, never: [words]}}.\n{error}"
        ) from error


def forbidden(text: str, glossary: Glossary) -> Iterator[Finding]:
    """Renderings in a Chinese text that mislead."""
    plain = prose(text)
    for term in glossary:
        for word in term.never:
            if word in plain:
                yield Finding("glossary", f"{term.en} is not {word}", f"Write {term.zh}")


def unexplained(
    texts: Iterable[tuple[int, str]], glossary: Glossary
) -> Iterator[tuple[int, Finding]]:
    """Terms whose first use in a lesson's Chinese does not give the English beside it.

    `texts` are the Chinese cells in order, each with its line.
    """
    open_ = [term for term in glossary if term.zh != term.en]
    for line, text in texts:
        plain = prose(text)
        for term in [term for term in open_ if term.zh in plain]:
            open_.remove(term)
            first = plain.partition(term.zh)[2]
            if not first.lower().startswith(f"（{term.en.lower()}"):
                yield (
                    line,
                    Finding(
                        "gloss",
                        f"first use of {term.zh} without its English name",
                        f"Write {term.zh}（{term.en}）",
                    ),
                )
