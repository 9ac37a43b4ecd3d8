"""Options at the head of a magic's line are ours, the rest is bash's."""

from __future__ import annotations

import pytest

from checker.notebook.options import DEFAULT_SECONDS, read_options
from checker.notebook.plain import UsageError


def options(line: str):
    return read_options("%shell", line, ["fails", "lab"])


@pytest.mark.parametrize(
    ("line", "rest", "flags", "seconds"),
    [
        ("kubectl get pods", "kubectl get pods", set(), DEFAULT_SECONDS),
        ("--fails false", "false", {"fails"}, DEFAULT_SECONDS),
        ("--timeout 5 sleep 1", "sleep 1", set(), 5),
        ("--timeout=2.5 --lab ls", "ls", {"lab"}, 2.5),
        ("--lab --fails --timeout 9", "", {"lab", "fails"}, 9),
        ("kubectl get pods --timeout 5 --fails", "kubectl get pods --timeout 5 --fails", set(), 60),
        ("-- --odd-name", "--odd-name", set(), DEFAULT_SECONDS),
        ("echo 'a  b'  \"{.x}\" $y", "echo 'a  b'  \"{.x}\" $y", set(), DEFAULT_SECONDS),
    ],
)
def test_options_are_taken_off_the_head_and_the_rest_is_untouched(
    line: str, rest: str, flags: set[str], seconds: float
) -> None:
    read = options(line)
    assert (read.rest, read.flags, read.seconds) == (rest, flags, seconds)


def test_a_mistyped_option_is_refused_and_the_nearest_is_named() -> None:
    with pytest.raises(UsageError, match="--fails"):
        options("--fail kubectl get pods")


def test_an_option_nobody_knows_is_refused_and_the_known_ones_are_listed() -> None:
    with pytest.raises(UsageError, match=r"--fails.*--lab.*--timeout"):
        options("--quiet ls")


@pytest.mark.parametrize("value", ["soon", "", "0", "-3", "1e3"])
def test_a_timeout_that_is_no_number_of_seconds_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="--timeout 120"):
        options(f"--timeout={value} ls")
