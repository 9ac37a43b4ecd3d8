"""Looks for the values of `mysecret` where more people may read than may read the Secret."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

from checker.observe import Bench
from checker.texts import Text

from .reader import WANTED

TEMPLATES = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
NOWHERE = Text(
    "mysecret 的值只在 Secret 里", "the values of mysecret stand in Secrets and nowhere else"
)
PLAIN, CODED = Text("原文", "as it is"), Text("base64", "in base64")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
"""Words that may be base64, in one of its two alphabets (RFC 4648), without their padding."""


def must_stand_nowhere(bench: Bench) -> None:
    for kind in ("Pod", *TEMPLATES, "ConfigMap"):
        for thing in bench.list(kind):
            form = bench.connection.client.sanitize_for_serialization(thing)  # type: ignore[no-untyped-call]
            for field, text in _texts(_told(form)):
                for key, value in WANTED.items():
                    _must_not_hold(bench, f"{kind} {thing.metadata.name}", field, text, key, value)


def _told(form: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an object that someone writes, the specification before the annotations."""
    notes = {"annotations": form["metadata"].get("annotations")}
    parts = {part: form.get(part) for part in ("spec", "data", "binaryData")}
    return parts | {"metadata": notes}


def _texts(thing: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an object, with the way to it."""
    if isinstance(thing, str):
        yield field, thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _texts(value, f"{field}.{key}".lstrip("."))
    elif isinstance(thing, list):
        for place, value in enumerate(thing):
            yield from _texts(value, f"{field}[{place}]")


def _must_not_hold(bench: Bench, thing: str, field: str, text: str, key: str, value: bytes) -> None:
    word = re.compile(rf"(?<![\w-]){re.escape(value.decode())}(?![\w-])")
    for form, texts in ((PLAIN, [text]), (CODED, _decoded(text))):
        if any(map(word.search, texts)):
            kind, _, name = thing.partition(" ")
            bench.failed(
                "literal",
                NOWHERE,
                f"{thing}: {field}",
                f"kubectl get {kind.lower()} {name} -o yaml",
                object=thing,
                field=field,
                key=key,
                form=form,
            )


def _decoded(text: str) -> Iterator[str]:
    """What the base64 in a text says: a value may stand there beside others, as user:password.

    Where a path or a word with a dash comes before it, it begins at any place of four.
    """
    for found in BASE64.findall(text):
        for start in range(4):
            coded = found[start:].replace("-", "+").replace("_", "/")
            coded = coded[: len(coded) - (len(coded) % 4 == 1)]
            yield base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("latin-1")
