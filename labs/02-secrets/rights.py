"""What a ServiceAccount may do with Secrets, as the API server decides it."""

from __future__ import annotations

from collections.abc import Iterator

from kubernetes import client

from checker.observe import Bench, Pod
from checker.observe.base import looking
from checker.texts import Text

SETTLES = 3.0
"""Seconds the API server may need to learn of a changed Role."""
NO_RIGHTS = Text("ServiceAccount 读不到任何 Secret", "the ServiceAccount can read no Secret at all")


def must_read_no_secret(bench: Bench, pod: Pod) -> str:
    """The ServiceAccount of the Pod may neither get, nor list, nor watch. Returns its name."""
    account = str(pod.raw.spec.service_account_name or "default")

    def look() -> None:
        for verb, name in _ways(bench):
            if _may(bench, account, verb, name):
                _say_it_may(bench, pod, account, verb, name)

    bench.converge(look, lambda _: True, SETTLES, NO_RIGHTS)
    return account


def _ways(bench: Bench) -> Iterator[tuple[str, str]]:
    """Verbs, each with a name, or with none for all Secrets."""
    yield from ((verb, "") for verb in ("get", "list", "watch"))
    yield from (("get", secret.metadata.name) for secret in bench.list("Secret"))


def _may(bench: Bench, account: str, verb: str, name: str) -> bool:
    """What the API server would decide (SubjectAccessReview), as `kubectl auth can-i` asks it."""
    space = bench.namespace
    asked = client.V1ResourceAttributes(
        namespace=space, verb=verb, resource="secrets", name=name or None
    )
    spec = client.V1SubjectAccessReviewSpec(
        user=f"system:serviceaccount:{space}:{account}",
        groups=[
            "system:serviceaccounts",
            f"system:serviceaccounts:{space}",
            "system:authenticated",
        ],
        resource_attributes=asked,
    )
    with looking():
        api = bench.connection.api(client.AuthorizationV1Api)
        answer = api.create_subject_access_review(client.V1SubjectAccessReview(spec=spec))
    return bool(answer.status and answer.status.allowed)


def _say_it_may(bench: Bench, pod: Pod, account: str, verb: str, name: str) -> None:
    what = f"secret/{name}" if name else "secrets"
    user = f"system:serviceaccount:{bench.namespace}:{account}"
    bench.failed(
        "can-read",
        NO_RIGHTS,
        f"{verb} {what}: yes",
        f"kubectl auth can-i {verb} {what} --as={user}",
        pod=pod.name,
        account=account,
        verb=verb,
        what=what,
    )
