"""Listens to the demo from the beginning of a lesson to the end of the kernel, for its pictures.

The observe room records Pods; claims outlive them, and are added here as marks of the same record.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.cluster import Change, Changes, Connection
from checker.cluster.changes import DELETED, LISTED, LOST
from checker.notebook.timeline.claims import CLAIM, SINCE
from checker.observe import Record, Recorder

KINDS = ("Pod",)
"""What the record itself hears of: no more than the pictures show."""


class Listener:
    """One namespace's story, from `start` to `stop`."""

    def __init__(self, connection: Connection, namespace: str) -> None:
        self._recorder = Recorder(connection, namespace, KINDS)
        claims = Claims(self._recorder.mark)
        self._claims = Changes(connection, namespace, "PersistentVolumeClaim", claims.hear)

    def start(self) -> None:
        """Begin; returns when what is there has been written down."""
        self._recorder.start()
        self._claims.start()

    def stop(self) -> None:
        """Hear no more. What was heard stays."""
        self._recorder.stop()
        self._claims.stop()

    def mark(self, label: str, **more: object) -> None:
        """Write down what was done or seen."""
        self._recorder.mark(label, **more)

    def record(self) -> Record:
        """What has been written down so far."""
        return self._recorder.record()


class Claims:
    """Turns what a watch tells of claims into marks: one when it is seen, one when it is gone."""

    def __init__(self, mark: Callable[..., None]) -> None:
        self._mark = mark
        self._there: dict[str, str] = {}

    def hear(self, change: Change) -> None:
        """Mark what lies between what was known and this."""
        if change.what == LOST:
            return
        now = {item.metadata.uid: item.metadata for item in change.objects}
        gone = set(now) if change.what == DELETED else set()
        if change.what == LISTED:
            gone = set(self._there) - set(now)
        for uid in gone:
            if name := self._there.pop(uid, None):
                self._mark(name, **{CLAIM: uid})
        if change.what == DELETED:
            return
        for uid, meta in now.items():
            if uid not in self._there:
                self._there[uid] = meta.name
                self._mark(meta.name, **{CLAIM: uid, SINCE: meta.creation_timestamp.isoformat()})
