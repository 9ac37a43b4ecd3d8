"""Lab 09 takes a new key for well only where the fronts that show it live on."""

from __future__ import annotations

import contextlib
import hashlib
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock

from checker.catalogue import load_lab
from checker.observe import Bench, Refusal
from checker.observe.pod import view

LESSON = "09-capstone"
load_lab(LESSON)
checks = sys.modules["checker_labs.09_capstone"]
SPACE = "/api/v1/namespaces/lab-09-capstone"


def put(api: FakeApi, life: int) -> None:
    status = {
        "name": "front",
        "image": "",
        "imageID": "",
        "ready": True,
        "restartCount": life,
        "containerID": f"containerd://{life}",
        "state": {"running": {}},
    }
    pod: dict[str, Any] = {
        "metadata": {"name": "front-a", "uid": "uid-a"},
        "spec": {"containers": [{"name": "front", "image": "busybox:1.37"}]},
        "status": {"phase": "Running", "containerStatuses": [status]},
    }
    api.put(f"{SPACE}/pods/front-a", pod)


@pytest.mark.parametrize(("restarts_after", "passes"), [(4.0, False), (None, True)])
def test_front_that_shows_the_new_key_and_ends_itself_then_is_told_so(
    api: FakeApi,
    bench: Bench,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    restarts_after: float | None,
    passes: bool,
) -> None:
    put(api, 0)
    fingerprint = hashlib.sha256(b"key-1").hexdigest()[:12]
    monkeypatch.setattr(checks, "find_fronts", lambda _: [view(bench.get("Pod", "front-a"))])
    monkeypatch.setattr(checks, "port_of_fronts", lambda _: 8080)
    monkeypatch.setattr(bench, "token", lambda _: "key-1")
    monkeypatch.setattr(bench, "change", lambda *words: None)
    monkeypatch.setattr(bench, "http", lambda *words: SimpleNamespace(text=fingerprint))
    if restarts_after:
        clock.at(restarts_after, lambda: put(api, 1))
    refused = pytest.raises(Refusal, match="front-restarted")
    with contextlib.nullcontext() if passes else refused:
        checks.payment(bench)
