"""What lessons count on in the image busybox, tried on containers of it."""

from __future__ import annotations

import socketserver
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from checker.environment.wait import wait_until

pytestmark = pytest.mark.engine

Start = Callable[..., Any]
NAME_SERVER = "127.0.53.53"  # loopback; port 53 there is free even where a resolver runs


@pytest.fixture
def names() -> Iterator[str]:
    """The address of a name server that knows one Service, `web` in the namespace `demo`."""
    server = socketserver.ThreadingUDPServer((NAME_SERVER, 53), OneName)
    with server, ThreadPoolExecutor(1) as pool:
        pool.submit(server.serve_forever, 0.1)
        yield NAME_SERVER
        server.shutdown()


class OneName(socketserver.BaseRequestHandler):
    """Answers 127.0.0.1 for the Service's full name, and "no such name" for all others."""

    def handle(self) -> None:
        query, socket = self.request
        end = query.index(b"\0", 12) + 5  # the name, its end, type and class
        known = query[12 : end - 4] == b"".join(
            bytes([len(label)]) + label for label in b"web.demo.svc.cluster.local.".split(b".")
        )
        answers = known and query[end - 4 : end - 2] == b"\0\1"  # an IPv4 address was asked for
        flags = b"\x81\x80" if known else b"\x81\x83"
        head = query[:2] + flags + b"\0\1" + (b"\0\1" if answers else b"\0\0") + b"\0" * 4
        record = b"\xc0\x0c\0\1\0\1\0\0\0\5\0\4\x7f\0\0\1"
        socket.sendto(head + query[12:end] + record * answers, self.client_address)


@pytest.fixture
def busybox(start: Start) -> Any:
    """An idle busybox."""
    return start("busybox", "sleep", "120")


def test_busyboxs_web_server_and_client_understand_each_other(busybox: Any) -> None:
    busybox.says("sh", "-c", "mkdir /www && echo page >/www/index.html && httpd -h /www -p 8080")
    assert busybox.says("wget", "-qO-", "http://localhost:8080/") == "page"


def test_busyboxs_nc_serves_many_and_probes_without_sending(busybox: Any) -> None:
    busybox.says("sh", "-c", "nc -lk -p 7000 -e cat >/dev/null 2>&1 &")
    assert wait_until(lambda: busybox.exec("nc", "-z", "127.0.0.1", "7000").returncode == 0, 10)
    for word in ("one", "two"):
        assert busybox.says("nc", "-w", "2", "127.0.0.1", "7000", stdin=word) == word
    assert busybox.exec("nc", "-z", "127.0.0.1", "7001").returncode != 0


def test_busybox_completes_names_as_a_pod_needs_it(
    start: Start, names: str, tmp_path: Path
) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text(
        f"nameserver {names}\nsearch demo.svc.cluster.local svc.cluster.local\noptions ndots:5\n",
        encoding="utf-8",
    )
    options = ("--network", "host", "-v", f"{file}:/etc/resolv.conf:ro")
    client = start("busybox", "sleep", "60", options=options)
    assert "127.0.0.1:9" in client.exec("wget", "-T", "3", "http://web:9/").stderr
    assert "127.0.0.1:9" in client.exec("wget", "-T", "3", "http://web.demo:9/").stderr
    assert "bad address" in client.exec("wget", "-T", "3", "http://nobody:9/").stderr


def test_busyboxs_shell_as_process_1_ends_by_its_own_trap(start: Start) -> None:
    script = "trap 'echo leaving; exit 3' TERM; echo ready; while :; do sleep 1 & wait $!; done"
    container = start("busybox", "sh", "-c", script)
    container.wait_for("ready")
    assert container.stop() == 3
    assert "leaving" in container.log().stdout


def test_busybox_runs_as_any_user_and_writes_to_tmp(start: Start) -> None:
    container = start("busybox", "sleep", "60", options=("--user", "10001:10001"))
    container.says("dd", "if=/dev/zero", "of=/tmp/file", "bs=1k", "count=8")
    assert container.says("stat", "-c", "%u %s", "/tmp/file") == "10001 8192"
