"""What lab 04 pushes can be taken back on a slow machine, and which probes must know the page."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from checker.catalogue import load_lab
from checker.observe import Refusal, undo
from checker.observe.verdicts import refusal

load_lab("04-sidecar")
order, repository = (sys.modules[f"checker_labs.04_sidecar.{n}"] for n in ("order", "repository"))
PATIENT = SimpleNamespace(name="page-is-there", restart_policy=None)


def test_taking_a_push_back_may_last_longer_than_the_push() -> None:
    assert undo.EXEC_SECONDS > repository.PUSH_SECONDS


def asked(ran: Any, *behind: Any) -> None:
    """Ask the helper of a Pod, with these init containers behind it; `ran` is what comes back."""

    def run(*_: Any) -> Any:
        if isinstance(ran, Exception):
            raise ran
        return SimpleNamespace(ok=ran)

    def failed(message: str, **params: Any) -> None:
        raise refusal(message, **params)

    probe = SimpleNamespace(var_exec=SimpleNamespace(command=["true"]))
    helper = SimpleNamespace(name=order.HELPER, restart_policy="Always", startup_probe=probe)
    pod = SimpleNamespace(
        name="web",
        raw=SimpleNamespace(spec=SimpleNamespace(init_containers=[helper, *behind])),
        containers=[SimpleNamespace(name=order.HELPER, state="running")],
    )
    order._probe_must_fail(SimpleNamespace(exec=run, failed=failed), pod)


def test_startup_probe_that_succeeds_without_the_page_is_refused() -> None:
    with pytest.raises(Refusal, match="probe-succeeds"):
        asked(True)


def test_startup_probe_need_not_know_the_page_when_an_init_container_waits_for_it() -> None:
    asked(True, PATIENT)


@pytest.mark.parametrize("ran", [False, refusal("restarted-meanwhile")])
def test_startup_probe_that_fails_or_cannot_be_made_is_not_refused(ran: Any) -> None:
    asked(ran)
