from __future__ import annotations

from pathlib import Path

import pytest

from checker.environment.progress import Quiet
from checker.environment.up import up
from checker.texts import Text
from checker.trouble import Trouble
from checker.version import FILE


class Notes(Quiet):
    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, words: Text) -> None:
        self.said.append(words.en)


def test_a_course_of_another_version_is_told_before_anything_is_done(
    tmp_path: Path, path: Path
) -> None:
    (tmp_path / FILE).write_text("0.0.1\n")
    notes = Notes()
    with pytest.raises(Trouble, match="No container engine"):
        up(notes, {"PODLAB_COURSE": str(tmp_path)})
    assert ["was laid out by podlab 0.0.1" in words for words in notes.said] == [True]
