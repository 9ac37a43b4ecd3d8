"""What each learner of a class is to have on the cluster, as manifests. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checker.catalogue import Lab, solution
from checker.cluster import Part, Workspace
from checker.cluster.lifecycle import namespace_form
from checker.model import Pupil

HOME = "podlab-class"
"""The namespace of the learners' accounts, in which no learner has any rights."""
ROLE = "podlab-learner"
MARK = {"podlab/class": "true"}
"""On everything that was made for a class. What lacks it is never changed and never removed."""
MARKED = "podlab/class=true"
RBAC = "rbac.authorization.k8s.io"


@dataclass(frozen=True)
class Desk:
    """One learner, and his namespaces for the chosen lessons."""

    pupil: Pupil
    spaces: tuple[Workspace, ...]

    @property
    def account(self) -> str:
        """His ServiceAccount in HOME. The prefix keeps it apart from `default`."""
        return account_name(self.pupil.id)


def account_name(learner: str) -> str:
    """The ServiceAccount of the learner with this id."""
    return f"learner-{learner}"


def desk_of(pupil: Pupil, labs: Sequence[Lab]) -> Desk:
    """What this learner has for these labs: demo, lab, and a team where the lab has one."""
    spaces = [Workspace(lab.name, part, pupil.id) for lab in labs for part in parts_of(lab)]
    return Desk(pupil, tuple(spaces))


def parts_of(lab: Lab) -> tuple[Part, ...]:
    """The lab's namespaces. One with a team has files for it in its solution."""
    team = any(name.startswith("team/") for name in solution(lab).files)
    return ("lab", "team", "demo") if team else ("lab", "demo")


def space_form(space: Workspace) -> dict[str, Any]:
    """A learner's namespace."""
    form = namespace_form(space)
    form["metadata"]["labels"] |= MARK
    return form


def account_form(learner: str) -> dict[str, Any]:
    """A learner's account. It is for him, not for Pods: no token is kept on the cluster."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {
            "name": account_name(learner),
            "namespace": HOME,
            "labels": MARK | {"podlab/learner": learner},
        },
    }


def binding_form(space: Workspace) -> dict[str, Any]:
    """The learner's rights in one of his namespaces."""
    learner = str(space.learner)
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": ROLE, "labels": MARK | {"podlab/learner": learner}},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": ROLE},
        "subjects": [{"kind": "ServiceAccount", "name": account_name(learner), "namespace": HOME}],
    }
