"""Whether the cluster's nodes can get the images that the chosen labs need.

One Pod is started with a container for each image. What is looked at is the pull, not the program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from checker.catalogue import Lab, solution, starter
from checker.classroom.furnish import NAME_IMAGES, PART_OF, STARTS, why_not_up
from checker.cluster import SYSTEM, Clock, ClusterError, Connection, Glance, Objects, wait
from checker.observe import Container, Pod, clean
from checker.observe.images import named, official_images
from checker.observe.pod import view
from checker.texts import Text

COMING = frozenset({"", "ContainerCreating", "PodInitializing"})
FAILED = frozenset({"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"})
REFUSED_SECONDS = 15.0
"""A pull that is refused so long is not let in a moment later."""


def needed_images(labs: Sequence[Lab]) -> dict[str, list[str]]:
    """The course's images by their own names, each with the labs that need it."""
    needed: dict[str, list[str]] = {}
    for lab in labs:
        files = [*starter(lab).files.values(), *solution(lab).files.values()]
        text = "\n".join(file.read_text("utf-8") for file in files)
        for image in official_images():
            end = image.rpartition("/")[2]
            by_check = end.startswith("busybox:") or (lab.given and end.startswith("registry:"))
            if by_check or re.search(rf"(?<![\w.-]){re.escape(end)}(?![\w-]|\.\w)", text):
                needed.setdefault(image, []).append(lab.name)
    return needed


def must_be_pulled(connection: Connection, needed: Mapping[str, list[str]], clock: Clock) -> None:
    """See every image arrive on a node. Raises ClusterError with those that do not."""
    objects = Objects(connection, SYSTEM)
    form = _form(f"images-{uuid4().hex[:8]}", list(needed))
    name = form["metadata"]["name"]

    def look() -> Glance[Pod]:
        pod = view(objects.read("Pod", name))
        open_ = [c for c in pod.containers if not _is_pulled(c)]
        refused = bool(open_) and all(c.reason in FAILED for c in open_)
        return Glance(
            so=not open_, value=pod, settles=REFUSED_SECONDS if refused else None, key=refused
        )

    objects.create(form)
    try:
        ended = wait(look, STARTS, clock)
    finally:
        objects.delete("Pod", name, grace=0)
    if not ended.so:
        raise _missing(needed, ended.last.value if ended.last else None)


def _is_pulled(container: Container) -> bool:
    if container.state != "waiting":
        return True
    return container.reason not in COMING | FAILED


def _form(name: str, images: Sequence[str]) -> dict[str, Any]:
    """A Pod that does nothing, small and harmless, in the namespace of the course."""
    closed = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    requests = {"cpu": "1m", "memory": "4Mi"}
    containers = [
        {
            "name": f"image-{number}",
            "image": named(image),
            "command": ["true"],
            "securityContext": closed,
            "resources": {"requests": requests},
        }
        for number, image in enumerate(images)
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": dict(PART_OF)},
        "spec": {
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 0,
            "serviceAccountName": "probe",
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65534,
                "runAsGroup": 65534,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": containers,
        },
    }


def _missing(needed: Mapping[str, list[str]], pod: Pod | None) -> ClusterError:
    names = {named(image): labs for image, labs in needed.items()}
    lines = [
        f"  {c.image} ({', '.join(names.get(c.image, []))}): {c.reason} {clean(c.message, 200)}"
        for c in (pod.containers if pod else ())
        if not _is_pulled(c)
    ]
    found = "\n".join(lines) or (why_not_up([pod]) if pod else "-")
    return ClusterError(
        Text(
            f"集群拿不到课程的这些镜像：\n{found}\n", f"The cluster cannot get images:\n{found}\n"
        ),
        Text("每个所选的实验都要用它的镜像。", "Each chosen lab needs its images."),
        Text(
            f"{NAME_IMAGES.zh}不用它们的实验可以用 --lessons 选出来。",
            f"{NAME_IMAGES.en} Labs that do not need them can be chosen with --lessons.",
        ),
    )
