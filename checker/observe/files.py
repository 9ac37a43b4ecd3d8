"""`bench.own_text`: a file that the learner wrote, for tasks that ask for one."""

from __future__ import annotations

from checker.observe.base import Base

MOST = 16_000
"""Bytes of a file that are read."""


class Files(Base):
    """The learner's own files. They are untrusted, and where a class is graded, brought by hand."""

    def own_text(self, name: str) -> str:
        """The beginning of the file `name`, empty where there is none.

        A link that leads out of the folder counts as none: it would show a teacher's file.
        """
        file = self.files / name
        if not file.is_file() or not file.resolve().is_relative_to(self.files.resolve()):
            return ""
        with file.open("rb") as opened:
            return opened.read(MOST).decode("utf-8", "replace")
