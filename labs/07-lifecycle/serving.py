"""A control before and after: the Service answers."""

from __future__ import annotations

from checker.observe import Bench, HttpAnswer
from checker.texts import Text

OK = 200
FIRST_ANSWER = 20.0
SERVES = Text("GET / 得到 200", "GET / gets 200")


def must_serve(bench: Bench, service: str) -> None:
    """Wait until the Service answers `GET /` with 200; else the Refusal `no-page`."""
    bench.ready_pods_of_service(service)

    def serves(answer: HttpAnswer) -> bool:
        if answer.status != OK:
            said = f"HTTP {answer.status}" if answer.status else f"connection {answer.reached}"
            bench.failed(
                "no-page",
                expected=SERVES,
                found=said,
                command=f"kubectl get endpointslices -l kubernetes.io/service-name={service}",
                service=service,
                answer=said,
            )
        return True

    bench.converge(lambda: bench.http(service), serves, FIRST_ANSWER, SERVES)
