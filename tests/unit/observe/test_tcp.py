from __future__ import annotations

from collections.abc import Callable

import pytest
from fakecluster import FakeApi
from fakepods import SPACE, FakeRun, ran, seen

from checker.observe import Bench, CouldNotLook, End, Reached, Refusal

Put = Callable[..., None]
REFUSED = b"nc: 10.96.0.9 (10.96.0.9:6379): Connection refused\nsent 0, rcvd 0"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    fake = FakeRun(ran(0, b"+PONG\r\n", b"10.96.0.9 (10.96.0.9:6379) open"))
    monkeypatch.setattr("checker.observe.probe.run", fake)
    return fake


def test_answer_comes_from_the_services_address(bench: Bench, run: FakeRun, service: Put) -> None:
    service()
    answer = bench.tcp("redis", 6379, "PING\r\n", until=b"\r\n")
    assert (answer.reached, answer.text) == (Reached.open, "+PONG\r\n")
    sent = run.log[0]
    assert (sent.namespace, sent.pod) == ("podlab-system", "probe")
    assert sent.argv[-2:] == ("10.96.0.9", "6379")
    assert (sent.stdin, sent.hold_stdin) == (b"PING\r\n", True)
    assert sent.enough is not None
    assert (sent.enough(b"+PONG"), sent.enough(b"+PONG\r\n")) == (False, True)


def test_complaint_is_told_without_the_clients_count_of_bytes(
    bench: Bench, run: FakeRun, service: Put
) -> None:
    service()
    run.answers = [ran(1, err=REFUSED)]
    complaint = bench.tcp("redis", 6379).complaint
    assert complaint == "nc: 10.96.0.9 (10.96.0.9:6379): Connection refused"


def test_without_until_our_side_is_closed_so_that_nc_comes_back(
    bench: Bench, run: FakeRun, service: Put
) -> None:
    service()
    bench.tcp("redis", 6379, "QUIT\r\n")
    assert not run.log[0].hold_stdin


def test_request_never_runs_longer_than_it_may(bench: Bench, run: FakeRun, service: Put) -> None:
    service()
    bench.tcp("redis", 6379, seconds=4)
    assert run.log[0].argv[:2] == ("timeout", "4")
    assert run.seconds[0] > 4, "the way there and back takes time too"


@pytest.mark.parametrize(
    ("err", "code", "reached"),
    [
        (REFUSED, 1, Reached.refused),
        (b"nc: can't connect to remote host (10.96.0.9): Connection refused", 1, Reached.refused),
        (b"nc: 10.96.0.9 (10.96.0.9:1): Connection timed out", 1, Reached.timeout),
        (b"nc: 10.96.0.9 (10.96.0.9:1): Operation timed out", 1, Reached.timeout),
        (b"nc: 10.96.0.9 (10.96.0.9:1): No route to host", 1, Reached.unreachable),
        (b"nc: 10.96.0.9 (10.96.0.9:1): Network is unreachable", 1, Reached.unreachable),
        (b"10.96.0.9 (10.96.0.9:1) open\nnc: read: Connection reset by peer", 1, Reached.open),
        (b"10.96.0.9 (10.96.0.9:6379) open\nsent 0, rcvd 0\npunt!", 143, Reached.open),
        (b"", 0, Reached.open),
        (b"sent 0, rcvd 0\npunt!", 143, Reached.timeout),
        (b"", 143, Reached.timeout),
    ],
)
def test_refused_silent_and_unreachable_are_told_apart(
    bench: Bench, run: FakeRun, service: Put, err: bytes, code: int, reached: Reached
) -> None:
    service()
    run.answers = [ran(code, b"", err)]
    assert bench.tcp("redis", 6379).reached is reached


@pytest.mark.parametrize(
    "broken",
    [
        ran(end=End.lost, why='pods "probe" not found'),
        ran(end=End.limit),
        ran(127, err=b"nc: executable file not found"),
        ran(126, err=b"permission denied"),
        ran(2, err=b"nc: unrecognized option"),
        ran(137),
    ],
    ids=lambda r: r.why or r.stderr or str(r.code),
)
def test_probe_that_is_missing_or_broken_is_could_not_look(
    bench: Bench, run: FakeRun, service: Put, broken: object
) -> None:
    service()
    run.answers = [broken]  # type: ignore[list-item]
    with pytest.raises(CouldNotLook) as caught:
        bench.tcp("redis", 6379)
    assert "podlab up" in caught.value.todo.zh


def test_service_that_is_not_there_is_told_before_anything_is_sent(
    bench: Bench, run: FakeRun
) -> None:
    with pytest.raises(Refusal, match="no-object"):
        bench.tcp("redis", 6379)
    assert run.log == []


def test_port_the_service_does_not_have_is_told(bench: Bench, run: FakeRun, service: Put) -> None:
    service()
    with pytest.raises(Refusal) as caught:
        bench.tcp("redis", 80)
    assert caught.value.message_id == "no-port"
    assert caught.value.params["ports"] == "6379"


def test_pod_is_reached_by_its_own_address(bench: Bench, run: FakeRun) -> None:
    assert bench.tcp(seen(), 6379).target == "10.0.0.7:6379"


def test_pod_without_an_address_is_told(bench: Bench, run: FakeRun) -> None:
    raw = seen()
    homeless = type(raw)(**{**vars(raw), "ip": ""})
    with pytest.raises(Refusal, match="not-ready"):
        bench.tcp(homeless, 6379)


def test_headless_service_is_reached_by_an_endpoint_that_is_ready(
    bench: Bench, run: FakeRun, service: Put, api: FakeApi
) -> None:
    service(clusterIP="None")
    path = "/apis/discovery.k8s.io/v1/namespaces/lab-01-storage/endpointslices/redis-1"
    endpoints = [
        {"addresses": ["10.0.0.1"], "conditions": {"ready": False}},
        {"addresses": ["10.0.0.2"], "conditions": {"ready": True}},
    ]
    labels = {"kubernetes.io/service-name": "redis"}
    form = {"metadata": {"labels": labels}, "addressType": "IPv4", "endpoints": endpoints}
    api.put(path, form)
    assert bench.tcp("redis", 6379).target == "10.0.0.2:6379"
    api.put(path, form | {"endpoints": endpoints[:1]})
    with pytest.raises(Refusal, match="no-endpoints"):
        bench.tcp("redis", 6379)
    assert f"{SPACE}/services/redis" in api.store
