"""`bench.registry`: the course's private registry, with a user for the workspace.

It runs in a namespace of its own (manifests/03-registry/registry.yaml). Each workspace has a random
user, told to the learner in the Secret `registry-login` and nowhere else; the registry keeps a
bcrypt hash. htpasswd knows no rights per repository: every user may pull and push everything.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import bcrypt
import yaml
from kubernetes import client

from checker.cluster import API_ERRORS, Clock, Connection, Meaning, Objects, meaning
from checker.observe.base import looking
from checker.observe.clean import clean
from checker.observe.converge import Converge
from checker.observe.distribution import (
    LOOK_THERE,
    NAMESPACE,
    REPOSITORY,
    TAG,
    Login,
    PrivateRegistry,
)
from checker.observe.images import renamed_form
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import Pod, view
from checker.observe.tcp import Tcp
from checker.observe.transport import Command, run
from checker.paths import course_root
from checker.texts import Text

FILE = ("manifests", "03-registry", "registry.yaml")
PAGE = "awesomeapp v1\n"
LOGIN = "registry-login"
TAKES = 10.0
"""Seconds for the API server to take the registry's objects."""
STARTS = 90.0
"""Seconds for the registry's Pod to come up where it does not run yet."""
ENTERS = 15.0
"""Seconds for a new user to be let in; the registry reads its file again when it has changed."""
COST = 5
"""Rounds of bcrypt, as a power of two. A random word of 96 bits needs no slow hash."""

# One write of one short line to a file opened for appending: users who come at the same time do
# not cut each other's line, and none is lost.
ADD_USER = ("sh", "-c", 'printf "%s\\n" "$1" >> /auth/htpasswd', "sh")

# In place, so that the registry goes on reading the same file. A user who is added in between is
# missing afterwards, and is added again when his workspace next needs the registry.
FORGET = (
    "sh",
    "-c",
    "cd /auth && cat > gone && { grep -v -f gone htpasswd > kept; cat kept > htpasswd; "
    "rm -f gone kept; }",
)

UP = Text("课程的镜像仓库就绪", "the course's registry to be ready")
LET_IN = Text("镜像仓库认得这个工作区的用户", "the registry to know this workspace's user")
NOT_UP = Text("课程的镜像仓库没有就绪（{why}）。", "The course's registry is not ready ({why}).")
NOT_LET_IN = Text(
    "课程的镜像仓库没有接受新用户（{why}）。", "The course's registry took no new user ({why})."
)
NOT_GIVEN = Text(
    "这个工作区还没有镜像仓库的用户。", "This workspace has no user of the course's registry yet."
)
GIVE = Text(
    "用 podlab class create 补上，再评分一次。",
    "Run podlab class create, which brings it, and grade again.",
)
NOT_OURS = Text(
    f"Secret {LOGIN} 不是课程放的那一个。", f"The Secret {LOGIN} is not the one the course gave."
)
DELETE_IT = Text(
    f"删除它（kubectl delete secret {LOGIN}），再检查一次；课程会放一个新的。",
    f"Delete it (kubectl delete secret {LOGIN}) and check again; the course gives a new one.",
)


class Registry(Converge, Tcp):
    """The way to the registry, for checks and for what a workspace is given."""

    def registry(self) -> PrivateRegistry:
        """The registry, running, with the workspace's user and the lesson's image in it.

        Makes what is missing, also where the registry was deleted meanwhile; safe to call at any
        time and from several workspaces at once. CouldNotLook when it cannot be brought about. A
        look makes nothing: CouldNotLook where anything is missing.
        """
        there = Objects(self.connection, NAMESPACE)
        if self.connection.looks_only:
            return self._as_it_is(there)
        self.converge(lambda: self._applied(there), bool, TAKES, UP)
        pod = self.converge(lambda: self._running(there), bool, STARTS, UP)
        registry = PrivateRegistry(self, pod, self._login())
        self.converge(lambda: self._let_in(registry, pod), bool, ENTERS, LET_IN)
        if not registry.serves(REPOSITORY, TAG):
            registry.push(TAG, PAGE)
        return registry

    def _as_it_is(self, there: Objects) -> PrivateRegistry:
        pod = self._running(there)
        found = self.find("Secret", LOGIN)
        login = self._own_login(found) if found else None
        registry = PrivateRegistry(self, pod, login) if login else None
        if registry is None or not registry.admits(registry.login):
            raise CouldNotLook(NOT_GIVEN, GIVE)
        return registry

    def _applied(self, there: Objects) -> bool:
        """True when the API server has taken the registry's objects.

        Where two apply a new Service with the same node port at the same moment, the second is told
        422, "port is already allocated"; it finds the Service when it tries again.
        """
        with _ours():
            for form in registry_forms():
                there.apply(form)
        return True

    def _running(self, there: Objects) -> Pod:
        with _ours():
            found = [view(raw) for raw in there.list("Pod", "app=registry")]
        if ready := [pod for pod in found if pod.ready and not pod.terminating]:
            return ready[0]
        states = [f"{c.name}: {c.state} {c.reason}" for pod in found for c in pod.containers]
        raise CouldNotLook(NOT_UP.format(why=", ".join(states) or "no Pod"), LOOK_THERE)

    def _login(self) -> Login:
        """The workspace's user, made at the first call. The Secret is the one place that knows."""
        found = self.find("Secret", LOGIN)
        if found is None:
            self._give_login()
            found = self.get("Secret", LOGIN)
        return self._own_login(found)

    def _own_login(self, secret: Any) -> Login:
        login = _read_login(secret.data or {})
        # The user's name holds the namespace: nobody can let a neighbour's user in by this way.
        if login is None or not re.fullmatch(rf"{self.namespace}\.[0-9a-f]+", login.user):
            raise CouldNotLook(NOT_OURS, DELETE_IT)
        return login

    def _give_login(self) -> None:
        words = {
            "username": f"{self.namespace}.{secrets.token_hex(4)}",
            "password": secrets.token_hex(12),
        }
        form = client.V1Secret(
            metadata=client.V1ObjectMeta(
                name=LOGIN, labels={"app.kubernetes.io/part-of": "podlab"}
            ),
            type="kubernetes.io/basic-auth",
            immutable=True,
            string_data=words,
        )
        try:
            with looking():
                self.connection.api(client.CoreV1Api).create_namespaced_secret(self.namespace, form)
        except API_ERRORS as error:
            # Another caller of the same workspace came first, and its user is as good as ours.
            if meaning(error).meaning is not Meaning.conflict:
                raise

    def _let_in(self, registry: PrivateRegistry, pod: Pod) -> bool:
        if registry.admits(registry.login):
            return True
        hashed = bcrypt.hashpw(registry.login.password.encode(), bcrypt.gensalt(COST)).decode()
        argv = (*ADD_USER, f"{registry.login.user}:{hashed}")
        command = Command(NAMESPACE, pod.name, "registry", argv)
        ran = run(self.connection, command, self.left(5.0), self.clock)
        if not ran.ok:
            why = clean(ran.why or ran.stderr, 200)
            raise CouldNotLook(NOT_LET_IN.format(why=why), LOOK_THERE)
        if registry.admits(registry.login):
            return True
        raise CouldNotLook(NOT_LET_IN.format(why="401"), LOOK_THERE)


def forget_users(connection: Connection, namespaces: Iterable[str], clock: Clock) -> None:
    """Take the users of workspaces that have gone out of the registry, where it runs.

    Raises what the client raises.
    """
    pods = Objects(connection, NAMESPACE).list("Pod", "app=registry")
    lines = "".join(f"^{name}\\.\n" for name in namespaces).encode()
    for pod in pods if lines else ():
        run(
            connection,
            Command(NAMESPACE, pod.metadata.name, "registry", FORGET, lines),
            10.0,
            clock,
        )


@contextmanager
def _ours() -> Iterator[None]:
    """Around calls about the registry itself: no answer there is ever the learner's doing."""
    try:
        yield
    except API_ERRORS as error:
        answer = meaning(error)
        why = clean(answer.message or answer.reason, 200)
        raise CouldNotLook(NOT_UP.format(why=why), answer.todo) from error


def registry_forms() -> list[dict[str, Any]]:
    """The registry's manifests, with this cluster's names for the images."""
    text = course_root().joinpath(*FILE).read_text(encoding="utf-8")
    forms: list[dict[str, Any]] = renamed_form(list(yaml.safe_load_all(text)))
    return forms


def _read_login(data: Mapping[str, str]) -> Login | None:
    """The user in a Secret of type basic-auth, or None where there is none."""
    try:
        user, password = (base64.b64decode(data[key]).decode() for key in ("username", "password"))
    except (KeyError, ValueError):
        return None
    return Login(user, password)
