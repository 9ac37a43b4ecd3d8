"""What a lint found: the place, the rule, the fault and its cure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One broken rule. Every problem carries its cure: a rule without one only annoys."""

    path: Path
    line: int
    rule: str
    fault: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.fault}. {self.cure}"


@dataclass(frozen=True)
class Finding:
    """A problem before it is known where the text stands."""

    rule: str
    fault: str
    cure: str

    def at(self, path: Path, line: int) -> Problem:
        """The problem at a place."""
        return Problem(path, line, self.rule, self.fault, self.cure)
