from __future__ import annotations

import pytest

from checker.observe import Bench, Refusal
from checker.texts import Text


def test_passed_carries_what_was_found_made_harmless(bench: Bench) -> None:
    outcome = bench.passed(found="\x1b[31mPONG", command="redis-cli ping")
    assert outcome.message_id == "passed"
    assert [(e.found, e.command) for e in outcome.evidence] == [("PONG", "redis-cli ping")]


def test_passed_without_anything_found_has_no_empty_evidence(bench: Bench) -> None:
    assert bench.passed().evidence == ()


def test_failed_names_the_message_and_fills_it_with_harmless_text(bench: Bench) -> None:
    with pytest.raises(Refusal) as caught:
        bench.failed("not-pong", Text("甲", "a"), found="\x1b[1mno", answer="\x00x", count=3)
    assert caught.value.message_id == "not-pong"
    assert caught.value.params == {"found": "no", "answer": "x", "count": 3}
    assert caught.value.evidence[0].expected.zh == "甲"
