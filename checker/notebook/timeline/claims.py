"""Lives of PersistentVolumeClaims, from the marks that tell of them. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checker.notebook.timeline.data import DELETED, NOTHING, Lane, Life, LifeKind
from checker.notebook.timeline.moment import moment
from checker.observe import Record
from checker.texts import Text

CLAIM = "claim"
"""A mark that has this is about the claim with this uid; the mark's label is its name."""
SINCE = "since"
"""A mark that has this, too, says that the claim was seen, and since when it is there."""


def claims(record: Record) -> Iterator[tuple[str, Life]]:
    """Every claim, by name."""
    marks = [fact for fact in record.of("mark") if CLAIM in fact.more]
    gone = {fact.more[CLAIM]: fact.heard for fact in marks if SINCE not in fact.more}
    for fact in marks:
        if SINCE not in fact.more:
            continue
        uid, name = fact.more[CLAIM], fact.subject
        since, end = datetime.fromisoformat(fact.more[SINCE]), gone.get(uid)
        yield (
            name,
            Life(
                lane=Lane(f"claim/{name}", Text.same(f"PVC {name}")),
                kind=LifeKind.claim,
                start=moment(record.began, since, fact.heard),
                end=moment(record.began, end, end) if end else None,
                name=Text.same(name),
                ending=DELETED if end else NOTHING,
                detail=f"UID {uid[:8]}",
            ),
        )
