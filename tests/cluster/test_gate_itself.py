"""A check that always says the same must turn the gate of the labs red."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from checker.catalogue import Case, Check, Lab, cases, lab_names, load_lab
from checker.cluster import Connection
from checker.observe import CouldNotLook, Outcome, Refusal
from checker.texts import Text
from tests.cluster.labgate import judge

LAB = load_lab("00-start")
AIMED = next(case for case in cases(LAB) if case.kind == "near-miss")


def passes(bench: object) -> Outcome:
    return Outcome()


def fails(bench: object) -> Outcome:
    raise Refusal(AIMED.expected[AIMED.aim].message_id)


def cannot_look(bench: object) -> Outcome:
    raise CouldNotLook(Text.same("the check is replaced"), Text.same("put it back"))


def says_nothing(bench: object) -> None:
    return None


def with_check(function: Callable[[object], object]) -> Lab:
    checks: Mapping[str, Check] = {**LAB.checks, AIMED.aim: Check(AIMED.aim, function)}
    return replace(LAB, checks=checks)


def case_of(kind: str) -> Case:
    return AIMED if kind == "near-miss" else next(c for c in cases(LAB) if c.kind == kind)


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (passes, "near-miss"),
        (passes, "starter"),
        (fails, "solution"),
        (cannot_look, "solution"),
        (cannot_look, "near-miss"),
        (says_nothing, "solution"),
    ],
)
@pytest.mark.timeout(300)
def test_the_gate_turns_red_when_a_check_always_says_the_same(
    function: Callable[[object], object], kind: str, connection: Connection
) -> None:
    # A workspace of its own: in that of another test it would wait for the end of what was there.
    run = f"itself-{function.__name__}"
    red = judge(case_of(kind), with_check(function), connection, run=run)
    assert red
    assert red[0].startswith(f"{AIMED.aim}: expected")


@pytest.mark.parametrize("kind", ["starter", "solution", "near-miss"])
def test_the_same_case_is_green_with_the_checks_as_they_are(
    kind: str, connection: Connection
) -> None:
    assert judge(case_of(kind), LAB, connection, run="itself") == []


def test_there_are_labs() -> None:
    assert len(lab_names()) >= 2
