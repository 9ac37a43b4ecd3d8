"""What lab 07 makes of how Pods ended, and of requests that were lost; the cluster is made up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from checker.catalogue import load_lab
from checker.observe import Fact, Refusal
from checker.observe.verdicts import refusal

load_lab("07-lifecycle")
checks = sys.modules["checker_labs.07_lifecycle"]
ending, marks, rolling, slow, story = (
    sys.modules[f"checker_labs.07_lifecycle.{name}"]
    for name in ("ending", "marks", "rolling", "slow", "story")
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OK = SimpleNamespace(at=NOON, error="")
LOST = SimpleNamespace(at=NOON, error="Connection refused")


def failed(message: str, *args: Any, **params: Any) -> None:
    raise refusal(message, *args, **params)


def passed(*_: Any, **__: Any) -> str:
    return "passed"


class Sent(SimpleNamespace):
    """A load of ten requests, some of them lost."""

    def __init__(self, lost: int) -> None:
        super().__init__(answers=[LOST] * lost + [OK] * (10 - lost), failed=[LOST] * lost)

    def __enter__(self) -> Sent:
        return self

    def __exit__(self, *error: object) -> None:
        pass


class Quiet(SimpleNamespace):
    """Stands for a recorder or for a deletion: a context manager that does nothing."""

    def __enter__(self) -> Quiet:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def shop(lost: list[int]) -> Any:
    """A bench whose loads lose so many requests, one load after the other; later ones lose none."""
    loads: Iterator[int] = iter(lost)
    return SimpleNamespace(
        ready_pods_of_service=lambda name: ["pod"],
        converge=lambda look, *_: look(),
        load=lambda *_, **__: Sent(next(loads, 0)),
        roll=lambda pod: "rolling",
        rolled_out=lambda way: [],
        connection=None,
        namespace="lab",
        failed=failed,
        passed=passed,
    )


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Service that answers, with Pods of the newest script, and a record that tells nothing."""
    record = SimpleNamespace(facts=[])
    monkeypatch.setattr(rolling, "must_serve", lambda *_: None)
    monkeypatch.setattr(rolling, "runs_a_former_script", lambda *_: False)
    monkeypatch.setattr(rolling, "Recorder", lambda *_: Quiet(record=lambda: record))


@pytest.mark.usefixtures("calm")
def test_requests_that_went_to_the_pods_before_are_not_the_learners_loss() -> None:
    assert rolling.rolling(shop([4, 1])) == "passed"


@pytest.mark.usefixtures("calm")
def test_a_pod_that_never_answers_loses_requests_at_rest() -> None:
    with pytest.raises(Refusal, match="lost-at-rest") as refused:
        rolling.rolling(shop([5] * 9))
    assert refused.value.params["failed"] == 5


def fact(what: Any, seconds: float, container: str = "", **more: Any) -> Fact:
    when = NOON + timedelta(seconds=seconds)
    return Fact(what, when, when, "web-1", "" if "service" in more else "uid-1", container, more)


def test_an_init_container_that_did_its_work_is_no_program_that_left_early() -> None:
    told = story.Story(
        [
            fact("container-ended", 1, "prepare", code=0),
            fact("endpoint-joined", 3, service="web", address="10.0.0.1", ready=True),
            fact("pod-deleting", 20),
            fact("endpoint-changed", 20, service="web", address="10.0.0.1", ready=False),
            fact("container-ended", 25, "web", code=0),
        ],
        "web",
    )
    assert told.shortest_farewell() == 5.0


def deleted(
    monkeypatch: pytest.MonkeyPatch, module: Any, end: Any, hook: object = "sleep 3"
) -> Any:
    """A bench on which the Pod, once it is deleted, ends like that."""
    deletion = Quiet(end=lambda *_: end, shorten=lambda: None, facts=lambda *_: [])
    monkeypatch.setattr(module, "Deletion", lambda *_: deletion)
    form = SimpleNamespace(lifecycle=SimpleNamespace(pre_stop=hook))
    volume = SimpleNamespace(name="marks", attribute_map={"disk": "persistentVolumeClaim"}, disk=1)
    raw = SimpleNamespace(spec=SimpleNamespace(volumes=[volume]))
    container = SimpleNamespace(mounts={"marks": "/marks"}, name="ledger", state="running")
    pod = SimpleNamespace(
        name="pod-1", raw=raw, forms=[form], containers=[container], container=container
    )
    return SimpleNamespace(
        ready_pod=lambda *_: pod,
        replace=lambda *_, **__: pod,
        exec=lambda *_: SimpleNamespace(code=0, ok=True, stdout="", stderr=""),
        failed=failed,
        passed=passed,
    )


def test_a_container_that_still_runs_is_not_said_to_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = deleted(monkeypatch, marks, ending.End(grace=300, seconds=40.0))
    with pytest.raises(Refusal, match="not-ending"):
        marks.hook(bench)


@pytest.mark.parametrize("seconds", [40.0, 42.0])
def test_a_drain_with_a_shorter_hook_is_not_the_one_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    end = ending.End(42, seconds, 0, "40 of 40")
    with pytest.raises(Refusal, match="not-as-given"):
        checks.drain(deleted(monkeypatch, checks, end))


def test_a_drain_without_a_hook_is_not_the_one_that_was_asked_for_however_slow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end = ending.End(60, 45.0, 0, "40 of 40")
    with pytest.raises(Refusal, match="not-as-given"):
        checks.drain(deleted(monkeypatch, checks, end, hook=None))


@pytest.mark.parametrize("seconds", [43.0, 59.0])
def test_a_drain_of_hook_and_program_has_passed(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    end = ending.End(60, seconds, 0, "40 of 40")
    assert checks.drain(deleted(monkeypatch, checks, end)) == "passed"


@pytest.mark.parametrize(("grace", "message"), [(2, "killed"), (30, "not-heard")])
def test_deaf_program_is_killed_where_its_grace_period_is_short_however_late_that_is_heard(
    monkeypatch: pytest.MonkeyPatch, grace: int, message: str
) -> None:
    bench = deleted(monkeypatch, checks, None)
    ends = iter([ending.End(grace, 5.4), ending.End(grace, 6.0, ending.KILLED)])
    deletion = Quiet(end=lambda *_, **__: next(ends), shorten=lambda: None)
    monkeypatch.setattr(checks, "Deletion", lambda *_: deletion)
    monkeypatch.setattr(checks, "must_serve", lambda *_: None)
    monkeypatch.setattr(checks, "_process_one", lambda *_: ("`httpd`", False))
    monkeypatch.setattr(checks, "selector_of", lambda *_: "app=page")
    bench.pod_of_service = bench.ready_pod
    with pytest.raises(Refusal, match=message):
        checks.signal(bench)


@pytest.mark.parametrize(
    ("sent", "took", "error", "flying"),
    [
        (-3.0, 4.0, "", True),
        (-3.0, 4.0, "cut off", True),
        (-3.0, 4.0, "Connection refused", False),
        (-0.5, 0.6, "reset", False),
        (-5.0, 4.0, "", False),
        (0.1, 4.0, "", False),
    ],
)
def test_a_request_is_in_flight_when_the_program_had_begun_it(
    sent: float, took: float, error: str, flying: bool
) -> None:
    answer = SimpleNamespace(at=NOON + timedelta(seconds=sent), seconds=took, error=error)
    assert bool(slow._in_flight([answer], NOON)) is flying
