"""A check's requests meet servers as curl does: slow ones behind a proxy, and very plain ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from checker.cluster import Connection, Objects, Workspace, ensure, remove
from checker.observe import Bench
from checker.texts import Text

WORKSPACE = Workspace("07-lifecycle", "demo", "requests")
READY, ANSWERED = Text.same("the servers are ready"), Text.same("three requests are answered")
# Answers after 3 s; nginx before it gives up the request of a client that has closed its side.
SLOW = r"""
mkdir -p /tmp/cgi-bin
cat > /tmp/cgi-bin/slow << 'END'
#!/bin/sh
sleep 3
printf 'Content-Type: text/plain\r\n\r\nslow\n'
END
chmod 755 /tmp/cgi-bin/slow
exec httpd -f -p 8081 -h /tmp
"""
PROXY = """
printf 'server { listen 8080; location / { proxy_pass http://127.0.0.1:8081; } }' \
    > /etc/nginx/conf.d/default.conf
exec nginx -g 'daemon off;'
"""
# One answer for each connection, without a length: it ends when the server closes.
PLAIN = r"""
while :; do printf 'HTTP/1.0 200 OK\r\n\r\nplain\n' | nc -l -p 8082; done
"""


def container(name: str, image: str, script: str) -> dict[str, object]:
    resources = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}
    return {
        "name": name,
        "image": image,
        "command": ["sh", "-c", script],
        "resources": resources,
    }


@pytest.fixture(scope="module")
def bench(connection: Connection) -> Iterator[Bench]:
    """A bench on a Pod with the three servers."""
    ensure(connection, WORKSPACE)
    form = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "servers"},
        "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [
                container("slow", "busybox:1.37", SLOW),
                container("proxy", "nginx:1", PROXY),
                container("plain", "busybox:1.37", PLAIN),
            ],
        },
    }
    Objects(connection, WORKSPACE.namespace).apply(form)
    made = Bench(connection, WORKSPACE, deadline=300)
    try:
        made.converge(lambda: made.pod("servers").ready, bool, 150, READY)
        yield made
    finally:
        made.close()
        remove(connection, WORKSPACE, wait_until_gone=False)


def test_slow_answer_of_a_proxy_arrives(bench: Bench) -> None:
    answer = bench.http(bench.pod("servers"), "/cgi-bin/slow", 8080, seconds=20)
    assert (answer.status, answer.text) == (200, "slow\n")


def test_slow_answers_of_a_proxy_arrive_under_load(bench: Bench) -> None:
    with bench.load(bench.pod("servers"), "/cgi-bin/slow", 8080, rate=2, patience=20) as load:
        bench.converge(lambda: len(load.answers), lambda n: n > 2, 60, ANSWERED)
    assert [each.error for each in load.failed] == []
    assert {each.body for each in load.answers} == {"slow\n"}


def test_load_tells_a_quick_answer_from_a_slow_one(bench: Bench) -> None:
    pod = bench.pod("servers")
    found = []
    for path in ("/missing", "/cgi-bin/slow"):
        with bench.load(pod, path, 8080, rate=5, patience=20) as load:
            bench.converge(lambda: len(load.answers), lambda n: n > 2, 60, ANSWERED)
        found.append(min(each.seconds for each in load.answers))
    quick, slow = found
    assert quick < slow / 4, found


def test_answer_that_ends_with_its_connection_arrives(bench: Bench) -> None:
    answer = bench.http(bench.pod("servers"), port=8082, seconds=20)
    assert (answer.status, answer.text) == (200, "plain\n")


def test_loads_that_nobody_answers_come_to_their_end_side_by_side(bench: Bench) -> None:
    """Each that waits is some processes in the probe Pod, which has to have room for all."""
    bench.apply(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "nobody"},
            "spec": {"selector": {"app": "nobody"}, "ports": [{"port": 80}]},
        }
    )
    with ExitStack() as stack:
        loads = [stack.enter_context(bench.load("nobody", patience=6)) for _ in range(6)]
        bench.clock.pause(8)
    assert all(load.answers and len(load.failed) == len(load.answers) for load in loads)
