"""A timeline as a notebook keeps it beside its picture, from which the picture is drawn anew."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from checker.notebook.timeline.data import Timeline

TIMELINE_MIME = "application/vnd.podlab.timeline"

_FORM = TypeAdapter(Timeline)


def dump(timeline: Timeline) -> str:
    """The timeline as JSON on one line, its numbers to six digits."""
    data = _rounded(_FORM.dump_python(timeline, mode="json", exclude_defaults=True))
    # As text: of an object a notebook would give each word a line, with a dozen blanks before it.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Timeline:
    """The timeline of such JSON. Raises pydantic's ValidationError for anything else."""
    return _FORM.validate_json(text)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value
