"""The one error of this room, in both languages. Data and a sentence; no input or output."""

from __future__ import annotations

from checker.texts import Text


class ClusterError(Exception):
    """We cannot work with the cluster or the workspace that was asked for.

    `what` happened, what was `expected`, and what to do about it (`todo`), each a whole sentence.
    """

    def __init__(self, what: Text, expected: Text, todo: Text) -> None:
        self.what = what
        self.expected = expected
        self.todo = todo
        self.text = Text(
            zh=what.zh + expected.zh + todo.zh,
            en=f"{what.en} {expected.en} {todo.en}",
        )
        super().__init__(self.text.en)
