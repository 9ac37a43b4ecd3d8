"""The way every room reads its templates: a hole without a value is an error, never a blank."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def templates(package: str, *, html: bool = True) -> Environment:
    """The templates of a package. In HTML every value is escaped; else text stays as it is."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=html,  # noqa: S701 (on, but for Markdown)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not html,
    )
