"""One check at a time in a workspace: a Lease in podlab-system, where no learner has any rights.

A holder renews it while it works, so that one that was killed blocks the next for seconds only.
Clocks are compared (the holder's against ours): both are this machine's, or kept by NTP.
"""

from __future__ import annotations

import getpass
import os
import socket
import threading
from datetime import datetime, timedelta
from types import TracebackType

from kubernetes import client

from checker.cluster.clock import Clock, SystemClock
from checker.cluster.connection import Connection
from checker.cluster.errors import ClusterError
from checker.cluster.meaning import API_ERRORS, Meaning, meaning
from checker.cluster.workspace import Workspace
from checker.texts import Text

SYSTEM = "podlab-system"
"""The namespace of the course itself."""
LASTS = 20
"""Seconds after its last renewal until a lease of a killed holder is free."""
RENEWED_EVERY = 5.0


class Busy(ClusterError):
    """Someone else checks this workspace. `holder` says who, `since` since when (UTC)."""

    def __init__(self, workspace: Workspace, holder: str, since: datetime | None) -> None:
        self.holder = holder
        self.since = since
        clock = f"{since:%H:%M:%S} UTC" if since else "?"
        super().__init__(
            Text(
                f"{workspace.namespace} 正由 {holder} 检查（从 {clock} 起）。",
                f"{workspace.namespace} is being checked by {holder} (since {clock}).",
            ),
            Text("一个工作区同时只做一次检查。", "A workspace is checked once at a time."),
            Text(
                f"等它结束；如果它被强行终止，{LASTS} 秒后再试。",
                f"Wait until it has ended; if it was killed, try again in {LASTS} s.",
            ),
        )


def own_identity() -> str:
    """Who we are, for others to read: user, machine and process."""
    return f"{getpass.getuser()}@{socket.gethostname()} (pid {os.getpid()})"


class Lease:
    """`with Lease(connection, workspace): …` Raises Busy, or ClusterError, on entering.

    `lost` becomes True when another took it because we could not renew it in time.
    """

    def __init__(
        self,
        connection: Connection,
        workspace: Workspace,
        holder: str = "",
        clock: Clock | None = None,
    ) -> None:
        self._api = connection.api(client.CoordinationV1Api)
        self._workspace = workspace
        self._name = f"check-{workspace.namespace}"
        self.holder = holder or own_identity()
        self._clock = clock or SystemClock()
        self._version = ""
        self._since: datetime | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.lost = False

    def __enter__(self) -> Lease:
        self.acquire()
        self._thread = threading.Thread(target=self._keep, name=self._name, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()
        self.release()

    def acquire(self) -> None:
        """Take the lease, or raise Busy. One that was not renewed in time is taken over."""
        self._since = self._clock.wall()
        try:
            self._take(self._read())
        except API_ERRORS as error:
            answer = meaning(error)
            if answer.meaning is Meaning.conflict:  # another was quicker
                other = self._other()
                raise Busy(self._workspace, *other) from error
            expected = Text(
                f"命名空间 {SYSTEM} 应当存在。", f"The namespace {SYSTEM} should be there."
            )
            todo = Text("运行 podlab up。", "Run podlab up.")
            raise ClusterError(answer.why, expected, todo) from error

    def renew(self) -> None:
        """Say that we are still at work. Raises what the client raises."""
        self._write()

    def release(self) -> None:
        """Give the lease back. If that fails it ends by itself, in LASTS seconds."""
        try:
            held = self._read()
            if held and held.spec and held.spec.holder_identity == self.holder:
                version = client.V1Preconditions(resource_version=_version(held))
                options = client.V1DeleteOptions(preconditions=version)
                self._api.delete_namespaced_lease(self._name, SYSTEM, body=options)
        except API_ERRORS:
            self.lost = True

    def _keep(self) -> None:
        while not self._stop.wait(RENEWED_EVERY):
            try:
                self.renew()
            except API_ERRORS as error:
                if meaning(error).meaning in (Meaning.conflict, Meaning.absent):
                    self.lost = True
                    return

    def _take(self, held: client.V1Lease | None) -> None:
        if held is None:
            made = self._api.create_namespaced_lease(SYSTEM, self._form())
            self._version = _version(made)
            return
        spec = held.spec
        renewed = spec.renew_time if spec else None
        lasts = timedelta(seconds=(spec.lease_duration_seconds if spec else None) or LASTS)
        if spec and spec.holder_identity and renewed and self._clock.wall() < renewed + lasts:
            raise Busy(self._workspace, spec.holder_identity, spec.acquire_time)
        self._version = _version(held)
        self._write()

    def _write(self) -> None:
        written = self._api.replace_namespaced_lease(self._name, SYSTEM, self._form())
        self._version = _version(written)

    def _read(self) -> client.V1Lease | None:
        try:
            return self._api.read_namespaced_lease(self._name, SYSTEM)
        except API_ERRORS as error:
            if meaning(error).meaning is Meaning.absent:
                return None
            raise

    def _other(self) -> tuple[str, datetime | None]:
        held = self._read()
        if held is None or held.spec is None:
            return "?", None
        return held.spec.holder_identity or "?", held.spec.acquire_time

    def _form(self) -> client.V1Lease:
        return client.V1Lease(
            api_version="coordination.k8s.io/v1",
            kind="Lease",
            metadata=client.V1ObjectMeta(
                name=self._name,
                labels=self._workspace.labels,
                resource_version=self._version or None,
            ),
            spec=client.V1LeaseSpec(
                holder_identity=self.holder,
                lease_duration_seconds=LASTS,
                acquire_time=micro(self._since or self._clock.wall()),
                renew_time=micro(self._clock.wall()),
            ),
        )


def micro(moment: datetime) -> datetime:
    """A time as MicroTime needs it: with microseconds.

    The client writes none for a full second, and the API server then refuses the Lease.
    """
    return moment.replace(microsecond=moment.microsecond or 1)


def _version(lease: client.V1Lease) -> str:
    return (lease.metadata.resource_version if lease.metadata else None) or ""
