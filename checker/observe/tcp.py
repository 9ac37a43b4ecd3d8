"""`bench.tcp`: send bytes to a Service or a Pod from inside the cluster, and read what comes back.

The client is busybox `nc` in the probe Pod. A refused connection is an answer about the learner's
work; what cannot be told from a broken probe is CouldNotLook.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from checker.cluster import ActsError
from checker.observe.objects import GetObjects
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import Pod
from checker.observe.probe import MEND, NO_PROBE, POD, Probe
from checker.observe.transport import End, Ran
from checker.observe.troubles import trouble
from checker.observe.verdicts import refusal
from checker.texts import Text

SECONDS = 5.0
KUBE_PROXY = 15.0
"""Seconds kube-proxy may take to follow an endpoint on a busy machine."""
OPENED = ") open"
LOUD = ("-v", "-v")
"""With one -v busybox nc still keeps silent about a refused connection."""
# The program that -e names speaks over the connection itself. nc alone would close our side behind
# the payload; told not to, it would not notice that the other side has closed.
TALK = f"""
exec 5>&1 6<&0 nc {" ".join(LOUD)} -w "$4" "$2" "$3" -e sh -c 'head -c "$0" <&6; exec cat >&5' "$1"
"""
COUNT = re.compile(r"sent \d+, rcvd \d+|punt!")
TIME_UP = 143
"""Exit code of `timeout` when it had to end the command: 128 + SIGTERM."""
OPEN = Text("Service {service} 有端口 {port}", "Service {service} has the port {port}")


class Reached(StrEnum):
    """How far the bytes came. `open`: the connection stood, whether or not anything came back."""

    open = "open"
    refused = "refused"
    timeout = "timeout"
    unreachable = "unreachable"


@dataclass(frozen=True)
class TcpAnswer:
    """What came back. `target` is address and port; `data` is untrusted."""

    reached: Reached
    data: bytes
    target: str
    complaint: str = ""

    @property
    def text(self) -> str:
        """The bytes as text."""
        return self.data.decode("utf-8", "replace")


# What busybox nc says (networking/nc*.c and strerror), and what it means.
COMPLAINTS = {
    "connection refused": Reached.refused,
    "connection reset": Reached.open,
    "broken pipe": Reached.open,
    "timed out": Reached.timeout,
    "no route to host": Reached.unreachable,
    "unreachable": Reached.unreachable,
}


class Tcp(Probe, GetObjects):
    """Raw connections."""

    def tcp(
        self,
        to: str | Pod,
        port: int,
        payload: bytes | str = b"",
        until: bytes | None = None,
        seconds: float = SECONDS,
        *,
        safe: bool = False,
    ) -> TcpAnswer:
        """Connect to a Service (by name) or a Pod, send `payload`, read for at most `seconds`.

        `safe` says of a payload that it only asks, as a GET does; a look sends no other.
        With `until`, our side stays open and reading ends once it has come. Without, we say that
        we have no more to send (half-close), and reading ends when the other side closes.

        Refusals: `no-object` for the Service, `no-port` (service, port, ports) when it does not
        have that port.
        """
        self._may_send(to, port, safe or not payload)
        address = self.address(to, port)
        data = payload.encode() if isinstance(payload, str) else payload
        argv = ("nc", *LOUD, "-w", str(max(1, round(seconds))), address, str(port))
        enough = None if until is None else lambda out: until in out
        return _told(self.probe(argv, data, enough, seconds), f"{address}:{port}")

    def talk(
        self,
        to: str | Pod,
        port: int,
        payload: bytes,
        enough: Callable[[bytes], bool],
        seconds: float = SECONDS,
        *,
        safe: bool = False,
    ) -> TcpAnswer:
        """As `tcp`, with our side open to the end: when the other side closes, or all has come.

        `enough` says of what came whether it is all.
        """
        self._may_send(to, port, safe)
        address = self.address(to, port)
        words = (str(len(payload)), address, str(port), str(max(1, round(seconds))))
        ran = self.probe(("sh", "-c", TALK, "sh", *words), payload, enough, seconds)
        return _told(ran, f"{address}:{port}")

    def _may_send(self, to: str | Pod, port: int, safe: bool) -> None:
        if self.connection.looks_only and not safe:
            raise ActsError(f"tcp {to if isinstance(to, str) else to.name}:{port}")

    def address(self, to: str | Pod, port: int) -> str:
        """Where to connect: the Service's ClusterIP (a headless one: an endpoint's), the Pod's IP.

        An address, not a name: a check of a Service does not hang on the cluster's DNS.
        """
        if isinstance(to, Pod):
            if not to.ip:
                raise trouble(to)
            return to.ip
        spec = self.get("Service", to).spec
        ports = [p.port for p in spec.ports or ()]
        if port not in ports:
            known = ", ".join(str(p) for p in ports) or "-"
            command = f"kubectl get service {to}"
            wanted = OPEN.format(service=to, port=port)
            raise refusal("no-port", wanted, known, command, 0, service=to, port=port, ports=known)
        if spec.cluster_ip and spec.cluster_ip != "None":
            return str(spec.cluster_ip)
        return self._endpoint(to)

    def _endpoint(self, service: str) -> str:
        for part in self.list("EndpointSlice", {"kubernetes.io/service-name": service}):
            for endpoint in part.endpoints or ():
                if endpoint.conditions is None or endpoint.conditions.ready is not False:
                    return str(endpoint.addresses[0])
        command = f"kubectl get endpointslices -l kubernetes.io/service-name={service}"
        wanted = Text(f"Service {service} 有地址", f"Service {service} has an address")
        raise refusal("no-endpoints", wanted, "-", command, service=service)


def _told(ran: Ran, target: str) -> TcpAnswer:
    reached, complaint = read(ran)
    return TcpAnswer(reached, ran.out, target, complaint)


def read(ran: Ran) -> tuple[Reached, str]:
    """What nc's end says about the connection, and its words without its count of bytes."""
    lines = ran.stderr.strip().splitlines()
    words = "\n".join(line for line in lines if not COUNT.match(line))
    if ran.end is End.enough or ran.out:
        return Reached.open, words
    for fragment, reached in COMPLAINTS.items():
        if fragment in words.lower():
            return reached, words
    if ran.code == 0 or OPENED in words:
        return Reached.open, words
    if ran.code == TIME_UP:
        return Reached.timeout, words
    raise CouldNotLook(NO_PROBE.format(pod=POD, namespace="podlab-system", why=words[:200]), MEND)
