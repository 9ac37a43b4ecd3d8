"""The rule for how long a lesson takes: its text says what lab.yaml says, which others show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from checker.authoring.problem import Problem
from checker.authoring.source import Source
from checker.catalogue import read_mapping
from checker.texts import LANGUAGES, Lang

SAID: Mapping[Lang, str] = {"zh": "大约 {minutes} 分钟", "en": "About {minutes} minutes"}


def lint_minutes(source: Source, lab_yaml: Path) -> Iterator[Problem]:
    """Where the first text of a lesson does not say how many minutes it takes."""
    minutes = read_mapping(lab_yaml).get("minutes")
    for lang in LANGUAGES:
        first = next(source.markdown(lang), None)
        said = SAID[lang].format(minutes=minutes)
        if first is None or said not in " ".join(first.source.split()):
            yield Problem(
                source.path,
                first.line if first else 1,
                "minutes",
                f"the first text in {lang} does not say {said!r}, as {lab_yaml} has it",
                "Say it there, or correct `minutes`",
            )
