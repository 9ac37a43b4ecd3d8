from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakecluster import FakeApi

from checker.cluster import Change, Changes, Connection

PODS = "/api/v1/namespaces/ns/pods"


class Line(list[str]):
    """The answer to a watch: lines, then an optional exception, as the library reads them."""

    status = 200

    def __init__(self, *lines: Any, then: Exception | None = None) -> None:
        super().__init__(json.dumps(x) if isinstance(x, dict) else x for x in lines)
        self.then = then

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        for line in self:
            yield f"{line}\n".encode()
        if self.then:
            raise self.then

    def close(self) -> None: ...

    def release_conn(self) -> None: ...


def event(word: str, name: str, version: str) -> dict[str, Any]:
    return {
        "type": word,
        "object": {"kind": "Pod", "metadata": {"name": name, "resourceVersion": version}},
    }


GONE = {"type": "ERROR", "object": {"code": 410, "reason": "Expired", "message": "too old"}}


@pytest.fixture
def hear(
    connection: Connection, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., list[tuple[str, int]]]]:
    """Watch Pods: each watch gets the next answer; what was told is returned."""
    monkeypatch.setattr("checker.cluster.changes.BREATH", 0.001)
    told: queue.Queue[Change] = queue.Queue()
    changes = Changes(connection, "ns", "Pod", told.put)

    def go(*answers: Line, count: int) -> list[tuple[str, int]]:
        left = list(answers)
        serve = api.call_api
        asked: list[str] = []

        def call_api(*args: Any, **kwargs: Any) -> Any:
            if "watch=true" not in args[1].lower():
                return serve(*args, **kwargs)
            asked.append(args[1])
            answer = left.pop(0) if left else Line()
            if not left and len(asked) > len(answers):
                changes._stop.wait(0.01)
            return type("R", (), {"status": 200, "response": answer, "read": lambda self: b""})()

        monkeypatch.setattr(api, "call_api", call_api)
        changes.start()
        found = [told.get(timeout=5) for _ in range(count)]
        return [(change.what, len(change.objects)) for change in found]

    yield go
    changes.stop()
    assert not changes._thread.is_alive()


def test_first_word_is_what_there_is_and_then_every_change(hear: Any, api: FakeApi) -> None:
    api.put(f"{PODS}/a", {})
    lines = Line(event("ADDED", "b", "7"), event("MODIFIED", "b", "8"), event("DELETED", "b", "9"))
    assert hear(lines, count=4) == [("listed", 1), ("added", 1), ("modified", 1), ("deleted", 1)]


def test_watch_that_ends_goes_on(hear: Any) -> None:
    first, second = Line(event("ADDED", "a", "7")), Line(event("ADDED", "b", "8"))
    assert hear(first, second, count=3) == [("listed", 0), ("added", 1), ("added", 1)]


def test_history_that_was_cut_off_is_listed_anew(hear: Any) -> None:
    assert hear(Line(GONE), Line(event("ADDED", "a", "7")), count=4) == [
        ("listed", 0),
        ("lost", 0),
        ("listed", 0),
        ("added", 1),
    ]


def test_connection_that_breaks_is_listed_anew(hear: Any) -> None:
    broken = Line(event("ADDED", "a", "7"), then=ConnectionResetError())
    told = hear(broken, count=4)
    assert told == [("listed", 0), ("added", 1), ("lost", 0), ("listed", 0)]


def test_half_a_line_is_passed_over(hear: Any) -> None:
    lines = Line('{"type": "ADD', event("ADDED", "a", "7"))
    assert hear(lines, count=2) == [("listed", 0), ("added", 1)]


def test_bookmarks_are_not_told(hear: Any) -> None:
    lines = Line(event("BOOKMARK", "x", "7"), event("ADDED", "a", "8"))
    assert hear(lines, count=2) == [("listed", 0), ("added", 1)]


def test_list_that_fails_is_tried_again(hear: Any, api: FakeApi) -> None:
    api.trouble = lambda method, path: TimeoutError()
    api.after = lambda method, path: None
    troubles = [TimeoutError(), None]
    api.trouble = lambda method, path: troubles.pop(0) if troubles else None
    assert hear(count=2) == [("lost", 0), ("listed", 0)]


def test_stop_before_start_is_no_error(connection: Connection) -> None:
    Changes(connection, "ns", "Pod", lambda change: None).stop()
