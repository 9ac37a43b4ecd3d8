"""Brings one learner's namespaces and account about, doing only what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.classroom.plan import (
    HOME,
    MARK,
    Desk,
    account_form,
    binding_form,
    space_form,
)
from checker.classroom.standing import Standing, holds, is_ending, labels_of
from checker.cluster import API_ERRORS, Clock, ClusterError, Connection, Meaning, Objects, Workspace
from checker.cluster import meaning as read
from checker.cluster.lifecycle import quota_form, until_gone
from checker.texts import Text

TRIES = 3
"""A namespace may be deleted by somebody while we furnish it; so often we begin anew."""


class Seat:
    """One learner's place. `wrote` counts what was made or put right."""

    def __init__(self, connection: Connection, desk: Desk, clock: Clock) -> None:
        self._connection = connection
        self._desk = desk
        self._clock = clock
        self.wrote = 0

    def make(self, standing: Standing) -> str:
        """Make what `standing` lacks, and return the account's uid. Raises ClusterError."""
        for left in reversed(range(TRIES)):
            try:
                return self._make(standing)
            except API_ERRORS as error:
                if not left or not _went_away(error):
                    raise unable(error, self._desk.pupil.id) from error
                standing = look(self._connection)
        raise AssertionError("the last try returns or raises")

    def _make(self, standing: Standing) -> str:
        for space in self._desk.spaces:
            new = self._space(space, standing.spaces.get(space.namespace))
            quota = None if new else standing.quotas.get(space.namespace)
            binding = None if new else standing.bindings.get(space.namespace)
            self._thing(space, quota, quota_form(space))
            self._thing(space, binding, binding_form(space))
        found = standing.accounts.get(self._desk.account)
        if found is None:
            form = account_form(self._desk.pupil.id)
            self.wrote += 1
            return str(Objects(self._connection, HOME).apply(form).metadata.uid)
        return str(found["metadata"]["uid"])

    def _space(self, space: Workspace, found: Mapping[str, Any] | None) -> bool:
        """See to the namespace itself; whether it is new."""
        form = space_form(space)
        objects = Objects(self._connection, space.namespace)
        if found and is_ending(found) and _is_ours(found, space):
            until_gone(self._connection, space, self._clock)
            found = None
        if found is None:
            objects.create(form)  # never applied: one of this name that just came is not taken
            self.wrote += 1
            return True
        if not _is_ours(found, space):
            raise _not_ours(found, space)
        if not holds(found, form):
            objects.patch("Namespace", space.namespace, {"metadata": form["metadata"]})
            self.wrote += 1
        return False

    def _thing(
        self, space: Workspace, found: Mapping[str, Any] | None, form: dict[str, Any]
    ) -> None:
        if holds(found, form):
            return
        objects = Objects(self._connection, space.namespace)
        try:
            objects.apply(form)
        except API_ERRORS as error:
            # What a RoleBinding refers to cannot be changed, should a learner have made it anew.
            if read(error).code != 422:
                raise
            objects.delete(form["kind"], form["metadata"]["name"])
            objects.apply(form)
        self.wrote += 1


def look(connection: Connection) -> Standing:
    """What is there now. Raises ClusterError."""
    try:
        return Standing.look(connection)
    except API_ERRORS as error:
        raise unable(error, connection.context) from error


def unable(error: Exception, name: str) -> ClusterError:
    """What to say of an error of the API that came while we worked for `name`."""
    answer = read(error)
    words = answer.message[:300] if answer.code else ""
    todo = RIGHTS if answer.code in (401, 403) else answer.todo
    return ClusterError(
        Text(f"{name}：{answer.why.zh}{words}", f"{name}: {answer.why.en} {words}".rstrip()),
        Text("班级的工作区应当建好。", "The workspaces of the class should be made."),
        todo,
    )


RIGHTS = Text(
    "管理班级需要集群管理员的权限（cluster-admin）；换一个 context 再试。",
    "To manage a class you need the rights of a cluster administrator (cluster-admin): "
    "name another context.",
)


def _is_ours(found: Mapping[str, Any], space: Workspace) -> bool:
    return (space.labels | MARK).items() <= labels_of(found).items()


def _not_ours(found: Mapping[str, Any], space: Workspace) -> ClusterError:
    name = space.namespace
    single = space.labels.items() <= labels_of(found).items()
    what = (
        Text(
            f"命名空间 {name} 已经存在，是课程建的，但不是为班级建的。",
            f"The namespace {name} is there; the course made it, but not for a class.",
        )
        if single
        else Text(
            f"命名空间 {name} 已经存在，但不是课程建的。",
            f"The namespace {name} is there, and the course did not make it.",
        )
    )
    return ClusterError(
        what,
        Text("班级只用自己的命名空间。", "A class uses its own namespaces only."),
        Text(
            f"删除它（kubectl delete namespace {name}），或者在名单里给学员 {space.learner} "
            "换一个 id。",
            f"Delete it (kubectl delete namespace {name}), or give the learner {space.learner} "
            "another id in the roster.",
        ),
    )


def _went_away(error: Exception) -> bool:
    """Whether the reason is that a namespace came or went meanwhile."""
    answer = read(error)
    if answer.meaning in (Meaning.absent, Meaning.conflict):
        return True
    return answer.meaning is Meaning.refused and "terminat" in answer.message
