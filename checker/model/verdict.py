"""The three verdicts, and how many become one. Free of everything else."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What a check says: it is so, it is not so, or it could not be looked at."""

    passed = "passed"
    failed = "failed"
    unknown = "unknown"

    @classmethod
    def of_all(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """One verdict for many: a failure decides, then a doubt. Nothing judged is a doubt."""
        seen = set(verdicts)
        if cls.failed in seen:
            return cls.failed
        return cls.passed if seen == {cls.passed} else cls.unknown
