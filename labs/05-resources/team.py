"""What the rules of the lab's second namespace do to Pods: filled in, let in, refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.observe import Bench
from checker.texts import Text

from .amounts import amount, cpu, number, size

QUOTA = Text("ResourceQuota team 还在", "the ResourceQuota team is there")
WELCOME = Text("没有写 resources 的 Pod 能进来", "a Pod without resources is let in")
DEFAULTS = Text("默认的请求和上限", "the requests and limits that are the default")
FITS = Text("要 128Mi 的容器能进来", "a container of 128Mi is let in")
REFUSED = Text("要 256Mi 的容器被拒绝", "a container of 256Mi is refused")


def must_have_its_quota(team: Bench) -> None:
    """The quota that was given makes the task what it is."""
    if team.find("ResourceQuota", "team") is None:
        team.failed(
            "no-quota",
            expected=QUOTA,
            command=f"kubectl -n {team.namespace} get resourcequota",
            namespace=team.namespace,
        )


def must_be_let_in(team: Bench, plain: Mapping[str, Any]) -> None:
    """Refuse rules under which a Pod without resources cannot be made."""
    if answer := team.refused_by_api(dict(plain)):
        team.failed(
            "not-let-in",
            expected=WELCOME,
            found=answer.message,
            command=describe(team),
            detail=answer.message,
        )


def must_keep_to_the_maximum(team: Bench) -> None:
    """The smaller one is the control: a namespace that refuses everything proves nothing."""
    if answer := team.refused_by_api(control(team.token("fits-"), "128Mi")):
        team.failed(
            "too-strict",
            expected=FITS,
            found=answer.message,
            command=describe(team),
            detail=answer.message,
        )
    if team.refused_by_api(control(team.token("large-"), "256Mi")) is None:
        team.failed(
            "not-refused", expected=REFUSED, found="created (dry run)", command=describe(team)
        )


def must_agree(team: Bench) -> None:
    """Refuse rules of which now this, now that gives a Pod its default: any may come first.

    The API server itself writes what follows from max into each LimitRange.
    https://kubernetes.io/docs/concepts/policy/limit-range/
    """
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for name, field, resource, amount_ in _defaults(team):
        one, first = seen.setdefault((field, resource), (name, amount_))
        if number(first) != number(amount_):
            team.failed(
                "defaults-differ",
                expected=DEFAULTS,
                found=f"{first}, {amount_}",
                command=describe(team),
                field=field,
                resource=resource,
                one=one,
                first=first,
                other=name,
                second=amount_,
            )


def _defaults(team: Bench) -> Iterator[tuple[str, str, str, str]]:
    """LimitRange, field, resource and amount of each default for containers."""
    for rules in team.list("LimitRange"):
        for item in (each for each in rules.spec.limits if each.type == "Container"):
            for resource, amount_ in (item.default or {}).items():
                yield rules.metadata.name, "default", resource, amount_
            for resource, amount_ in (item.default_request or {}).items():
                yield rules.metadata.name, "defaultRequest", resource, amount_


def must_default(
    team: Bench, message: str, given: Mapping[str, str] | None, wanted: tuple[str, str]
) -> None:
    """What the API server wrote into a Pod that left it out: cpu and memory."""
    amounts = given or {}
    found = (cpu(amount(amounts, "cpu")), size(amount(amounts, "memory")))
    if found != wanted:
        words = ["cpu {}, memory {}".format(*each) for each in (found, wanted)]
        team.failed(
            message, expected=DEFAULTS, found=words[0], command=describe(team), wanted=words[1]
        )


def describe(team: Bench) -> str:
    """The command that shows the rules."""
    return f"kubectl -n {team.namespace} describe limitrange"


def control(name: str, memory: str = "") -> dict[str, Any]:
    """A Pod of the check's own: without resources, or with this memory limit."""
    small = {"cpu": "10m", "memory": "16Mi"}
    limits = {"cpu": "100m", "memory": memory}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 1000,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "app",
                    "image": "busybox:1.37",
                    "command": ["sleep", "infinity"],
                    "resources": {"requests": small, "limits": limits} if memory else {},
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }
