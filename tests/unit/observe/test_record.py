from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from fakecluster import FakeClock
from fakepods import NOON, ended, make
from kubernetes import client

from checker.cluster import Change, Connection
from checker.observe import Record, Recorder
from checker.observe import record as module
from checker.observe.record import Notebook


@pytest.fixture
def notebook(clock: FakeClock) -> Notebook:
    return Notebook(clock)


def told(notebook: Notebook) -> list[str]:
    return [fact.what for fact in notebook.facts]


def part(name: str, *addresses: str) -> client.V1EndpointSlice:
    return client.V1EndpointSlice(
        metadata=client.V1ObjectMeta(name=name, labels={"kubernetes.io/service-name": "web"}),
        address_type="IPv4",
        endpoints=[client.V1Endpoint(addresses=[address]) for address in addresses],
    )


def event(uid: str, count: int = 1) -> client.CoreV1Event:
    return client.CoreV1Event(
        metadata=client.V1ObjectMeta(name=uid, uid=uid),
        involved_object=client.V1ObjectReference(kind="Pod", name="redis-0"),
        reason="BackOff",
        count=count,
        last_timestamp=NOON,
    )


def test_pods_are_told_by_what_changed_since_the_last_word(notebook: Notebook) -> None:
    notebook.hear(Change("listed", "Pod", (make(),)))
    notebook.facts.clear()
    notebook.hear(Change("modified", "Pod", (make(ready=False, state=ended(1)),)))
    assert told(notebook) == ["container-ended", "container-not-ready", "pod-not-ready"]


def test_pod_that_went_unheard_is_missed_in_the_next_list(notebook: Notebook) -> None:
    notebook.hear(Change("listed", "Pod", (make(),)))
    notebook.facts.clear()
    notebook.hear(Change("lost", "Pod"))
    notebook.hear(Change("listed", "Pod", ()))
    assert told(notebook) == ["gap", "pod-gone"]


def test_list_that_shows_nothing_new_tells_nothing(notebook: Notebook) -> None:
    notebook.hear(Change("listed", "Pod", (make(),)))
    notebook.facts.clear()
    notebook.hear(Change("listed", "Pod", (make(),)))
    assert told(notebook) == []


def test_pod_is_told_gone_once(notebook: Notebook) -> None:
    notebook.hear(Change("listed", "Pod", (make(),)))
    notebook.facts.clear()
    notebook.hear(Change("deleted", "Pod", (make(),)))
    notebook.hear(Change("listed", "Pod", ()))
    assert told(notebook) == ["pod-gone"]


def test_last_change_is_told_when_it_comes_together_with_the_going(notebook: Notebook) -> None:
    notebook.hear(Change("listed", "Pod", (make(),)))
    notebook.facts.clear()
    notebook.hear(Change("deleted", "Pod", (make(ready=False, state=ended(0, "Completed")),)))
    assert told(notebook) == [
        "container-ended",
        "container-not-ready",
        "pod-not-ready",
        "pod-gone",
    ]


def claim(uid: str) -> client.V1PersistentVolumeClaim:
    return client.V1PersistentVolumeClaim(
        metadata=client.V1ObjectMeta(name="data", uid=uid, creation_timestamp=NOON)
    )


def test_claims_are_told_when_they_come_and_when_they_go(
    notebook: Notebook, clock: FakeClock
) -> None:
    notebook.hear(Change("listed", "PersistentVolumeClaim", (claim("1"),)))
    notebook.hear(Change("modified", "PersistentVolumeClaim", (claim("1"),)))
    notebook.hear(Change("deleted", "PersistentVolumeClaim", (claim("1"),)))
    notebook.hear(Change("added", "PersistentVolumeClaim", (claim("2"),)))
    notebook.hear(Change("listed", "PersistentVolumeClaim", ()))
    assert told(notebook) == ["claim-seen", "claim-gone"] * 2
    assert notebook.facts[0].at == NOON
    assert notebook.facts[1].at == clock.wall()


def test_successor_of_the_same_name_is_another_pod(notebook: Notebook) -> None:
    notebook.hear(Change("listed", "Pod", (make(),)))
    notebook.facts.clear()
    notebook.hear(Change("listed", "Pod", (make(uid="uid-2"),)))
    assert told(notebook)[:2] == ["pod-gone", "pod-seen"]
    assert [fact.uid for fact in notebook.facts[:2]] == ["uid-1", "uid-2"]


def test_endpoints_leave_with_their_slice(notebook: Notebook) -> None:
    notebook.hear(Change("listed", "EndpointSlice", (part("web-1", "10.0.0.1"),)))
    notebook.hear(Change("modified", "EndpointSlice", (part("web-1", "10.0.0.1", "10.0.0.2"),)))
    notebook.hear(Change("deleted", "EndpointSlice", (part("web-1"),)))
    assert told(notebook) == [
        "endpoint-joined",
        "endpoint-joined",
        "endpoint-left",
        "endpoint-left",
    ]
    assert {fact.more["service"] for fact in notebook.facts} == {"web"}


def test_events_from_before_are_passed_over_and_repeated_ones_are_told_again(
    notebook: Notebook,
) -> None:
    notebook.hear(Change("listed", "Event", (event("old"),)))
    assert told(notebook) == []
    notebook.hear(Change("added", "Event", (event("new"),)))
    notebook.hear(Change("modified", "Event", (event("new", 2),)))
    notebook.hear(Change("listed", "Event", (event("old"), event("new", 2), event("third"))))
    notebook.hear(Change("deleted", "Event", (event("old"),)))
    assert told(notebook) == ["event"] * 3


def test_marks_stand_among_what_happened(notebook: Notebook, clock: FakeClock) -> None:
    clock.pause(5)
    notebook.note("mark", "asked", code=200)
    assert notebook.facts[0].heard == notebook.facts[0].at == clock.wall()
    assert notebook.facts[0].more == {"code": 200}


def test_what_is_noted_later_keeps_the_moment_it_happened(
    notebook: Notebook, clock: FakeClock
) -> None:
    notebook.note("moment", "log", NOON, words="fetched")
    assert (notebook.facts[0].at, notebook.facts[0].heard) == (NOON, clock.wall())


class FakeChanges:
    """Stands where a watch would be."""

    made: list[FakeChanges]

    def __init__(
        self, connection: object, namespace: str, kind: str, tell: Callable[[Change], None]
    ) -> None:
        self.kind, self.tell, self.log = kind, tell, []  # type: ignore[var-annotated]
        self.made.append(self)

    def start(self) -> None:
        self.log.append("start")

    def wait_until_listed(self) -> bool:
        self.log.append("listed")
        return True

    def stop(self) -> None:
        self.log.append("stop")


@pytest.fixture
def watches(monkeypatch: pytest.MonkeyPatch) -> list[FakeChanges]:
    FakeChanges.made = []
    monkeypatch.setattr(module, "Changes", FakeChanges)
    return FakeChanges.made


def test_recorder_watches_all_kinds_of_its_story_and_stops_them(
    connected: tuple[Connection, Any], clock: FakeClock, watches: list[FakeChanges]
) -> None:
    with Recorder(connected[0], "ns", clock=clock) as recorder:
        watches[0].tell(Change("listed", "Pod", (make(),)))
        clock.pause(9)
        recorder.mark("done")
    assert [watch.kind for watch in watches] == [
        "Pod",
        "EndpointSlice",
        "Event",
        "PersistentVolumeClaim",
    ]
    assert all(watch.log == ["start", "listed", "stop"] for watch in watches)
    record = recorder.record()
    assert (record.ended - record.began).total_seconds() == 9
    assert [fact.subject for fact in record.of("mark")] == ["done"]
    assert record.of("pod-ready")


def test_record_survives_json(
    connected: tuple[Connection, Any], clock: FakeClock, watches: list[FakeChanges]
) -> None:
    with Recorder(connected[0], "ns", clock=clock) as recorder:
        watches[0].tell(Change("listed", "Pod", (make(last=ended(1), restarts=1),)))
    record = recorder.record()
    assert Record.from_dict(json.loads(json.dumps(record.to_dict()))) == record


def test_marks_of_many_threads_are_all_kept(notebook: Notebook) -> None:
    threads = [threading.Thread(target=notebook.note, args=("mark", str(n))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {fact.subject for fact in notebook.facts} == {str(n) for n in range(20)}
