"""Values of Secrets stay out of reports, wherever in the cluster a text came from."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from checker.observe import Bench, Outcome, Refusal

LEAST_HIDDEN = 4
"""Characters: a shorter value is no secret, and hiding it would tear every sentence to pieces."""

Judge = Callable[[Bench], Outcome]


def discreet(judge: Judge) -> Judge:
    """No report shows a Secret's value, not even where an event or a log of the learner's does."""

    @wraps(judge)
    def judged(bench: Bench) -> Outcome:
        values = _values(bench)
        try:
            outcome = judge(bench)
        except Refusal as no:
            values |= _values(bench)  # a rotated one has not been put back yet
            no.params = {key: _hidden(value, values) for key, value in no.params.items()}
            no.evidence = tuple(replace(e, found=_hidden(e.found, values)) for e in no.evidence)
            raise
        evidence = tuple(replace(e, found=_hidden(e.found, values)) for e in outcome.evidence)
        return replace(outcome, evidence=evidence)

    return judged


def _values(bench: Bench) -> frozenset[str]:
    """All values of the workspace's Secrets, as they are and in base64."""
    found: set[str] = set()
    for secret in bench.list("Secret"):
        for coded in (secret.data or {}).values():
            text = base64.b64decode(coded).decode("utf-8", "replace")
            found |= {coded.strip(), *(line.strip() for line in text.splitlines())}
    return frozenset(value for value in found if len(value) >= LEAST_HIDDEN)


def _hidden(value: Any, values: frozenset[str]) -> Any:
    if not isinstance(value, str):
        return value
    for secret in sorted(values, key=len, reverse=True):
        value = value.replace(secret, "***")
    return value
