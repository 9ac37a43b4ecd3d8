"""A registry in memory, asked as the real one is: by nc in the probe Pod, by exec in its own."""

from __future__ import annotations

import base64
from collections.abc import Callable

import bcrypt
from fakecluster import FakeApi
from fakepods import SPACE, ran

from checker.observe import End, Ran
from checker.observe.distribution import MEASURE, SEND
from checker.observe.registry import ADD_USER
from checker.observe.transport import Command

SIZE, HASH = 2048, "a" * 64
LOGIN = f"{SPACE}/secrets/registry-login"


class FakeRegistry:
    """`users` is its htpasswd, `blobs` and `manifests` what was pushed, `log` the requests.

    `trouble(command)` may return what comes instead of an answer.
    """

    def __init__(self) -> None:
        self.users: dict[str, str] = {}
        self.blobs: set[str] = set()
        self.manifests: dict[str, bytes] = {}
        self.log: list[str] = []
        self.commands: list[Command] = []
        self.trouble: Callable[[Command], Ran | None] = lambda command: None

    def __call__(self, connection: object, command: Command, seconds: float, clock: object) -> Ran:
        self.commands.append(command)
        if wrong := self.trouble(command):
            return wrong
        if command.argv[:4] == ADD_USER:
            user, _, hashed = command.argv[4].partition(":")
            self.users[user] = hashed
            return ran()
        if command.argv[-1] == MEASURE:
            return ran(0, f"x86_64\n{SIZE}\n{HASH}  -\n".encode())
        body = b"" if SEND in command.argv else command.stdin.partition(b"\r\n\r\n")[2]
        head = command.stdin.partition(b"\r\n\r\n")[0].decode()
        status, more = self.serve(head, body)
        answer = f"HTTP/1.1 {status} X\r\n{more}Content-Length: 0\r\n\r\n"
        return ran(out=answer.encode(), end=End.enough)

    def serve(self, head: str, body: bytes) -> tuple[int, str]:
        method, path, _ = head.splitlines()[0].split()
        self.log.append(f"{method} {path}")
        if not self.knows(head):
            return 401, "WWW-Authenticate: Basic\r\n"
        where = path.removeprefix("/v2/janedoe/awesomeapp/")
        if path == "/v2/":
            return 200, ""
        if method == "POST":
            return 202, "Location: http://10.0.0.7:5000/upload/1?_state=x\r\n"
        if path.startswith("/upload/"):
            self.blobs.add(path.rpartition("digest=")[2])
            return 201, ""
        if method == "PUT":
            self.manifests[where] = body
            return 201, ""
        there = where in self.manifests or where.removeprefix("blobs/") in self.blobs
        return (200 if there else 404), ""

    def knows(self, head: str) -> bool:
        line = next(line for line in head.splitlines() if line.startswith("Authorization: Basic "))
        user, _, password = base64.b64decode(line.split()[2]).decode().partition(":")
        hashed = self.users.get(user)
        return bool(hashed and bcrypt.checkpw(password.encode(), hashed.encode()))


def encode(api: FakeApi, path: str) -> None:
    """What the API server does with the stringData of a new Secret."""
    found = api.store.get(LOGIN) if path.endswith("/secrets") else None
    if found and "stringData" in found:
        words = found.pop("stringData")
        found["data"] = {k: base64.b64encode(v.encode()).decode() for k, v in words.items()}
