from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.catalogue import read_lab
from checker.catalogue.source import message_faults

Edit = Callable[[str, str, str], None]
GOOD = """
from checker.catalogue import check

GONE = "gone"


class Asker:
    limit: int = 3

    def ask(self, bench, service):
        if service:
            bench.failed("silent", service=service)

    def rest(self, bench):
        bench.failed("nobody-calls-this")


@check("ping")
def ping(bench):
    Asker().ask(bench, "redis")
    return bench.passed()


@check("keep")
def keep(bench):
    bench.hold(None, None, 5, None, failing=GONE)


@check("apart")
def apart(bench):
    bench.converge(None, None, 5, None, failing="wrong")
    bench.failed("deadline", found=1, seconds=5, waiting_for="it")
"""


@pytest.fixture
def good(lab_folder: Path) -> Path:
    (lab_folder / "checks.py").write_text(GOOD, encoding="utf-8")
    return lab_folder


def test_checks_that_use_their_messages_rightly_have_no_fault(good: Path) -> None:
    assert message_faults(read_lab(good)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '"silent", service=service',
            '"silnet"',
            "ping: line 12: the task has no message `silnet`",
        ),
        (", service=service", "", "ping: line 12: message `silent` gets no service"),
        ('failing="wrong"', 'failing="gone"', "apart: line 31: the task has no message `gone`"),
        ('failing="wrong"', "", "apart: message `wrong` is never used"),
        ("failing=GONE", "", "keep: message `gone` is never used"),
        ("seconds=5, ", "", "apart: line 32: message `deadline` gets no seconds"),
        ("bench.passed()", 'bench.passed(message="well")', "the task has no message `well`"),
    ],
)
def test_fault_in_the_use_of_messages_is_found(
    good: Path, edit: Edit, old: str, new: str, fault: str
) -> None:
    edit("checks.py", old, new)
    assert any(fault in found for found in message_faults(read_lab(good)))


def test_message_that_only_a_verb_uses_is_no_fault(good: Path, edit: Edit) -> None:
    edit("checks.py", "failing=GONE", "")
    assert message_faults(read_lab(good), {"gone"}) == []


def test_values_that_only_a_run_can_tell_are_no_fault(good: Path, edit: Edit) -> None:
    edit("checks.py", ", service=service", ", **{'service': service}")
    assert message_faults(read_lab(good)) == []
