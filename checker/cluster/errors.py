"""The one error of this room: what happened, what was expected, what to do. In both languages."""

from __future__ import annotations

from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble


class ClusterError(Trouble):
    """We cannot work with the cluster or the workspace that was asked for.

    What happened, what was `expected`, and what to do about it, each a whole sentence. `what`
    holds the first two, as those who show a Trouble want it.
    """

    def __init__(self, what: Text, expected: Text, todo: Text) -> None:
        both = Text(zh=what.zh + expected.zh, en=f"{what.en} {expected.en}")
        super().__init__(both, todo, code=NOT_CHECKED)
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.what.en} {self.todo.en}"
