from __future__ import annotations

from collections.abc import Callable

import pytest
from fakepods import FakeRun, ran, seen

from checker.observe import Bench, CouldNotLook, End, Reached
from checker.observe.http import parse, whole

Put = Callable[..., None]
PAGE = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 2\r\n\r\nhi"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    fake = FakeRun(ran(0, PAGE, b"open"))
    monkeypatch.setattr("checker.observe.probe.run", fake)
    return fake


def test_answer_has_status_headers_and_body(bench: Bench, run: FakeRun, service: Put) -> None:
    service(port=80)
    answer = bench.http("redis", "/index.html")
    assert (answer.status, answer.text, answer.headers["server"]) == (200, "hi", "nginx")
    assert run.log[0].stdin.startswith(b"GET /index.html HTTP/1.1\r\nHost: redis\r\n")
    assert run.log[0].stdin.endswith(b"\r\n\r\n")


def test_request_with_a_body_says_how_long_it_is(bench: Bench, run: FakeRun) -> None:
    bench.http(seen(), method="POST", body=b"abc", headers={"X-Token": "t1"})
    sent = run.log[0].stdin
    assert b"Content-Length: 3\r\n" in sent
    assert b"X-Token: t1\r\n" in sent
    assert sent.endswith(b"\r\n\r\nabc")


def test_error_page_is_an_answer_with_its_body(bench: Bench, run: FakeRun) -> None:
    run.answers = [ran(0, b"HTTP/1.0 404 Not Found\r\n\r\nno such page")]
    answer = bench.http(seen())
    assert (answer.status, answer.text) == (404, "no such page")


def test_redirect_is_not_followed(bench: Bench, run: FakeRun) -> None:
    run.answers = [ran(0, b"HTTP/1.1 302 Found\r\nLocation: http://evil/\r\n\r\n")]
    assert bench.http(seen()).status == 302
    assert len(run.log) == 1


def test_refused_connection_says_so_and_is_no_error(bench: Bench, run: FakeRun) -> None:
    run.answers = [ran(1, err=b"nc: 10.0.0.7 (10.0.0.7:80): Connection refused")]
    answer = bench.http(seen())
    assert (answer.reached, answer.status) == (Reached.refused, None)


def test_what_is_no_http_is_kept_as_it_came(bench: Bench, run: FakeRun) -> None:
    run.answers = [ran(0, b"-ERR unknown command\r\n")]
    answer = bench.http(seen())
    assert (answer.reached, answer.status) == (Reached.open, None)
    assert answer.text == "-ERR unknown command\r\n"


def test_missing_probe_is_could_not_look(bench: Bench, run: FakeRun) -> None:
    run.answers = [ran(end=End.lost, why='pods "probe" not found')]
    with pytest.raises(CouldNotLook):
        bench.http(seen())


@pytest.mark.parametrize(
    ("data", "status", "body"),
    [
        (PAGE, 200, b"hi"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", 200, b"cut"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n",
            200,
            b"hi!",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, b"until the end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi", 200, b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 abc\r\n\r\n", None, b"HTTP/1.1 abc\r\n\r\n"),
        (b"", None, b""),
        (b"\x15\x03\x01", None, b"\x15\x03\x01"),
        (
            b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200,
            None,
            b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200,
        ),
    ],
    ids=range(10),
)
def test_every_kind_of_answer_is_read_without_an_error(
    data: bytes, status: int | None, body: bytes
) -> None:
    found = parse(data)
    assert (found[0], found[2]) == (status, body)


def test_our_side_stays_open_until_the_whole_answer_is_there(bench: Bench, run: FakeRun) -> None:
    bench.http(seen())
    sent = run.log[0]
    assert sent.hold_stdin, "a proxy gives up the request of a client that closes its side"
    assert sent.enough is not None
    assert (sent.enough(PAGE[:-1]), sent.enough(PAGE)) == (False, True)


@pytest.mark.parametrize(
    ("data", "method", "is_whole"),
    [
        (PAGE, "GET", True),
        (PAGE[:-1], "GET", False),
        (PAGE[:-2], "HEAD", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "GET", True),
        (b"HTTP/1.1 204 No Content\r\n", "GET", False),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "GET", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "GET", False),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            "GET",
            True,
        ),
        (b"-ERR unknown command\r\n\r\n", "GET", False),
        (b"", "GET", False),
    ],
    ids=range(10),
)
def test_an_answer_is_whole_by_its_length_or_its_last_chunk(
    data: bytes, method: str, is_whole: bool
) -> None:
    assert whole(data, method) is is_whole
