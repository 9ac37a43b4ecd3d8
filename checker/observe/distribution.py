"""Speaks with the course's private registry: who is let in, what is there, a new image.

Paths and answers: https://github.com/opencontainers/distribution-spec (spec.md). Requests go out
from the probe Pod, whose own busybox is the program in our images. Whatever does not go as it
should is CouldNotLook: the registry is the course's, never the learner's.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from checker.observe.clean import clean
from checker.observe.http import SAFE, parse
from checker.observe.image import MANIFEST, Blob, build
from checker.observe.images import registry_host
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import Pod
from checker.observe.tcp import Reached, Tcp
from checker.texts import Text

NAMESPACE = "podlab-registry"
REPOSITORY = "janedoe/awesomeapp"
TAG = "v1"
PORT = 5000
HEAD_ENDS = b"\r\n\r\n"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
"""What `uname -m` says, and Go's word for it, which stands in an image's configuration."""

# The program of our images is the probe Pod's own busybox, with the libraries that it may need.
TAKE = "layer() { tar cf - -C / bin/busybox $(cd / && ls -d lib lib64 2> /dev/null); }"
MEASURE = f"{TAKE}; uname -m; layer | wc -c; layer | sha256sum"
# The head of the request comes by standard input, so that no password stands among arguments. It
# stays open behind the layer: a server takes a closed connection for a client that has gone.
SEND = f'{TAKE}; {{ head -c "$1"; layer; cat; }} | nc -w 10 "$2" "$3"'

NO_ANSWER = Text(
    "课程的镜像仓库没有照常回答（{why}）。",
    "The course's registry did not answer as it should ({why}).",
)
LOOK_THERE = Text(
    f"看看它的 Pod（kubectl -n {NAMESPACE} get pods,events），然后再检查一次。",
    f"Look at its Pod with kubectl -n {NAMESPACE} get pods,events, then check again.",
)


@dataclass(frozen=True)
class Login:
    """A user of the registry. The password never stands in a text of ours."""

    user: str
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of the header `Authorization` (RFC 7617)."""
        both = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(both).decode()}"


@dataclass(frozen=True)
class _Answer:
    status: int
    location: str


class PrivateRegistry:
    """The registry, while it runs. `login` is the workspace's own. What fails is CouldNotLook."""

    repository = REPOSITORY

    def __init__(self, bench: Tcp, pod: Pod, login: Login) -> None:
        self._bench = bench
        self._pod = pod
        self.login = login

    @property
    def host(self) -> str:
        """The registry's name in an image, as the nodes know it."""
        return registry_host()

    def image(self, tag: str = TAG) -> str:
        """The image of this tag as a Pod names it."""
        return f"{self.host}/{REPOSITORY}:{tag}"

    def admits(self, login: Login) -> bool:
        """Whether the registry lets this user in (200) or asks for another (401)."""
        status = self._ask("GET", "/v2/", login=login).status
        if status not in (200, 401):
            raise _strange(f"GET /v2/: {status}")
        return status == 200

    def serves(self, repository: str, reference: str) -> bool:
        """Whether there is an image of this tag or digest in a repository."""
        return self._ask("HEAD", f"/v2/{repository}/manifests/{reference}").status == 200

    def push(self, tag: str, page: str) -> str:
        """Put an image there that answers GET / on port 8080 with `page`; returns its digest."""
        program, architecture = self._program()
        if not self._has(program):
            self._send_program(program)
        image = build(program, page, architecture)
        for blob in image.blobs:
            if not self._has(blob):
                self._expect(201, "PUT", self._place(blob), blob.data)
        path = f"/v2/{REPOSITORY}/manifests/{tag}"
        self._expect(201, "PUT", path, image.manifest.data, MANIFEST)
        return image.manifest.digest

    def _program(self) -> tuple[Blob, str]:
        ran = self._bench.probe(("sh", "-c", MEASURE), seconds=10)
        words = ran.stdout.split()
        if len(words) < 3 or words[0] not in MACHINES:
            raise _strange(clean(ran.stdout + ran.stderr, 200) or "no busybox in the probe Pod")
        return Blob(f"sha256:{words[2]}", int(words[1])), MACHINES[words[0]]

    def _has(self, blob: Blob) -> bool:
        return self._ask("HEAD", f"/v2/{REPOSITORY}/blobs/{blob.digest}").status == 200

    def _place(self, blob: Blob) -> str:
        """Where the registry wants the bytes of a new blob."""
        begun = self._expect(202, "POST", f"/v2/{REPOSITORY}/blobs/uploads/")
        where = urlsplit(begun.location)
        return f"{where.path}?{where.query}&digest={blob.digest}"

    def _send_program(self, program: Blob) -> None:
        """The probe Pod sends its own file: two megabytes never leave the cluster."""
        head = self._head("PUT", self._place(program), program.size, self.login)
        argv = ("sh", "-c", SEND, "sh", str(len(head)), self._pod.ip, str(PORT))
        ran = self._bench.probe(argv, head, lambda out: HEAD_ENDS in out, seconds=30)
        status, _, _ = parse(ran.out, "HEAD")
        if status != 201:
            raise _strange(f"PUT {status}")

    def _expect(
        self, status: int, method: str, path: str, body: bytes = b"", kind: str = ""
    ) -> _Answer:
        answer = self._ask(method, path, body, kind)
        if answer.status != status:
            raise _strange(f"{method} {path.partition('?')[0]}: {answer.status}")
        return answer

    def _ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "", login: Login | None = None
    ) -> _Answer:
        """One request. Only the head of the answer is read: it says all we want to know."""
        head = self._head(method, path, len(body), login or self.login, kind)
        safe = method in SAFE
        answer = self._bench.tcp(self._pod, PORT, head + body, until=HEAD_ENDS, safe=safe)
        status, headers, _ = parse(answer.data, "HEAD")
        if status is None:
            why = answer.complaint or "no answer"
            raise _strange(why if answer.reached is not Reached.open else f"{method} {path}")
        return _Answer(status, headers.get("location", ""))

    def _head(self, method: str, path: str, size: int, login: Login, kind: str = "") -> bytes:
        lines = {
            "Host": f"{self._pod.ip}:{PORT}",
            "Authorization": login.header,
            "Accept": MANIFEST,
            "Content-Type": kind or "application/octet-stream",
            "Content-Length": str(size),
            "Connection": "close",
        }
        words = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{words}\r\n".encode()


def _strange(why: str) -> CouldNotLook:
    return CouldNotLook(NO_ANSWER.format(why=clean(why, 200)), LOOK_THERE)
