"""A container that a check has ended is not held against the learner by the next check.

A kubelet that is made up obeys the orders, and restarts the container when its back-off is over.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection

from checker.catalogue import load_lab
from checker.cluster import Workspace
from checker.observe import Bench, CouldNotLook, End, Ran, Refusal
from checker.observe.transport import Command

load_lab("08-termination-message")
checks = sys.modules["checker_labs.08_termination_message"]
SPACE = "/api/v1/namespaces/lab-08-termination-message"
NOON = "2026-01-01T12:00:00Z"


class Kubelet:
    """One Pod, whose container `messager` ends as it is ordered to; `backs_off` is in seconds."""

    def __init__(
        self, api: FakeApi, clock: FakeClock, app: str, policy: str, message_policy: str
    ) -> None:
        self.api, self.clock, self.policy = api, clock, policy
        self.backs_off: list[float] = []
        self.log = ""
        form = {
            "name": "messager",
            "image": "busybox:1.37",
            "terminationMessagePath": "/tmp/last-words",
            "terminationMessagePolicy": message_policy,
        }
        self.pod: dict[str, Any] = {
            "metadata": {"name": "pod-1", "uid": "uid-1", "labels": {"app": app}},
            "spec": {"restartPolicy": policy, "containers": [form]},
        }
        self.lives = 0
        self.last: dict[str, Any] = {}
        self.start()

    def start(self) -> None:
        self.lives += 1
        self.show("Running", {"running": {"startedAt": NOON}}, ready=True)

    def end(self, code: int, message: str) -> None:
        ended = {
            "exitCode": code,
            "reason": "Error" if code else "Completed",
            "message": message,
            "containerID": f"containerd://{self.lives}",
            "startedAt": NOON,
            "finishedAt": NOON,
        }
        if self.policy == "Never" or (self.policy == "OnFailure" and not code):
            self.show("Failed" if code else "Succeeded", {"terminated": ended})
            return
        self.last = {"terminated": ended}
        self.show("Running", {"waiting": {"reason": "CrashLoopBackOff"}})
        self.clock.at(self.backs_off.pop(0), self.start)

    def obey(self, _: object, command: Command, *__: object) -> Ran:
        code, reason = int(command.argv[4]), command.argv[5]
        self.log += f"{reason}\n"
        self.end(code, reason if code else "")
        return Ran(End.exit, 0, b"", b"", "", started=True)

    def show(self, phase: str, state: dict[str, Any], *, ready: bool = False) -> None:
        there = self.api.store.get(f"{SPACE}/pods/pod-1", self.pod)
        status = {
            "name": "messager",
            "image": "busybox:1.37",
            "imageID": "",
            "ready": ready,
            "restartCount": self.lives - 1,
            "containerID": f"containerd://{self.lives}",
            "state": state,
            "lastState": self.last,
        }
        conditions = [{"type": "Ready", "status": str(ready)}]
        seen = {"phase": phase, "conditions": conditions, "containerStatuses": [status]}
        self.api.put(f"{SPACE}/pods/pod-1", there | {"status": seen})


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def api_and_bench(tmp_path: Path, clock: FakeClock) -> tuple[FakeApi, Bench]:
    connection, api = fake_connection(tmp_path)
    api.put(SPACE, {})
    return api, Bench(connection, Workspace("08-termination-message", "lab"), clock=clock)


@pytest.fixture
def bench(api_and_bench: tuple[FakeApi, Bench]) -> Bench:
    return api_and_bench[1]


Runs = Callable[..., Kubelet]


@pytest.fixture
def runs(
    api_and_bench: tuple[FakeApi, Bench], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Runs:
    """Let a Pod run whose container obeys, and is restarted after so many seconds each time."""

    def make(
        app: str,
        *backs_off: float,
        policy: str = "Always",
        message_policy: str = "FallbackToLogsOnError",
    ) -> Kubelet:
        kubelet = Kubelet(api_and_bench[0], clock, app, policy, message_policy)
        kubelet.backs_off = list(backs_off)
        monkeypatch.setattr("checker.observe.exec.run", kubelet.obey)
        monkeypatch.setattr(checks, "_log", lambda *_: kubelet.log)
        return kubelet

    return make


def test_next_check_waits_for_the_back_off_of_its_own_order(bench: Bench, runs: Runs) -> None:
    runs("path", 40, 80)
    assert checks.path(bench).message_id == "passed"
    assert checks.path(bench).message_id == "passed"


def test_back_off_that_is_too_long_to_wait_for_is_no_fault(bench: Bench, runs: Runs) -> None:
    runs("path", 300)
    checks.path(bench)
    with pytest.raises(CouldNotLook, match="pod-1"):
        checks.path(bench)


def test_back_off_after_an_ordered_success_is_no_crash(bench: Bench, runs: Runs) -> None:
    runs("logs", 20, 60, 60, 60)
    assert checks.logs(bench).message_id == "passed"
    assert checks.logs(bench).message_id == "passed"


def test_log_is_no_message_by_the_policy_file(bench: Bench, runs: Runs) -> None:
    runs("logs", 20, 60, message_policy="File")
    with pytest.raises(Refusal, match="from-a-file"):
        checks.logs(bench)


def test_second_order_of_one_check_may_have_to_wait_as_well(bench: Bench, runs: Runs) -> None:
    runs("logs", 300)
    with pytest.raises(CouldNotLook, match="pod-1"):
        checks.logs(bench)


def test_pod_that_an_order_ended_for_good_is_no_fault(bench: Bench, runs: Runs) -> None:
    runs("path", policy="Never")
    assert checks.path(bench).message_id == "passed"
    with pytest.raises(CouldNotLook, match="pod-1") as unknown:
        checks.path(bench)
    assert "kubectl delete pod pod-1" in unknown.value.todo.en


def test_container_that_crashes_by_itself_is_a_fault(bench: Bench, runs: Runs) -> None:
    kubelet = runs("path", 5, 300)
    checks.path(bench)
    bench.clock.pause(10)
    kubelet.end(3, "")
    with pytest.raises(Refusal, match="crashed"):
        checks.path(bench)


def test_pod_that_ended_by_itself_is_a_fault(bench: Bench, runs: Runs) -> None:
    runs("path", policy="Never").end(0, "")
    with pytest.raises(Refusal, match="pod-ended"):
        checks.path(bench)
