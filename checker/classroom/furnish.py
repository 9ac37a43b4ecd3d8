"""What a class needs on its cluster once: rights, the probe Pod, the registry, the images.

On the course's own cluster most of it is there. Any other cluster gets it here; what was made for
the class alone carries its mark, so that it can be taken away with the class.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from checker.catalogue import Lab
from checker.classroom.names import config_form
from checker.classroom.plan import MARK
from checker.classroom.standing import Found, holds, is_ending, labels_of
from checker.cluster import (
    API_ERRORS,
    SYSTEM,
    Clock,
    ClusterError,
    Connection,
    Glance,
    Meaning,
    Objects,
    meaning,
    wait,
)
from checker.observe import Pod, clean
from checker.observe.images import renamed_form
from checker.observe.pod import view
from checker.observe.registry import registry_forms
from checker.paths import course_root
from checker.texts import Text

STARTS = 120.0
"""Seconds for a Pod of the course's to come up; its image may have to be pulled first."""
PART_OF = {"app.kubernetes.io/part-of": "podlab"}


class Furniture:
    """Puts in what is missing. `wrote` counts it. Every method may raise ClusterError."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self.wrote = 0

    def rights(self) -> None:
        """The accounts' home, the learner's role, and what no role can forbid."""
        for form in _forms("class.yaml"):
            try:
                self._keep(form)
            except API_ERRORS as error:
                if form["kind"].startswith("Validating") and meaning(error).code == 404:
                    raise _too_old(self._connection) from error
                raise

    def system(self) -> None:
        """The namespace of the course itself, without the Pod in it."""
        for form in _forms("probe.yaml"):
            if form["kind"] != "Pod":
                self._keep(form)

    def probe(self) -> None:
        """The Pod from which checks make their requests, running."""
        for form in renamed_form(_forms("probe.yaml")):
            self._keep(form)
        self._await_pod(SYSTEM, "app.kubernetes.io/name=probe")

    def registry(self, labs: Sequence[Lab]) -> None:
        """The registry, running, if one of the labs gives something that needs it.

        Its Service comes in any case: it holds a port of the nodes that a learner could take.
        """
        forms = registry_forms()
        needed = any(lab.given for lab in labs)
        for form in forms:
            if needed or form["kind"] in ("Namespace", "Service"):
                self._keep(form)
        if needed:
            self._await_pod(forms[0]["metadata"]["name"], "app=registry")

    def _keep(self, form: dict[str, Any]) -> None:
        """Make an object, or put it right; one of its name that is not the course's stays."""
        kind, meta = form["kind"], form["metadata"]
        objects = Objects(self._connection, meta.get("namespace", ""))
        found = self._find(objects, kind, meta["name"])
        if found and is_ending(found) and is_marked(found):
            # Whoever removes a class and makes another at once meets the end of the first.
            self._until_gone(objects, kind, meta["name"])
            found = None
        if found is None:
            if kind == "Namespace":
                form = form | {"metadata": meta | {"labels": meta["labels"] | MARK}}
            objects.create(form)
        elif is_marked(form) and not is_marked(found):
            raise _taken(kind, meta["name"])
        elif holds(found, form) and not has_ended(found):
            return
        elif kind == "Pod":  # it cannot be changed in place
            objects.delete(kind, meta["name"], grace=1)
            self._until_gone(objects, kind, meta["name"])
            objects.create(form)
        else:
            objects.apply(form)
        self.wrote += 1

    def _find(self, objects: Objects, kind: str, name: str) -> Any | None:
        try:
            plain: Any = self._connection.client.sanitize_for_serialization
            return plain(objects.read(kind, name))
        except API_ERRORS as error:
            if meaning(error).meaning is Meaning.absent:
                return None
            raise

    def _until_gone(self, objects: Objects, kind: str, name: str) -> None:
        def look() -> Glance[None]:
            return Glance(so=self._find(objects, kind, name) is None)

        wait(look, STARTS, self._clock)

    def _await_pod(self, namespace: str, selector: str) -> None:
        objects = Objects(self._connection, namespace)

        def look() -> Glance[list[Pod]]:
            pods = [view(raw) for raw in objects.list("Pod", selector)]
            return Glance(so=any(pod.ready and not pod.terminating for pod in pods), value=pods)

        ended = wait(look, STARTS, self._clock)
        if not ended.so:
            raise _not_up(namespace, (ended.last and ended.last.value) or [])


def clear_away(connection: Connection) -> None:
    """Take away what was made for classes, when no class is left. Raises what the client raises."""
    of_the_course = [*_forms("class.yaml"), config_form({})]
    shared = [*_forms("probe.yaml"), *registry_forms()]
    for form in [*of_the_course, *(form for form in shared if form["kind"] == "Namespace")]:
        kind, name = form["kind"], form["metadata"]["name"]
        objects = Objects(connection, form["metadata"].get("namespace", ""))
        try:
            found = objects.read(kind, name).metadata.labels or {}
            mark = MARK if form in shared else PART_OF
            if mark.items() <= found.items():
                objects.delete(kind, name)
        except API_ERRORS as error:
            if meaning(error).meaning is not Meaning.absent:
                raise


def has_ended(thing: Found) -> bool:
    """Whether it is a Pod that never runs again, as one that a full node has evicted."""
    return (thing.get("status") or {}).get("phase") in ("Failed", "Succeeded")


def is_marked(thing: Found) -> bool:
    """Whether an object says that it is the course's."""
    return PART_OF.items() <= labels_of(thing).items()


def why_not_up(pods: Sequence[Pod]) -> str:
    """What keeps Pods from being Ready, in the cluster's own words."""
    words = [f"{c.image}: {c.reason} {c.message}" for pod in pods for c in pod.containers]
    words += [
        f"{pod.name}: {pod.conditions['PodScheduled'][2]}"
        for pod in pods
        if not pod.ip and "PodScheduled" in pod.conditions
    ]
    return clean("; ".join(word.strip() for word in words), 400) or "no Pod"


def _forms(name: str) -> list[dict[str, Any]]:
    file = course_root() / "manifests" / "cluster" / name
    return list(yaml.safe_load_all(file.read_text("utf-8")))


def _not_up(namespace: str, pods: Sequence[Pod]) -> ClusterError:
    found = why_not_up(pods)
    return ClusterError(
        Text(
            f"命名空间 {namespace} 里课程的 Pod 没有就绪：{found}。",
            f"The course's Pod in the namespace {namespace} is not ready: {found}.",
        ),
        Text(f"{STARTS:.0f} 秒之内应当好了。", f"This should take less than {STARTS:.0f} s."),
        NAME_IMAGES,
    )


def _taken(kind: str, name: str) -> ClusterError:
    return ClusterError(
        Text(
            f"集群上已经有 {kind} {name}，但不是课程建的。",
            f"The cluster has a {kind} {name} that the course did not make.",
        ),
        Text("课程只动自己的东西。", "The course touches its own things only."),
        Text("给它改名或删除它，或者换一个集群。", "Rename or delete it, or use another cluster."),
    )


def _too_old(connection: Connection) -> ClusterError:
    version = connection.version()
    return ClusterError(
        Text(f"集群的版本是 {version}。", f"The cluster's version is {version}."),
        Text(
            "班级需要 ValidatingAdmissionPolicy v1，即 Kubernetes 1.30 或更新的版本。",
            "A class needs ValidatingAdmissionPolicy v1, which is Kubernetes 1.30 or newer.",
        ),
        Text("换一个集群。", "Use another cluster."),
    )


NAME_IMAGES = Text(
    "让集群的节点能拉取这些镜像，或者把它们放进一个节点够得着的镜像仓库，用 --images 写出它的名字。"
    "课程自己的镜像用 images/ 里的 Containerfile 构建。",
    "Let the cluster's nodes pull these images, or put them into a registry that the nodes reach "
    "and name it with --images. The course's own image is built from images/git/Containerfile.",
)
