"""`bench.token`: a random word for one attempt, so that copied and stale answers show."""

from __future__ import annotations

import secrets

from checker.observe.base import Base


class Token(Base):
    """Random words."""

    def token(self, prefix: str = "t") -> str:
        """Small letters and digits, also good as part of an object's name."""
        return f"{prefix}{secrets.token_hex(5)}"
