"""`bench.http`: one HTTP request to a Service or a Pod from inside the cluster.

It goes out through `tcp`, not through busybox wget: wget hides the body of an error page and
follows redirects by itself.
"""

from __future__ import annotations

import http.client
import io
from collections.abc import Mapping
from dataclasses import dataclass

from checker.observe.pod import Pod
from checker.observe.tcp import SECONDS, Reached, Tcp

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that only ask: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1"""


@dataclass(frozen=True)
class HttpAnswer:
    """The answer to one request. All of it is untrusted.

    `status` is None when no HTTP answer came; `reached` then says how far the request got, and
    `body` holds what came instead. Header names are in small letters.
    """

    reached: Reached
    status: int | None
    headers: Mapping[str, str]
    body: bytes
    target: str
    complaint: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Http(Tcp):
    """Requests."""

    def http(
        self,
        to: str | Pod,
        path: str = "/",
        port: int = 80,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        seconds: float = SECONDS,
    ) -> HttpAnswer:
        """Send one request and read the whole answer, for at most `seconds`.

        Our side of the connection stays open meanwhile, as that of curl does: a proxy takes a
        client that has closed its side for one that has gone, and gives the request up.
        Redirects are not followed. Refusals are those of `tcp`; a refused connection is an answer.
        """
        host = to if isinstance(to, str) else to.ip
        lines = {"Host": host, "User-Agent": "podlab", "Connection": "close"}
        if body:
            lines["Content-Length"] = str(len(body))
        lines |= headers or {}
        head = f"{method} {path} HTTP/1.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        request = head.encode() + b"\r\n" + body
        safe = method in SAFE
        answer = self.talk(to, port, request, lambda data: whole(data, method), seconds, safe=safe)
        status, got, content = parse(answer.data, method)
        return HttpAnswer(answer.reached, status, got, content, answer.target, answer.complaint)


class _Wire:
    """Bytes, as http.client wants them: behind a socket."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.data)


def parse(data: bytes, method: str = "GET") -> tuple[int | None, dict[str, str], bytes]:
    """Status, headers and body of an HTTP answer; status None for what is none."""
    answer = http.client.HTTPResponse(_Wire(data), method=method)  # type: ignore[arg-type]
    try:
        answer.begin()
    except (http.client.HTTPException, OSError, ValueError):
        return None, {}, data
    headers = {name.lower(): value for name, value in answer.getheaders()}
    try:
        return answer.status, headers, answer.read()
    except http.client.IncompleteRead as cut:
        return answer.status, headers, cut.partial
    except (http.client.HTTPException, OSError, ValueError):
        return answer.status, headers, b""


def whole(data: bytes, method: str = "GET") -> bool:
    """Whether an HTTP answer is all there, by its length or its last chunk.

    One that has neither ends with the connection (RFC 9112, 6.3).
    """
    if b"\r\n\r\n" not in data:
        return False
    answer = http.client.HTTPResponse(_Wire(data), method=method)  # type: ignore[arg-type]
    try:
        answer.begin()
        if answer.length is None and not answer.chunked:
            return False
        answer.read()
    except (http.client.HTTPException, OSError, ValueError):
        return False
    return True
