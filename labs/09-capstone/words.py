"""Words that evidence is made of, and the one test that every look passes."""

from __future__ import annotations

from checker.observe import KUBE_PROXY, HttpAnswer, Pod, Reached
from checker.texts import Text

ORDER = "/cgi-bin/order?customer="
SLOWEST = 20.0
"""Seconds that an answer of the shop may take."""
SETTLES = 8.0
"""Seconds a rollout may need; what is wrong for longer will not heal by itself."""
AGAIN = Text("请再检查一次。", "Check again.")


def fine(found: object) -> bool:
    """For looks that raise what is wrong: whatever else they saw will do."""
    return True


def shown(answer: HttpAnswer) -> str:
    """What came of a request, on one line."""
    status = f"HTTP {answer.status}: " if answer.status not in (None, 200) else ""
    return f"{status}{' '.join(answer.text.split())}" or answer.complaint or "-"


def settles_of(answer: HttpAnswer) -> float:
    """Seconds after which what a Service answers will not heal by itself."""
    return SETTLES if answer.reached is Reached.open else KUBE_PROXY


def describe(pod: Pod) -> str:
    return f"kubectl describe pod {pod.name}"


def named(pods: list[Pod]) -> str:
    return " ".join(["pod", *(pod.name for pod in pods)])
