"""A learner's probes, in words, and made by the checker as the kubelet would make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.observe import Bench, Pod, slowest
from checker.texts import Text

NO_PROBES = Text("（没有）", "none")
PORT = 8080
"""Where the given program listens in its Pod."""
TRIES, APART = 3, 1.0
"""A kubelet does not believe one failure either: it takes three, unless it is told otherwise."""
AGAIN = Text("探针再问一次", "the probe to be made once more")


@dataclass(frozen=True)
class Probe:
    """A learner's probe. `words` is what it does, such as `httpGet /ready:http, 3 x 10 s`."""

    pod: Pod
    container: str
    form: Any

    @property
    def words(self) -> str:
        """What it asks, and how often it may fail."""
        form = self.form
        if form.http_get:
            what = f"httpGet {form.http_get.path or '/'} :{form.http_get.port}"
        elif form.tcp_socket:
            what = f"tcpSocket :{form.tcp_socket.port}"
        elif form.var_exec:
            what = f"exec {' '.join(form.var_exec.command or ())}"
        else:
            what = f"grpc :{form.grpc.port}"
        delay = f", {form.initial_delay_seconds} s +" if form.initial_delay_seconds else ","
        often = f"{form.failure_threshold} x {form.period_seconds} s"
        success = f", success {form.success_threshold} x" if form.success_threshold > 1 else ""
        return f"{what}{delay} {often}{success}"

    @property
    def slowest(self) -> float:
        """Seconds that may pass from a fault to the last of the failures that it takes."""
        return slowest(self.form)

    def ask(self, bench: Bench) -> tuple[bool, str]:
        """Make the probe as the kubelet would: whether it succeeds, and what came back.

        An answer in HTTP counts at once. Anything else may be an accident, and is tried again.
        """
        for _ in range(TRIES - 1):
            succeeds, said = self._ask_once(bench)
            if succeeds or said.startswith("HTTP"):
                return succeeds, said
            bench.hold(lambda: True, bool, APART, AGAIN)
        return self._ask_once(bench)

    def _ask_once(self, bench: Bench) -> tuple[bool, str]:
        """Make the probe once.

        https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
        A gRPC probe cannot be made from here; it is taken to succeed.
        """
        form = self.form
        if form.http_get:
            get = form.http_get
            headers = {each.name: each.value for each in get.http_headers or ()}
            port = self._port(get.port)
            answer = bench.http(self.pod, get.path or "/", port, headers=headers)
            if answer.status is None:
                return False, f"tcp {answer.reached}"
            return 200 <= answer.status < 400, f"HTTP {answer.status}"
        if form.tcp_socket:
            reached = bench.tcp(self.pod, self._port(form.tcp_socket.port)).reached
            return reached == "open", f"tcp {reached}"
        if form.var_exec:
            ran = bench.exec(self.pod, form.var_exec.command or (), self.container)
            return ran.ok, f"exit code {ran.code} {ran.stdout.strip()[-80:]}".strip()
        return True, "grpc"

    def _port(self, port: int | str) -> int:
        """A port of the container by number or by name."""
        if str(port).isdigit():
            return int(port)
        for each in self.pod.form(self.container).ports or ():
            if each.name == port:
                return int(each.container_port)
        return PORT


def probes_of(pod: Pod, kind: str) -> list[Probe]:
    """The probes of a Pod, `kind` being liveness, readiness or startup."""
    found = ((form.name, getattr(form, f"{kind}_probe")) for form in pod.forms)
    return [Probe(pod, name, form) for name, form in found if form]


def all_probes_of(pod: Pod) -> Text:
    """All probes in words, such as `livenessProbe httpGet / :http, 3 x 10 s`."""
    kinds = ("startup", "liveness", "readiness")
    words = [f"{kind}Probe {each.words}" for kind in kinds for each in probes_of(pod, kind)]
    return Text.same("; ".join(words)) if words else NO_PROBES
