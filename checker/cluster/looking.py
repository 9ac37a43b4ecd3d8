"""A connection for checks that only look: what would change something is refused before it goes.

To look is to read the API, to ask it without doing anything (a dry run, an access review), and to
send requests as any client of a Service does, from the course's own probe Pod. A command in a
learner's container is no look: it runs within the container's memory and CPU limits, which a small
one may feel, and from here nobody can tell `cat` from `rm`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubernetes.client import ApiClient

from checker.cluster.connection import Connection, TimedClient
from checker.cluster.lease import SYSTEM

READS = ("GET", "HEAD")
ENTERS = ("exec", "attach", "portforward", "proxy")
"""Subresources that are read by GET and lead into a container."""


class ActsError(Exception):
    """A check that is marked as one that only looks wanted to act: its author's mistake."""

    def __init__(self, act: str) -> None:
        super().__init__(f"this check may only look, and wanted: {act}")


class LookingClient(TimedClient):
    """The client `inner`, its connections with it, for looks alone."""

    def __init__(self, inner: ApiClient) -> None:
        super().__init__(inner.configuration)
        self._inner = inner

    def param_serialize(
        self,
        method: Any,
        resource_path: Any,
        path_params: Any = None,
        query_params: Any = None,
        *args: Any,
        **more: Any,
    ) -> Any:
        """As in the library. Every call comes through here, also one that becomes a websocket."""
        where = (path_params or {}).get("namespace", "")
        if not only_looks(method, resource_path, where, dict(query_params or ())):
            raise ActsError(f"{method} {resource_path.format_map(path_params or {})}")
        return super().param_serialize(
            method, resource_path, path_params, query_params, *args, **more
        )

    def call_api(self, *args: Any, **kwargs: Any) -> Any:
        """As in the library, over the connections of the inner client."""
        return self._inner.call_api(*args, **kwargs)


class LookingConnection(Connection):
    """The same cluster as `connection`, to be looked at."""

    looks_only = True

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            LookingClient(connection.client),
            connection.cluster,
            connection.kubeconfig,
            connection.context,
        )

    def fresh_client(self) -> ApiClient:
        """A client of its own that looks only."""
        return LookingClient(super().fresh_client())


def only_looks(method: str, path: str, namespace: str, query: Mapping[str, object]) -> bool:
    """Whether a request leaves everything in a learner's namespace as it is.

    `path` is the API's own, with `{name}` and `{namespace}` in their places.
    """
    if any(f"/{word}" in path for word in ENTERS):
        return namespace == SYSTEM
    if method in READS or query.get("dryRun") == "All":
        return True
    return method == "POST" and path.endswith("accessreviews")
