from __future__ import annotations

from pathlib import Path

import pytest

from checker import version
from checker.version import course_version, difference, own_version


def test_a_checkout_is_as_new_as_podlab(tmp_path: Path) -> None:
    assert course_version(tmp_path) is None
    assert difference(tmp_path) is None


def test_a_course_of_this_version_needs_no_word(tmp_path: Path) -> None:
    (tmp_path / version.FILE).write_text(own_version() + "\n")
    assert course_version(tmp_path) == own_version()
    assert difference(tmp_path) is None


@pytest.mark.parametrize("theirs", ["0.0.1", "99.0.0"])
def test_a_course_of_another_version_is_told_with_both(tmp_path: Path, theirs: str) -> None:
    (tmp_path / version.FILE).write_text(theirs)
    words = difference(tmp_path)
    assert words is not None
    for said in (words.zh, words.en):
        assert theirs in said
        assert own_version() in said
        assert "podlab new" in said
