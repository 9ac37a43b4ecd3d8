"""A cluster in memory that gives learners their tokens."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

from fakecluster import FakeApi

NOW = int(time.time())

PROBE = "/api/v1/namespaces/podlab-system/pods/probe"
DEPLOYMENT = "/apis/apps/v1/namespaces/podlab-registry/deployments/registry"
REGISTRY_POD = "/api/v1/namespaces/podlab-registry/pods/r1"
READY = {"conditions": [{"type": "Ready", "status": "True"}], "podIP": "10.0.0.1"}


class ClassApi(FakeApi):
    """Gives tokens too. `lasts` is the longest time that it lets one last."""

    lasts = 10**9

    def serve(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Any
    ) -> tuple[int, Any]:
        if not path.endswith("/token"):
            return super().serve(method, path, query, body, headers)
        account = self.store[path.removesuffix("/token")]["metadata"]
        body = self.sanitize_for_serialization(body)  # type: ignore[no-untyped-call]
        seconds = min(self.lasts, body["spec"]["expirationSeconds"])
        mine = {"serviceaccount": {"name": account["name"], "uid": account["uid"]}}
        token = jwt(iat=NOW, exp=NOW + seconds, **{"kubernetes.io": mine, "jti": str(self.version)})
        self.version += 1
        return 201, {"metadata": {}, "status": {"token": token}}


def jwt(**claims: Any) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"head.{middle}.signature"
