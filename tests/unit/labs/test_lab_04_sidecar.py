"""What lab 04 pushes can be taken back, also on a machine that is as slow as a push may be."""

from __future__ import annotations

import sys

from checker.catalogue import load_lab
from checker.observe import undo

load_lab("04-sidecar")
repository = sys.modules["checker_labs.04_sidecar.repository"]


def test_taking_a_push_back_may_last_longer_than_the_push() -> None:
    assert undo.EXEC_SECONDS > repository.PUSH_SECONDS
