"""A timeline as a notebook keeps it beside its picture, from which the picture is drawn anew."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from checker.notebook.timeline.data import Timeline

TIMELINE_MIME = "application/vnd.podlab.timeline+json"

_FORM = TypeAdapter(Timeline)


def dump(timeline: Timeline) -> dict[str, Any]:
    """The timeline as JSON."""
    data: dict[str, Any] = _FORM.dump_python(timeline, mode="json", exclude_defaults=True)
    return data


def load(data: dict[str, Any]) -> Timeline:
    """The timeline of such JSON. Raises pydantic's ValidationError for anything else."""
    return _FORM.validate_python(data)
