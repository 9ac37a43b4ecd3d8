"""Rules for a text and its partner: the same claims, the same code, the same numbers."""

from __future__ import annotations

from collections.abc import Iterator

from checker.authoring import prose
from checker.authoring.problem import Finding


def lint_pair(zh: str, en: str) -> Iterator[Finding]:
    """Where a Chinese text and its English partner say different things."""
    if prose.heading_levels(zh) != prose.heading_levels(en):
        yield Finding(
            "headings",
            f"headings of levels {prose.heading_levels(zh)} in zh, "
            f"{prose.heading_levels(en)} in en",
            "Give both the same headings",
        )
    if prose.fences(zh) != prose.fences(en):
        yield Finding("spans", "fenced blocks differ", "Make them equal, byte for byte")
    for rule, what, parts in (
        ("spans", "code spans", prose.spans),
        ("numbers", "numbers", prose.numbers),
        ("links", "addresses", prose.links),
    ):
        if only := parts(zh) ^ parts(en):
            yield Finding(
                rule,
                f"{what} in one language only: {', '.join(sorted(only))}",
                "Write them in both, numbers with digits",
            )
