"""A learner who makes too much of everything: objects, logs and messages, in one manifest."""

from __future__ import annotations

import yaml

OBJECTS = 60
POD = "aaa-loud"
LARGE = "x" * 50_000
# Wakes the checks that look for `app: reader`, and says what no terminal and no page should take.
SHOUT = (
    "head -c 5000000 /dev/zero | tr '\\0' 'x'; "
    "printf '\\033[2J<script>alert(1)</script>' > /dev/termination-log; "
    "head -c 200000 /dev/zero | tr '\\0' 'm' >> /dev/termination-log; exit 1"
)


def _config_map(number: int) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"flood-{number}"},
        "data": {"large": LARGE},
    }


def _pod(name: str, selector: dict[str, str]) -> dict[str, object]:
    container = {"name": "a", "image": "busybox:1.37", "command": ["sh", "-c", SHOUT]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": "reader"}, "annotations": {"large": LARGE}},
        "spec": {
            "restartPolicy": "Never",
            "nodeSelector": selector,
            "automountServiceAccountToken": False,
            "containers": [container],
        },
    }


# One Pod that shouts; the others are never scheduled, so that only their number counts.
FLOOD = yaml.safe_dump_all(
    [
        _pod(POD, {}),
        *(_pod(f"flood-{number}", {"no-such": "node"}) for number in range(OBJECTS)),
        *(_config_map(number) for number in range(OBJECTS)),
    ]
)
