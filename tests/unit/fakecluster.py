"""An API server in memory and a clock that is moved by hand, for unit tests without a cluster.

The real client runs on it: requests go out as it writes them, answers come back as it reads them.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import urllib3
from kubernetes.client import ApiClient, Configuration
from kubernetes.client.rest import RESTResponse

from checker.cluster.connection import Connection, TimedClient

PATH = re.compile(
    r"/(?:api/v1|apis/[^/]+/[^/]+)"
    r"(?:/namespaces/(?P<space>[^/]+)(?=/[^/]+))?"
    r"/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?$"
)
KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: somewhere-else
clusters:
- {name: kind-podlab, cluster: {server: "https://127.0.0.1:1", certificate-authority: ca.crt}}
- {name: prod, cluster: {server: "https://prod.example:6443"}}
contexts:
- {name: kind-podlab, context: {cluster: kind-podlab, user: kind-podlab}}
- {name: somewhere-else, context: {cluster: prod, user: boss}}
users:
- {name: kind-podlab, user: {token: t1}}
- {name: boss, user: {token: t2}}
"""


class FakeClock:
    """Time passes only when somebody pauses. `at(seconds, act)` does something when it is due."""

    def __init__(self) -> None:
        self.time = 0.0
        self.due: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> float:
        return self.time

    def wall(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.time)

    def pause(self, seconds: float) -> None:
        assert seconds > 0, "a pause of nothing is a busy loop"
        end = self.time + seconds
        while self.due and min(self.due, key=lambda d: d[0])[0] <= end:
            when, act = min(self.due, key=lambda d: d[0])
            self.due.remove((when, act))
            self.time = max(self.time, when)
            act()
        self.time = end

    def at(self, seconds: float, act: Callable[[], object]) -> None:
        self.due.append((seconds, act))


class FakeApi(TimedClient):
    """Answers as an API server does, from `store`, a mapping of path to object.

    `log` holds (method, path). `trouble(method, path)` may return an exception to be raised or a
    status code to be answered. `after(method, path)` runs when a request has been served.
    """

    def __init__(self) -> None:
        super().__init__(Configuration(host="http://fake"))
        self.store: dict[str, dict[str, Any]] = {}
        self.version = 100
        self.log: list[tuple[str, str]] = []
        self.timeouts: list[Any] = []
        self.trouble: Callable[[str, str], Exception | int | None] = lambda method, path: None
        self.after: Callable[[str, str], object] = lambda method, path: None
        self.sticky: set[str] = set()
        self.lock = threading.RLock()

    def put(self, path: str, thing: Any) -> dict[str, Any]:
        """Store a model object or a dict; it gets a uid, and a new resourceVersion."""
        data: dict[str, Any] = copy.deepcopy(ApiClient().sanitize_for_serialization(thing))
        self.version += 1
        meta = data.setdefault("metadata", {})
        meta.setdefault("name", path.rsplit("/", 1)[1])
        if "/namespaces/" in path:
            meta.setdefault("namespace", path.split("/")[4 if path.startswith("/api/") else 5])
        meta.setdefault("uid", f"uid-{self.version}")
        meta["resourceVersion"] = str(self.version)
        self.store[path] = data
        return data

    def call_api(self, *args: Any, **kwargs: Any) -> Any:
        with self.lock:  # learners of a class come side by side
            return self.answer(*args, **kwargs)

    def answer(self, *args: Any, **kwargs: Any) -> Any:
        method, url = args[0], args[1]
        body = kwargs.get("body") or (args[3] if len(args) > 3 else None)
        headers = args[2] if len(args) > 2 else kwargs.get("header_params") or {}
        self.timeouts.append(kwargs.get("_request_timeout"))
        parts = urlparse(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.log.append((method, parts.path))
        wrong = self.trouble(method, parts.path)
        if isinstance(wrong, Exception):
            raise wrong
        code, answer = (
            (wrong, status(wrong, "Trouble", "made by the test"))
            if wrong
            else self.serve(method, parts.path, query, body, headers)
        )
        self.after(method, parts.path)
        return response(code, answer)

    def serve(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Any
    ) -> tuple[int, Any]:
        found = PATH.fullmatch(path)
        assert found, f"the fake does not know {path}"
        if found["name"] is None:
            return self.collection(method, path, query, body)
        if method == "PATCH" and "apply-patch" in headers.get("Content-Type", ""):
            return 200, self.put(path, merged(self.store.get(path, {}), body))
        if path not in self.store:
            kind = found["plural"]
            return 404, status(404, "NotFound", f'{kind} "{found["name"]}" not found')
        if method == "GET":
            return 200, self.store[path]
        if method == "PATCH":
            return 200, self.put(path, merged(self.store[path], body))
        if method == "PUT":
            return self.replace(path, body)
        return self.delete(path, body or {})

    def collection(
        self, method: str, path: str, query: Mapping[str, str], body: Any
    ) -> tuple[int, Any]:
        base, plural = path.rsplit("/", 1)
        below = re.compile(rf"{re.escape(base)}(/namespaces/[^/]+)?/{plural}/[^/]+")
        inside = [key for key in self.store if below.fullmatch(key)]
        if method == "DELETE":
            for key in inside:
                del self.store[key]
            return 200, {}
        if method == "POST":
            key = f"{path}/{body['metadata']['name']}"
            if key in self.store:
                return 409, status(409, "AlreadyExists", f"{key} already exists")
            return 201, self.put(key, body)
        wanted = [p.partition("=") for p in query.get("labelSelector", "").split(",") if p]
        items = [
            self.store[key]
            for key in inside
            if selected(self.store[key]["metadata"].get("labels") or {}, wanted)
        ]
        return 200, {"metadata": {"resourceVersion": str(self.version)}, "items": items}

    def replace(self, path: str, body: Any) -> tuple[int, Any]:
        said = body["metadata"].get("resourceVersion")
        if said and said != self.store[path]["metadata"]["resourceVersion"]:
            return 409, status(409, "Conflict", "the object has been modified")
        return 200, self.put(path, body)

    def delete(self, path: str, body: Any) -> tuple[int, Any]:
        meta = self.store[path]["metadata"]
        for key, value in (body.get("preconditions") or {}).items():
            if value != meta[key]:
                return 409, status(409, "Conflict", f"precondition {key} failed")
        if path in self.sticky:
            meta["deletionTimestamp"] = "2026-01-01T00:00:00Z"
            return 200, self.store[path]
        inside = path.removeprefix("/api/v1") + "/"
        below = [key for key in self.store if inside in key]
        for key in [path, *below]:
            del self.store[key]
        return 200, {}


def selected(labels: Mapping[str, str], wanted: list[tuple[str, str, str]]) -> bool:
    """Whether labels fit the parts of a selector: `a=b`, or `a` for any value."""
    return all(labels.get(key) == value if sign else key in labels for key, sign, value in wanted)


def status(code: int, reason: str, message: str) -> dict[str, Any]:
    return {
        "kind": "Status",
        "status": "Failure",
        "reason": reason,
        "message": message,
        "code": code,
    }


def response(code: int, answer: Any) -> RESTResponse:
    return RESTResponse(
        urllib3.HTTPResponse(
            body=json.dumps(answer).encode(),
            status=code,
            reason="",
            headers={"Content-Type": "application/json"},
        )
    )


def merged(old: Any, new: Any) -> Any:
    """A JSON merge patch (RFC 7386)."""
    if not isinstance(new, dict):
        return new
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in new.items():
        result[key] = merged(result.get(key), value)
        if value is None:
            del result[key]
    return result


def fake_connection(folder: Path) -> tuple[Connection, FakeApi]:
    """A connection to an API server in memory, with a kubeconfig on disk."""
    file = folder / "kubeconfig"
    file.write_text(KUBECONFIG.lstrip(), encoding="utf-8")
    api = FakeApi()
    return Connection(api, "podlab", file, "kind-podlab"), api
