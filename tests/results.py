"""Reads what pytest wrote down of a run: JUnit XML."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

SHOWN = 300


@dataclass
class Counts:
    """What the tests of a gate came to. `again` of the passed ones did so at a second look."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    again: int = 0

    def add(self, other: Counts) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.again += other.again

    def all_passed_in_the_end(self) -> Counts:
        """The same, with the failed ones counted as passed at a second look."""
        return Counts(self.passed + self.failed, 0, self.skipped, self.failed)

    def __str__(self) -> str:
        again = f" ({self.again} at a second look)" if self.again else ""
        return f"{self.passed} passed{again}, {self.failed} failed, {self.skipped} skipped"


def count(results: Path | None) -> Counts:
    """Read pytest's own results; a run that wrote none counts as failed."""
    if results is None or not results.exists():
        return Counts(failed=1)
    counts = Counts()
    for suite in ElementTree.parse(results).getroot().iter("testsuite"):
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        passed = number["tests"] - failed - number["skipped"]
        counts.add(Counts(passed, failed, number["skipped"]))
    return counts


def failed_tests(results: Path | None) -> dict[str, str]:
    """The tests whose own assertion failed, by pytest's name for them, with what it said.

    Empty when there was an error beside a test, in a fixture say: that is no matter of one test.
    """
    if results is None or not results.exists():
        return {}
    found = {}
    for case in ElementTree.parse(results).getroot().iter("testcase"):
        if case.find("error") is not None:
            return {}
        failure = case.find("failure")
        if failure is not None:
            name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
            found[name] = " ".join((failure.get("message") or "").split())[:SHOWN]
    return found
