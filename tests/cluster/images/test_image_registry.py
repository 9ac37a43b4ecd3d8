"""What lessons count on in the image registry, tried on a container of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.engine

Start = Callable[..., Any]
# The user podlab with the password "correct horse", as `htpasswd -B` writes it.
HTPASSWD = "podlab:$2b$04$WoXlCOpqJyx33eu4xoizNeXRvklHkg0kQ4JCOe0M29DbznGt9rPJC\n"


def test_the_registry_asks_for_a_password_and_takes_the_right_one(
    start: Start, tmp_path: Path
) -> None:
    file = tmp_path / "htpasswd"
    file.write_text(HTPASSWD, encoding="utf-8")
    words = {
        "REGISTRY_AUTH": "htpasswd",
        "REGISTRY_AUTH_HTPASSWD_REALM": "podlab",
        "REGISTRY_AUTH_HTPASSWD_PATH": "/auth/htpasswd",
    }
    options = [word for pair in words.items() for word in ("-e", "=".join(pair))]
    registry = start("registry", options=(*options, "-v", f"{file}:/auth/htpasswd:ro"))
    registry.wait_for('msg="listening on')
    client = start("busybox", "sleep", "60", options=("--network", f"container:{registry.id}"))
    refused = client.exec("wget", "-qO-", "http://127.0.0.1:5000/v2/")
    assert "401" in refused.stderr
    wrong = client.exec("wget", "-qO-", "http://podlab:wrong@127.0.0.1:5000/v2/")
    assert "401" in wrong.stderr
    assert client.says("wget", "-qO-", "http://podlab:correct horse@127.0.0.1:5000/v2/") == "{}"
