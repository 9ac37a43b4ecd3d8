"""The course as one static site: both languages, no script, nothing from a network."""

from checker.authoring.book.site import build_book

__all__ = ["build_book"]
