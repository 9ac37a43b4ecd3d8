"""What of a class is on the cluster: listed once for all learners, not asked for one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from checker.classroom.plan import HOME, MARK, MARKED
from checker.cluster import Connection, Objects, Part, Workspace

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """By name, or by namespace for what each namespace has one of. All namespaces there are."""

    spaces: Mapping[str, Found]
    quotas: Mapping[str, Found]
    bindings: Mapping[str, Found]
    accounts: Mapping[str, Found]

    @classmethod
    def look(cls, connection: Connection) -> Standing:
        """Four calls. Raises what the client raises."""
        spaces = _list(connection, "Namespace")
        quotas = _list(connection, "ResourceQuota", "podlab/part")
        bindings = _list(connection, "RoleBinding", MARKED)
        accounts = _list(connection, "ServiceAccount", MARKED)
        return cls(
            spaces={each["metadata"]["name"]: each for each in spaces},
            quotas={each["metadata"]["namespace"]: each for each in quotas},
            bindings={each["metadata"]["namespace"]: each for each in bindings},
            accounts={each["metadata"]["name"]: each for each in accounts},
        )

    def learners(self) -> set[str]:
        """The learners of all classes on this cluster."""
        marked = [*self.spaces.values(), *self.accounts.values()]
        labels = [labels_of(each) for each in marked]
        names = {each.get("podlab/learner", "") for each in labels if MARK.items() <= each.items()}
        return names - {""}

    def spaces_of(self, learner: str) -> list[Workspace]:
        """The namespaces that a class has for this learner."""
        return [
            Workspace(labels["podlab/lesson"], cast(Part, labels["podlab/part"]), learner)
            for labels in map(labels_of, self.spaces.values())
            if (MARK | {"podlab/learner": learner}).items() <= labels.items()
        ]


def labels_of(found: Found) -> dict[str, str]:
    """The labels of an object."""
    return dict(found["metadata"].get("labels") or {})


def is_ending(space: Found) -> bool:
    """Whether it has been deleted and is not gone yet."""
    return bool(space["metadata"].get("deletionTimestamp"))


def holds(found: Found | None, form: Found) -> bool:
    """Whether an object is as its manifest asks: what the manifest says stands in it."""
    # An object of a list does not say of what kind it is.
    asked = {key: value for key, value in form.items() if key not in ("apiVersion", "kind")}
    return _has(found, asked)


def _has(found: Any, asked: Any) -> bool:
    if isinstance(asked, Mapping):
        return isinstance(found, Mapping) and all(_has(found.get(k), v) for k, v in asked.items())
    if isinstance(asked, list):
        same = isinstance(found, list) and len(found) == len(asked)
        return same and all(map(_has, found, asked))
    return bool(found == asked)


def _list(connection: Connection, kind: str, selector: str = "") -> list[Any]:
    plain: Any = connection.client.sanitize_for_serialization
    return [plain(model) for model in Objects(connection, HOME).everywhere(kind, selector)]
