from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fakecluster import KUBECONFIG, FakeApi
from kubernetes.client import CoreV1Api

from checker.cluster import ClusterError, Connection, Objects, connect
from checker.cluster.connection import BUSY_TRIES, CONNECT_SECONDS, READ_SECONDS, own_kubeconfig
from checker.cluster.meaning import API_ERRORS, meaning


def write(path: Path, text: str = KUBECONFIG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (path.parent / "ca.crt").touch()
    return path


def test_own_cluster_is_reached_by_its_own_context_whatever_the_current_one_is() -> None:
    write(own_kubeconfig("podlab"))
    connection = connect()
    assert connection.context == "kind-podlab"
    assert connection.client.configuration.host == "https://127.0.0.1:1"


def test_users_kubeconfig_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(write(tmp_path / "mine")))
    with pytest.raises(ClusterError, match=r"\.podlab/podlab/kubeconfig cannot be read"):
        connect()


def test_kubeconfig_without_our_context_is_refused_and_names_those_it_has() -> None:
    write(own_kubeconfig("other"))
    with pytest.raises(ClusterError, match="no context kind-other; it has: kind-podlab, some"):
        connect("other")


@pytest.mark.parametrize("text", ["[]", "{: :", "contexts: [{}]", "just words"])
def test_file_that_is_no_kubeconfig_is_refused(text: str) -> None:
    write(own_kubeconfig("podlab"), text)
    with pytest.raises(ClusterError, match="not a kubeconfig"):
        connect()


def test_half_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="Only --kubeconfig was given"):
        connect(kubeconfig=write(tmp_path / "mine"))
    with pytest.raises(ClusterError, match="Only --context was given"):
        connect(context="somewhere-else")


def test_cluster_named_in_full_is_taken_as_named(tmp_path: Path) -> None:
    connection = connect(kubeconfig=write(tmp_path / "mine"), context="somewhere-else")
    assert connection.client.configuration.host == "https://prod.example:6443"
    assert connection.cluster == "somewhere-else"


def test_error_says_what_happened_and_what_to_do_in_both_languages() -> None:
    with pytest.raises(ClusterError) as caught:
        connect()
    assert "podlab up" in caught.value.todo.zh
    assert "podlab up" in caught.value.todo.en
    assert caught.value.what.en in str(caught.value)
    assert caught.value.code == 3


def test_every_call_has_a_time_limit(connection: Connection, api: FakeApi) -> None:
    Objects(connection, "x").list("Pod")
    Objects(connection, "x").apply({"kind": "Pod", "metadata": {"name": "a"}})
    assert api.log
    assert set(api.timeouts) == {None}, "nobody names one, so the client must"


def test_client_names_a_time_limit_when_the_caller_does_not(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def request(*args: object, _request_timeout: object, **kwargs: object) -> None:
        seen.append(_request_timeout)
        raise TimeoutError

    client = connection.fresh_client()
    monkeypatch.setattr(client.rest_client, "request", request)
    named = Connection(client, "podlab", connection.kubeconfig, "kind-podlab")
    with pytest.raises(TimeoutError):
        Objects(named, "x").list("Pod")
    assert seen == [(CONNECT_SECONDS, READ_SECONDS)]


def test_proxy_of_the_environment_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    write(own_kubeconfig("podlab"))
    assert connect().client.configuration.proxy is None


def test_version_of_a_silent_api_server_is_a_cluster_error(
    connection: Connection, api: FakeApi
) -> None:
    api.trouble = lambda method, path: ConnectionRefusedError()
    with pytest.raises(ClusterError, match="cannot be reached"):
        connection.version()


class BusyServer(ThreadingHTTPServer):
    """An API server that puts off the first `busy` calls, and then makes what it is sent."""

    busy = 0
    after = "0"
    calls = 0


class _Busy(BaseHTTPRequestHandler):
    server: BusyServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls += 1
        put_off = self.server.calls <= self.server.busy
        self.send_response(429 if put_off else 201)
        if put_off:
            self.send_header("Retry-After", self.server.after)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[BusyServer, Connection]]:
    with BusyServer(("127.0.0.1", 0), _Busy) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        config = {
            "clusters": [
                {"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}
            ],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "users": [{"name": "u", "user": {}}],
            "current-context": "x",
        }
        yield server, connect(kubeconfig=write(tmp_path / "busy", json.dumps(config)), context="x")
        server.shutdown()


def make(connection: Connection) -> None:
    body = {"metadata": {"name": "a"}}
    connection.api(CoreV1Api).create_namespaced_config_map("x", body)


def test_call_that_a_busy_server_puts_off_is_made_again(
    busy: tuple[BusyServer, Connection],
) -> None:
    server, connection = busy
    server.busy = 2
    make(connection)
    assert server.calls == 3


def test_server_that_stays_busy_is_asked_so_often_and_no_more(
    busy: tuple[BusyServer, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, connection = busy
    server.busy, server.after = 99, "86400"
    pauses: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", pauses.append)
    with pytest.raises(API_ERRORS) as caught:
        make(connection)
    assert meaning(caught.value).code == 429
    assert server.calls == BUSY_TRIES + 1
    assert sum(pauses) <= 20, "a server that names a day is not waited for"
