"""Reads what pytest wrote down of a run: JUnit XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

SHOWN = 300


@dataclass
class Counts:
    """What the tests of a gate came to. `again` tells what needed a second look to pass."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    again: int = 0

    def add(self, other: Counts) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.again += other.again

    def __str__(self) -> str:
        again = f" ({self.again} at a second look)" if self.again else ""
        return f"{self.passed} passed{again}, {self.failed} failed, {self.skipped} skipped"


@dataclass
class Target:
    """What pytest can run by itself: a test, or a notebook, whose cells are one story."""

    said: str = ""
    counts: Counts = field(default_factory=Counts)

    def add(self, case: ElementTree.Element) -> None:
        failure, skipped = case.find("failure"), case.find("skipped")
        if failure is not None and not self.said:
            self.said = _said(failure.get("message") or "")
        good = failure is None and skipped is None
        self.counts.add(Counts(int(good), int(failure is not None), int(skipped is not None)))


def count(results: Path) -> Counts:
    """Read pytest's own results; a run that wrote none counts as failed."""
    if not results.exists():
        return Counts(failed=1)
    counts = Counts()
    for suite in ElementTree.parse(results).getroot().iter("testsuite"):
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        passed = number["tests"] - failed - number["skipped"]
        counts.add(Counts(passed, failed, number["skipped"]))
    return counts


def failed_targets(results: Path, among: Iterable[str]) -> dict[str, Target]:
    """What failed of the files and folders `among`, by the words that make pytest run it again.

    Empty when there was an error beside a test, in a fixture say: that is no matter of one test.
    """
    if not results.exists():
        return {}
    files = {_class_of(file): str(file) for file in _files(among)}
    found: dict[str, Target] = {}
    for case in ElementTree.parse(results).getroot().iter("testcase"):
        name = files.get(case.get("classname", ""))
        if name is None or case.find("error") is not None:
            return {}
        if not name.endswith(".ipynb"):
            name += f"::{case.get('name')}"
        found.setdefault(name, Target()).add(case)
    return {name: target for name, target in found.items() if target.counts.failed}


def _said(message: str) -> str:
    """The beginning of what a test said; of a notebook's cell, what differs behind its source."""
    told = re.sub(r"#x1B\[\d*m", "", message).rpartition("Traceback:")[2]
    return " ".join(told.split())[:SHOWN]


def _files(among: Iterable[str]) -> Iterable[Path]:
    for path in map(Path, among):
        yield from path.rglob("*.*") if path.is_dir() else [path]


def _class_of(file: Path) -> str:
    """The name that pytest and nbval give to the class of a file's tests."""
    return str(file.with_suffix("") if file.suffix == ".py" else file).replace("/", ".")
