"""An image nobody has yet, and Pods of the check's own that try to pull it."""

from __future__ import annotations

from dataclasses import dataclass

from checker.observe import Bench, Pod, PrivateRegistry
from checker.observe.troubles import trouble
from checker.texts import Text

from .pulls import UNAUTHORIZED, not_pulled

PULLS = 45.0
"""Seconds for a Pod of the check's own; it tries a second time 10 s after the first."""
ANSWERS = 20.0
"""Seconds for its server, which is up within one on a machine that is not busy."""
PULLED = Text("一个新 tag 的镜像拉取得到", "an image under a new tag can be pulled")


@dataclass(frozen=True)
class Fresh:
    """An image that was pushed a moment ago, and Pods of the check's own that try to pull it."""

    bench: Bench
    image: str
    token: str

    @classmethod
    def push(cls, bench: Bench, registry: PrivateRegistry) -> Fresh:
        """Push an image whose page and tag are a new random word."""
        token = bench.token()
        registry.push(token, token)
        return cls(bench, registry.image(token), token)

    def account(self) -> str:
        """A ServiceAccount that names no Secret: the learner's `default` may name some."""
        name = f"podlab-{self.token}"
        self.bench.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}})
        return name

    def start(self, what: str, account: str, secrets: list[str] | None = None) -> str:
        """Make a Pod that runs the image under an account, with these Secrets; its name."""
        name = f"podlab-{what}-{self.token}"
        safe = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
        container = {
            "name": "app",
            "image": self.image,
            "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}},
            "securityContext": safe,
        }
        spec = {
            "serviceAccountName": account,
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container],
        }
        if secrets:
            spec["imagePullSecrets"] = [{"name": name} for name in secrets]
        form = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
        self.bench.apply(form)
        return name

    def runs(self, name: str) -> bool:
        """Whether the Pod runs this very image; False where it got 401."""
        found = self.bench.converge(lambda: self._settled(name), bool, PULLS, PULLED)
        refused = not_pulled(found)
        if refused:
            return False
        # Without a probe it is Ready at once, and its server comes a moment later.
        return self.bench.converge(lambda: self._shows(found), bool, ANSWERS, PULLED)

    def _shows(self, found: Pod) -> bool:
        answer = self.bench.http(found, "/", 8080)
        if answer.text != self.token:
            raise trouble(found, f"GET /: {answer.status}")
        return True

    def _settled(self, name: str) -> Pod:
        """The Pod, once its pull has gone through or was refused."""
        found = self.bench.pod(name)
        failed = not_pulled(found)
        if failed and UNAUTHORIZED.search(failed.message):
            return found
        if not found.ready:
            raise trouble(found, self.bench.hint(found))
        return found
