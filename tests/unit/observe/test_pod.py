from __future__ import annotations

import pytest
from fakepods import ended, make, seen
from kubernetes import client

from checker.observe.pod import until_restart, view


def test_pod_that_has_no_status_yet_is_not_ready_and_breaks_nothing() -> None:
    raw = client.V1Pod(
        metadata=client.V1ObjectMeta(name="a"),
        spec=client.V1PodSpec(containers=[client.V1Container(name="c", image="i")]),
    )
    pod = view(raw)
    assert not pod.ready
    assert pod.container().state == "waiting"
    assert pod.restarts == 0


def test_owner_is_the_controller_that_would_make_a_new_one() -> None:
    assert seen(owner="StatefulSet").owner == ("StatefulSet", "redis")
    assert seen(owner="").owner is None


def test_last_life_and_present_life_are_told_apart() -> None:
    here = seen(restarts=1, last=ended(7, message="bye")).container()
    assert here.state == "running"
    assert here.ended is None
    assert here.last
    assert (here.last.code, here.last.message) == (7, "bye")


def test_annotation_of_kubectl_chooses_the_container() -> None:
    raw = make()
    assert raw.metadata
    assert raw.spec
    raw.spec.containers = [*raw.spec.containers, client.V1Container(name="second", image="i")]
    raw.metadata.annotations = {"kubectl.kubernetes.io/default-container": "second"}
    assert view(raw).container().name == "second"


def test_init_container_is_never_the_default() -> None:
    init = client.V1ContainerStatus(
        name="first", image="i", image_id="", ready=True, restart_count=0
    )
    pod = seen(init=init)
    assert [c.name for c in pod.containers] == ["first", "redis"]
    assert pod.container().name == "redis"


def test_unknown_container_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        seen().container("nosuch")


@pytest.mark.parametrize(
    ("probe", "seconds"),
    [
        (None, 0),
        (client.V1Probe(), 30 + 7),
        (client.V1Probe(initial_delay_seconds=5, period_seconds=2, failure_threshold=1), 5 + 2 + 7),
        (client.V1Probe(period_seconds=1, termination_grace_period_seconds=1), 3 + 1),
    ],
)
def test_a_restart_by_a_liveness_probe_takes_its_worst_case_and_the_grace_period(
    probe: client.V1Probe | None, seconds: float
) -> None:
    raw = make()
    assert raw.spec
    raw.spec.containers[0].liveness_probe = probe
    raw.spec.termination_grace_period_seconds = 7
    assert until_restart(view(raw), "redis") == seconds
