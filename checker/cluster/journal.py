"""How to undo what a check did, kept where a killed check leaves it: on the Namespace object.

A step is written before the act and taken out after the undoing, so the next run can read what
was left. Whoever writes holds the workspace's Lease. Doing the steps is not this module's work.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from checker.cluster.connection import Connection
from checker.cluster.errors import ClusterError
from checker.cluster.kinds import Objects
from checker.cluster.meaning import API_ERRORS, Meaning, meaning
from checker.cluster.workspace import Workspace
from checker.texts import Text

ANNOTATION = "podlab/undo"
WRITING = threading.Lock()
"""The annotation is read and written back: one thread at a time. Other processes have no Lease."""
Way = Literal["delete", "patch", "exec", "team"]


@dataclass(frozen=True)
class Step:
    """One undoing. It must be harmless to do twice, and when the act was never done.

    delete: the object. patch: a JSON merge patch of it. exec: `argv` in a container of a Pod.
    team: what the journal of the lab's second namespace holds.
    """

    way: Way
    kind: str
    name: str
    body: Mapping[str, Any] = field(default_factory=dict)
    argv: tuple[str, ...] = ()
    container: str = ""
    uid: str = ""
    owner: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    @classmethod
    def delete(cls, kind: str, name: str) -> Step:
        """Delete an object that we are about to make."""
        return cls("delete", kind, name)

    @classmethod
    def patch(cls, kind: str, name: str, body: Mapping[str, Any]) -> Step:
        """Put fields back as they were; `body` is a JSON merge patch."""
        return cls("patch", kind, name, body=body)

    @classmethod
    def exec(cls, pod: str, argv: tuple[str, ...], container: str = "", uid: str = "") -> Step:
        """Run a command in that Pod; with `uid`, only while it is still that very Pod."""
        return cls("exec", "Pod", pod, argv=argv, container=container, uid=uid)


class Journal:
    """The steps of one workspace. Every method raises what the client raises, and ClusterError
    where the namespace went away meanwhile: what was seen in it then tells nothing.

    `owner` is `run/task`. Tasks of one run may be judged side by side: each undoes its own steps,
    and those that other runs left.
    """

    def __init__(self, connection: Connection, workspace: Workspace, owner: str = "") -> None:
        self._objects = Objects(connection, workspace.namespace)
        self._name = workspace.namespace
        self._uid = ""
        self.owner = owner
        self._run = f"{owner.rpartition('/')[0]}/"

    def pending(self) -> tuple[Step, ...]:
        """What is to be undone by this owner, the last act first."""
        mine = (step for step in self._read() if not self._is_anothers(step))
        return tuple(reversed(list(mine)))

    def write(self, step: Step) -> None:
        """Note a step, before acting."""
        with WRITING:
            self._save([*self._read(), replace(step, owner=self.owner)])

    def strike(self, step: Step) -> None:
        """Take a step out, after its undoing."""
        with WRITING:
            self._save([other for other in self._read() if other.id != step.id])

    def _is_anothers(self, step: Step) -> bool:
        """Whether a check that runs beside this one took the step."""
        return step.owner != self.owner and step.owner.startswith(self._run)

    def _read(self) -> list[Step]:
        try:
            meta = self._objects.read("Namespace", self._name).metadata
        except API_ERRORS as error:
            if meaning(error).meaning is Meaning.absent:
                raise _gone(self._name) from error
            raise
        self._uid = self._uid or meta.uid
        if meta.deletion_timestamp or meta.uid != self._uid:
            raise _gone(self._name)
        return [
            Step(**(row | {"argv": tuple(row["argv"])}))
            for row in json.loads((meta.annotations or {}).get(ANNOTATION) or "[]")
        ]

    def _save(self, steps: list[Step]) -> None:
        text = json.dumps([asdict(step) for step in steps]) if steps else None
        self._objects.patch(
            "Namespace", self._name, {"metadata": {"annotations": {ANNOTATION: text}}}
        )


def _gone(name: str) -> ClusterError:
    return ClusterError(
        Text(f"命名空间 {name} 被删除了。", f"The namespace {name} was deleted."),
        Text("检查期间它应当一直在。", "It should be there as long as a check lasts."),
        Text("等它建好后再检查一次。", "Check again when it has been made anew."),
    )
