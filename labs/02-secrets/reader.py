"""The container of the app of lab 02, asked as the user it runs as."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.observe import Bench, Container, Pod, Ran, Refusal
from checker.texts import Text

from .mounts import follows, mount_at

SECRET = "mysecret"  # noqa: S105 (a name)
WANTED = {"username": b"value-1", "password": b"value-2"}
FOLDER = "/var/run/secrets/super"
VARIABLE = "PASSWORD"
FOLLOWS = 180.0
"""Seconds until a file follows its Secret: elsewhere the kubelet looks once a minute or slower."""
HOPELESS = 15.0
"""Seconds for a file that nothing will bring up to date: subPath, a copy, another Secret."""

FOLLOWED = Text(
    "两个文件跟上 Secret 的改变，容器不重启",
    "both files to follow the change of the Secret, without a restart",
)


def data_of(bench: Bench, name: str) -> dict[str, bytes]:
    """The Secret's keys with their bytes."""
    secret = bench.get("Secret", name)
    return {key: base64.b64decode(coded) for key, coded in (secret.data or {}).items()}


@dataclass(frozen=True)
class Sight:
    """What the app sees at one moment: the files by key, and PASSWORD."""

    files: Mapping[str, bytes]
    variable: bytes | None


@dataclass(frozen=True)
class Reader:
    """The container of the app, asked as the user it runs as."""

    bench: Bench
    pod: Pod
    container: Container

    @classmethod
    def find(cls, bench: Bench) -> Reader:
        """The one Pod `app=reader`, and the container that mounts something at FOLDER."""
        pod = bench.ready_pod("app=reader")
        running = [c for c in pod.containers if c.state == "running"]
        there = [c for c in running if mount_at(pod, c, FOLDER)]
        default = pod.container()
        chosen = min(there or [default], key=lambda c: (not c.main, c.name != default.name))
        return cls(bench, pod, chosen)

    def shown_by(self, command: str) -> str:
        """A command with which the learner sees the same."""
        return f"kubectl exec {self.pod.name} -c {self.container.name} -- {command}"

    def run(self, *argv: str) -> Ran:
        """Run a program of the image; one that it does not have is the learner's to bring."""
        ran = self.bench.exec(self.pod, argv, self.container.name)
        if ran.code in (126, 127):
            self.fail("no-tools", found=ran.stderr.strip(), program=argv[0])
        return ran

    def fail(self, message: str, expected: Text | None = None, **params: Any) -> None:
        """End the check; every message may name the Pod and the container."""
        names = {"pod": self.pod.name, "container": self.container.name}
        self.bench.failed(message, expected, **(names | params))

    def variable(self) -> bytes | None:
        """What the container was given as PASSWORD at its start; None for nothing."""
        ran = self.run("printenv", VARIABLE)
        return ran.out.removesuffix(b"\n") if ran.ok else None

    def secrets_of_variables(self) -> set[str]:
        """The Secrets from which the container's environment is taken."""
        form = self.pod.form(self.container.name)
        sources = [each.value_from.secret_key_ref for each in form.env or () if each.value_from]
        sources += [each.secret_ref for each in form.env_from or ()]
        return {str(source.name) for source in sources if source}

    def sees(self) -> Sight:
        """Files and environment as they are now, in the same life of the container."""
        self.lives_on()
        try:
            files = {key: self.run("cat", f"{FOLDER}/{key}").out for key in WANTED}
            return Sight(files, self.variable())
        except Refusal:
            self.lives_on()  # that it ended tells more than that a command broke off
            raise

    def lives_on(self) -> None:
        """The container goes on as it was found, else the check ends here."""
        now = next((p for p in self.bench.pods() if p.uid == self.pod.uid), None)
        mine = now.container(self.container.name) if now else None
        if mine and mine.id == self.container.id and mine.state == "running":
            return
        found = f"{mine.state} {mine.reason}, restartCount {mine.restarts}" if mine else "-"
        self.say_restarted(found)

    def say_restarted(self, found: str) -> None:
        """End the check: the container of the beginning is no more."""
        self.fail("restarted", FOLLOWED, found=found, command="kubectl get pods", settles=0)

    def file_system(self, path: str) -> tuple[str, str]:
        """Type and options of the mount that really holds the file, whatever links lead there."""
        real = self.run("readlink", "-f", path).stdout.strip() or path
        best = ("", "?", "?")
        for line in self.run("cat", "/proc/mounts").stdout.splitlines():
            _, point, fstype, options, *_ = line.split()
            inside = f"{real}/".startswith(f"{point.rstrip('/')}/")
            if inside and len(point) >= len(best[0]):  # a later mount covers an earlier one
                best = (point, fstype, options)
        return best[1], best[2]

    def patience(self, *paths: str) -> float:
        """Seconds to wait for these files to follow the Secret; little where nothing moves them."""
        whole = all(follows(self.pod, self.container, SECRET, path) for path in paths)
        return FOLLOWS if whole else HOPELESS
