"""The one error of this room: what is wrong, where, and what to run or write instead."""

from __future__ import annotations


class AuthoringError(Exception):
    """Something an author can fix; the command line prints it and ends with 1."""
