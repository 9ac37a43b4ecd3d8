from __future__ import annotations

import re

from checker.observe import Bench


def test_tokens_differ_and_can_be_part_of_a_name(bench: Bench) -> None:
    tokens = {bench.token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(re.fullmatch(r"t[0-9a-f]{10}", token) for token in tokens)
