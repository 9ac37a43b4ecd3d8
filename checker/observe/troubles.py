"""Why a Pod is not as it should be: the learner's common troubles, told apart in one place.

Data in, exception out; the one file it reads is the list of the course's own images.
Reasons: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from kubernetes import client
from kubernetes.utils.quantity import parse_quantity

from checker.observe.clean import clean
from checker.observe.images import course_images, full_name
from checker.observe.outcome import CouldNotLook, Refusal
from checker.observe.pod import Container, Pod
from checker.observe.verdicts import refusal
from checker.texts import Text

READY = Text("Pod {pod} 就绪", "Pod {pod} is Ready")
PULL_REASONS = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"}
HOPELESS = {"InvalidImageName", "ErrImageNeverPull"}
NOT_MADE_REASONS = {
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "PreCreateHookError",
}
NOT_STARTED_REASONS = {"StartError", "ContainerCannotRun"}
EXHAUSTED = ("resource temporarily unavailable", "no space left on device", "too many open files")
"""What the container runtime says when the node itself has run out of something."""
NODE_EXHAUSTED = Text(
    "节点自己的资源用完了，启动不了 Pod {pod} 的容器：{why}",
    "The node itself has run out of something and cannot start a container of Pod {pod}: {why}",
)
LATER = Text(
    "等机器空闲一些，或者腾出空间，再检查一次。",
    "Check again when the machine is less busy, or has room again.",
)
MISSING_IMAGE = Text(
    "节点上没有课程自己的镜像 {image}。", "The course's own image {image} is not on the node."
)
LOAD_IT = Text("运行 podlab up，它会补上镜像。", "Run podlab up; it brings the images.")

FULL_NODE = Text(
    "节点已经满了，放不下 Pod {pod}，虽然它要的不多。",
    "The node is full: there is no room for Pod {pod}, although it asks for little.",
)
MAKE_ROOM = Text(
    "别的 Pod 占着资源：kubectl get pods -A 看是哪些，删掉不用的实验，再检查一次。",
    "Other Pods take the room: kubectl get pods -A shows them. Remove labs that you do not need "
    "and check again.",
)
FULL = ("Insufficient cpu", "Insufficient memory", "Too many pods")
MODEST = {"cpu": Decimal("0.1"), "memory": Decimal(256 * 2**20)}
"""What a Pod may ask for, in cores and bytes, before a full node is put down to it."""

# Seconds after which waiting on is pointless. They only shorten waits: a state that may still
# heal by itself (a dependency that comes up, a slow registry) is given time to do so.
SETTLED = 2.0
PULL_SETTLES = 10.0
CRASH_SETTLES = 15.0


def trouble(pod: Pod, hint: str = "") -> Refusal | CouldNotLook:
    """Why this Pod is not Ready, as an exception to raise.

    `hint` is the text of its last warning event, for troubles that the status does not tell.
    """
    for look in (_finished, _scheduling, _pulling, _creating, _crashing):
        found = look(pod, hint)
        if found is not None:
            return found
    detail = hint or pod.conditions.get("Ready", ("", "", ""))[2] or pod.phase
    return _told("not-ready", pod, detail)


def _finished(pod: Pod, hint: str) -> Refusal | None:
    if pod.phase == "Failed" and pod.reason == "Evicted":
        return _told("evicted", pod, pod.message, SETTLED)
    if pod.phase not in ("Succeeded", "Failed"):
        return None
    ended = next((c for c in pod.containers if c.ended and c.main), None)
    code = ended.ended.code if ended and ended.ended else "?"
    reason = ended.ended.reason if ended and ended.ended else pod.reason
    return _told("pod-ended", pod, f"{pod.phase}: {reason}", SETTLED, code=code, reason=reason)


def _scheduling(pod: Pod, hint: str) -> Refusal | CouldNotLook | None:
    status, reason, message = pod.conditions.get("PodScheduled", ("", "", ""))
    if status != "False":
        return None
    full = any(words in message for words in FULL)
    if full and is_modest(pod.raw):
        return CouldNotLook(FULL_NODE.format(pod=pod.name), MAKE_ROOM)
    return _told("not-scheduled", pod, message or reason)


def is_modest(pod: client.V1Pod) -> bool:
    """Whether the Pod asks for so little that a full node is not its own fault."""
    containers = (pod.spec.containers if pod.spec else None) or ()
    asked = [(c.resources.requests if c.resources else None) or {} for c in containers]
    return all(
        sum(parse_quantity(each.get(name, "0")) for each in asked) <= most  # type: ignore[no-untyped-call]
        for name, most in MODEST.items()
    )


def _pulling(pod: Pod, hint: str) -> Refusal | CouldNotLook | None:
    for c in pod.containers:
        if c.state != "waiting" or c.reason not in PULL_REASONS:
            continue
        if c.pull_policy != "Always" and full_name(c.image) in course_images():
            return CouldNotLook(MISSING_IMAGE.format(image=c.image), LOAD_IT)
        settles = SETTLED if c.reason in HOPELESS else PULL_SETTLES
        return _about("image-not-pulled", pod, c, f"{c.reason}: {c.message}", settles)
    return None


def _creating(pod: Pod, hint: str) -> Refusal | CouldNotLook | None:
    for c in pod.containers:
        ended = c.ended or c.last
        told = c.message if c.state == "waiting" else ""
        if ended and ended.reason in NOT_STARTED_REASONS:
            told += ended.message
        if any(words in told.lower() for words in EXHAUSTED):
            return CouldNotLook(NODE_EXHAUSTED.format(pod=pod.name, why=clean(told, 200)), LATER)
        if c.state == "waiting" and c.reason in NOT_MADE_REASONS:
            return _about("container-not-created", pod, c, f"{c.reason}: {c.message}", PULL_SETTLES)
    return None


def _crashing(pod: Pod, hint: str) -> Refusal | None:
    for c in pod.containers:
        ended = c.ended or c.last
        if ended is None or (not c.main and ended.code == 0):
            continue
        comes_and_goes = not c.ready and c.restarts >= 2
        if c.state == "running" and not comes_and_goes:
            continue
        words = f"{ended.reason}, exit code {ended.code}"
        if ended.message:
            words += f": {ended.message}"
        return _about(
            "crashed",
            pod,
            c,
            words,
            CRASH_SETTLES,
            f"kubectl logs {pod.name} -c {c.name} --previous",
            code=ended.code,
            restarts=c.restarts,
        )
    return None


def _told(
    message: str, pod: Pod, detail: str, settles: float | None = None, **params: object
) -> Refusal:
    return refusal(
        message,
        READY.format(pod=pod.name),
        detail,
        f"kubectl describe pod {pod.name}",
        settles,
        pod=pod.name,
        detail=detail,
        **params,
    )


def _about(
    message: str,
    pod: Pod,
    container: Container,
    detail: str,
    settles: float,
    command: str = "",
    **params: object,
) -> Refusal:
    told = {
        "pod": pod.name,
        "container": container.name,
        "image": container.image,
        "reason": container.reason or (container.ended.reason if container.ended else ""),
        "detail": detail,
    }
    command = command or f"kubectl describe pod {pod.name}"
    return refusal(message, READY.format(pod=pod.name), detail, command, settles, **(told | params))


def worst(pods: Iterable[Pod], hint: Callable[[Pod], str]) -> Refusal | CouldNotLook | None:
    """The trouble of the first Pod that is not Ready; None when all are."""
    for pod in pods:
        if not pod.ready:
            return trouble(pod, hint(pod))
    return None
