"""Hears of every change to a kind of object in a namespace, in a background thread.

It lists, watches from there, and when the watch breaks it lists again: a history that has been
cut off (410 Gone), a closed connection or an API server that restarts loses nothing but time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kubernetes.watch import Watch

from checker.cluster.connection import CONNECT_SECONDS, Connection
from checker.cluster.kinds import kind_of
from checker.cluster.meaning import API_ERRORS

WATCH_SECONDS = 60
"""The API server ends a watch after so many seconds; it goes on from where it was."""
BREATH = 1.0
"""Seconds before listing again after a failure."""
BREAKS: tuple[type[Exception], ...] = (*API_ERRORS, ValueError)
"""What ends a watch. ValueError: an object that the library's models do not take."""


@dataclass(frozen=True)
class Change:
    """What was heard. `listed` brings all objects there are; the others bring the one concerned.

    `lost` brings none: from now until the next `listed` nothing is heard.
    """

    what: str
    kind: str
    objects: tuple[Any, ...] = ()


LISTED, ADDED, MODIFIED, DELETED, LOST = "listed", "added", "modified", "deleted", "lost"


class Changes:
    """Watches one kind. `tell` is called in the thread; it must be quick and must not raise."""

    def __init__(
        self, connection: Connection, namespace: str, kind: str, tell: Callable[[Change], None]
    ) -> None:
        row = kind_of(kind)
        self._list = getattr(connection.api(row.api), f"list_namespaced_{row.word}")
        self._namespace = namespace
        self._kind = kind
        self._tell = tell
        self._stop = threading.Event()
        self._listed = threading.Event()
        self._watch = Watch()  # type: ignore[no-untyped-call]
        self._thread = threading.Thread(target=self._run, name=f"watch-{kind}", daemon=True)

    def start(self) -> None:
        """Begin. The first thing told is what there is now."""
        self._thread.start()

    def wait_until_listed(self, seconds: float = CONNECT_SECONDS) -> bool:
        """Wait for the first list; False when it did not come in time."""
        return self._listed.wait(seconds)

    def stop(self) -> None:
        """End the watch and wait for the thread, a few seconds at most."""
        self._stop.set()
        self._watch.stop()  # type: ignore[no-untyped-call]
        if self._thread.is_alive():
            self._thread.join(CONNECT_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._follow(self._list_all())
            except BREAKS:
                if not self._stop.is_set():
                    self._tell(Change(LOST, self._kind))
                    self._stop.wait(BREATH)

    def _list_all(self) -> str:
        found = self._list(self._namespace)
        self._tell(Change(LISTED, self._kind, tuple(found.items)))
        self._listed.set()
        return found.metadata.resource_version or ""

    def _follow(self, version: str) -> None:
        """Watch from `version` on, until it breaks (raises) or we are stopped (returns)."""
        while not self._stop.is_set():
            stream = self._watch.stream(  # type: ignore[no-untyped-call]
                self._list,
                self._namespace,
                resource_version=version,
                timeout_seconds=WATCH_SECONDS,
                _request_timeout=(CONNECT_SECONDS, WATCH_SECONDS + 10.0),
            )
            for event in stream:
                # None is half a line: the connection was cut in the middle of it.
                word = str(event["type"]).lower() if event else ""
                if word in (ADDED, MODIFIED, DELETED):
                    version = event["object"].metadata.resource_version or version
                    self._tell(Change(word, self._kind, (event["object"],)))
                if self._stop.is_set():
                    return
