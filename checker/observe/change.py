"""`bench.change`: change an object of the learner for the time of a check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.cluster import API_ERRORS, Answer, Step, meaning
from checker.observe.base import looking
from checker.observe.objects import GetObjects


class Change(GetObjects):
    """Changing what the learner made, with the way back written down first."""

    def change(self, kind: str, name: str, patch: Mapping[str, Any]) -> Answer | None:
        """Apply a JSON merge patch; None when it was accepted, else the API server's refusal.

        Names are as in YAML. The old values go to the journal first. Refusal: `no-object`.
        """
        found = self.get(kind, name)
        there = self.connection.client.sanitize_for_serialization(  # type: ignore[no-untyped-call]
            found
        )
        step = Step.patch(kind, name, inverse(there, patch))
        with looking():
            self.journal.write(step)
        try:
            with looking():
                self.objects.patch(kind, name, dict(patch))
        except API_ERRORS as error:
            with looking():
                self.journal.strike(step)
            return meaning(error)
        return None


def inverse(there: Any, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The merge patch (RFC 7386) that brings back what `patch` changes."""
    back: dict[str, Any] = {}
    for key, new in patch.items():
        old = there.get(key) if isinstance(there, dict) else None
        both = isinstance(new, Mapping) and isinstance(old, dict)
        back[key] = inverse(old, new) if both else old
    return back
