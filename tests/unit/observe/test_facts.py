from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from fakepods import NOON, ended, make, running, seen, waiting
from kubernetes import client

from checker.observe import Fact, Pod
from checker.observe.facts import endpoint_facts, endpoints, event_fact, pod_facts
from checker.observe.pod import view

HEARD = NOON + timedelta(seconds=30)


def told(was: Pod | None, now: Pod | None) -> list[str]:
    return [fact.what for fact in pod_facts(was, now, HEARD)]


def test_new_pod_that_runs_is_told_from_its_creation_on() -> None:
    facts = list(pod_facts(None, seen(), HEARD))
    assert [f.what for f in facts] == [
        "pod-seen",
        "pod-phase",
        "container-started",
        "container-ready",
        "pod-ready",
    ]
    assert facts[0].at == NOON, "the cluster's own time, where it tells one"
    assert facts[1].at == HEARD
    assert {f.uid for f in facts} == {"uid-1"}


def test_nothing_new_is_no_fact() -> None:
    assert told(seen(), seen()) == []
    assert told(None, None) == []


def test_container_that_ended_and_started_anew_between_two_looks_loses_neither() -> None:
    now = seen(restarts=1, container_id="containerd://2", last=ended(137, "OOMKilled"))
    facts = list(pod_facts(seen(), now, HEARD))
    assert [f.what for f in facts] == ["container-ended", "container-started"]
    assert facts[0].more["code"] == 137
    assert facts[0].more["reason"] == "OOMKilled"
    assert facts[1].more["restarts"] == 1


def test_end_is_told_once_when_it_moves_from_this_life_to_the_last() -> None:
    down = seen(ready=False, state=ended(3))
    back_off = seen(ready=False, state=waiting("CrashLoopBackOff"), last=ended(3))
    assert told(seen(), down) == ["container-ended", "container-not-ready", "pod-not-ready"]
    assert told(down, back_off) == ["container-waiting"]


def test_two_ends_that_look_alike_but_at_other_times_are_two() -> None:
    first = seen(ready=False, state=ended(3))
    later = ended(3)
    assert later.terminated
    later.terminated.finished_at = NOON + timedelta(seconds=9)
    assert "container-ended" in told(first, seen(ready=False, state=later))


def test_pod_that_becomes_unready_and_ready_again_is_told_each_time() -> None:
    assert told(seen(), seen(ready=False)) == ["container-not-ready", "pod-not-ready"]
    assert told(seen(ready=False), seen()) == ["container-ready", "pod-ready"]


def test_pod_that_goes_is_told_twice_when_asked_to_and_when_gone() -> None:
    going = seen()
    leaving = Pod(**{**vars(going), "terminating": True})
    assert told(going, leaving) == ["pod-deleting"]
    assert told(leaving, leaving) == []
    assert told(leaving, None) == ["pod-gone"]


def test_a_deletion_is_told_with_when_it_was_asked_for_and_the_grace_it_gives() -> None:
    """`deletionTimestamp` is when the grace period is over, by the cluster's clock."""
    raw = make()
    raw.metadata.deletion_timestamp = NOON + timedelta(seconds=8)
    raw.metadata.deletion_grace_period_seconds = 8
    (fact,) = [f for f in pod_facts(seen(), view(raw), HEARD) if f.what == "pod-deleting"]
    assert (fact.at, fact.more["grace"]) == (NOON, 8)


def test_waiting_is_told_with_its_reason_once() -> None:
    pull = seen(ready=False, phase="Pending", state=waiting("ErrImagePull", "no host"))
    facts = [f for f in pod_facts(None, pull, HEARD) if f.what == "container-waiting"]
    assert [f.more["reason"] for f in facts] == ["ErrImagePull"]
    assert told(pull, pull) == []


def test_termination_message_is_harmless() -> None:
    facts = list(pod_facts(seen(), seen(ready=False, state=ended(1, message="\x1b[2Jx")), HEARD))
    assert facts[0].more["message"] == "x"


def slice_of(*who: tuple[str, Any]) -> client.V1EndpointSlice:
    return client.V1EndpointSlice(
        address_type="IPv4",
        endpoints=[
            client.V1Endpoint(
                addresses=[address],
                conditions=conditions,
                target_ref=client.V1ObjectReference(kind="Pod", name=f"pod-{address}"),
            )
            for address, conditions in who
        ],
    )


def ready(yes: bool, serving: bool = True, terminating: bool = False) -> Any:
    return client.V1EndpointConditions(ready=yes, serving=serving, terminating=terminating)


def test_endpoints_join_change_and_leave() -> None:
    before = endpoints(slice_of(("1", ready(True)), ("2", ready(True)), ("3", ready(True))))
    after = endpoints(
        slice_of(("1", ready(True)), ("2", ready(False, True, True)), ("4", ready(True)))
    )
    facts = list(endpoint_facts("web", before, after, HEARD))
    assert [(f.what, f.subject) for f in facts] == [
        ("endpoint-changed", "pod-2"),
        ("endpoint-left", "pod-3"),
        ("endpoint-joined", "pod-4"),
    ]
    assert facts[0].more == {
        "service": "web",
        "address": "2",
        "ready": False,
        "serving": True,
        "terminating": True,
    }


def test_endpoint_without_conditions_counts_as_ready() -> None:
    assert endpoints(slice_of(("1", None)))["1"][1]["ready"] is True


def test_slice_without_endpoints_is_empty() -> None:
    assert endpoints(client.V1EndpointSlice(address_type="IPv4", endpoints=[])) == {}


def test_event_is_a_fact_about_its_object() -> None:
    event = client.CoreV1Event(
        metadata=client.V1ObjectMeta(name="e"),
        involved_object=client.V1ObjectReference(kind="Pod", name="redis-0", uid="uid-1"),
        reason="Unhealthy",
        message="probe \x1b[1mfailed",
        type="Warning",
        last_timestamp=NOON,
    )
    fact = event_fact(event, HEARD)
    assert (fact.what, fact.at, fact.subject) == ("event", NOON, "redis-0")
    assert (fact.more["reason"], fact.more["message"]) == ("Unhealthy", "probe failed")


def test_fact_survives_json() -> None:
    for fact in pod_facts(None, seen(last=ended(1), restarts=1, state=running()), HEARD):
        assert Fact.from_dict(json.loads(json.dumps(fact.to_dict()))) == fact


def test_pod_tells_which_claims_it_uses() -> None:
    raw = make()
    assert raw.spec
    source = client.V1PersistentVolumeClaimVolumeSource(claim_name="data")
    raw.spec.volumes = [
        client.V1Volume(name="scratch", empty_dir=client.V1EmptyDirVolumeSource()),
        client.V1Volume(name="data", persistent_volume_claim=source),
    ]
    assert next(iter(pod_facts(None, view(raw), HEARD))).more["claims"] == ["data"]
    assert next(iter(pod_facts(None, seen(), HEARD))).more["claims"] == []
