from __future__ import annotations

import pytest

from checker.observe import clean
from checker.observe.clean import LIMIT, plain


@pytest.mark.parametrize(
    ("dirty", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("a\x00b\x08c\x7fd\x9be", "abcde"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("zero\u200bwidth", "zerowidth"),
        ("a\r\nb\tc\n", "a\nb\tc"),
        ("over\rwrite", "overwrite"),
        ("没有就绪 ✓", "没有就绪 ✓"),
        (None, ""),
    ],
)
def test_text_of_the_cluster_becomes_harmless_and_stays_readable(
    dirty: str | None, harmless: str
) -> None:
    assert clean(dirty) == harmless


def test_bytes_that_are_no_text_are_shown_as_far_as_they_are() -> None:
    assert clean(b"ok \xff\xfe end") == "ok �� end"


def test_long_text_is_cut_and_says_so() -> None:
    assert clean("a" * LIMIT) == "a" * LIMIT
    cut = clean("a" * (LIMIT + 1))
    assert len(cut) == LIMIT
    assert cut.endswith("…")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("-", "-"),
        ("PONG", "PONG"),
        (3, "3"),
        (True, "-"),
        (None, "-"),
        (["a"], "-"),
        (object(), "-"),
    ],
)
def test_a_learner_never_reads_what_only_python_can(value: object, words: str) -> None:
    assert plain(value) == words
