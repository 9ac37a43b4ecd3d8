"""The private image: whoever has the credentials of the invoices' Pod can pull the next version."""

from __future__ import annotations

import re
from typing import Any

from checker.catalogue import check
from checker.observe import (
    KUBE_PROXY,
    Bench,
    CouldNotLook,
    HttpAnswer,
    Outcome,
    Pod,
    PrivateRegistry,
    Refusal,
)
from checker.texts import Text

from .words import AGAIN, SETTLES, describe, fine, settles_of, shown

INVOICE = "invoice"
REFUSED = re.compile(r"\b40[13]\b|denied|forbidden|unauthori[sz]ed|authori[sz]ation", re.IGNORECASE)
"""What a kubelet tells of a registry that did not let it in. Other failed pulls may heal."""
PULLS = 40.0
INVOICES = Text("开发票的镜像在运行", "the image for invoices runs")
PULLED = Text("同样的凭据拉得到新版本", "the same credentials pull a new version")
NOT_UP = Text(
    "检查程序自己的 Pod {pod} 没有起来，不是因为凭据。",
    "The checker's own Pod {pod} did not come up, and not for its credentials.",
)


# Longest wait: one Pod is made and pulls a small image. (One that was refused before may wait for
# its next pull for 5 minutes; the learner is told so, and need not wait.)
@check("invoice")
def invoice(bench: Bench) -> Outcome:
    registry = bench.registry()
    pod = bench.pods_of_service(INVOICE)[-1]
    words = bench.token("invoice-")
    version = bench.token("v")
    registry.push(version, words)
    _next_version(bench, pod, registry.image(version))
    try:
        pods = bench.ready_pods_of_service(INVOICE, SETTLES)
    except Refusal as no:
        if no.message_id == "image-not-pulled":
            image = str(no.params["image"])
            bench.failed(
                "still-waiting" if is_served(registry, image) else "no-such-image",
                expected=INVOICES,
                found=no.params["detail"],
                command=describe(pod),
                pod=pod.name,
                image=image,
            )
        raise
    images = [c.image for pod in pods for c in pod.containers if c.main]
    if not all(image.startswith(registry.image("")) for image in images):
        found = ", ".join(images)
        bench.failed(
            "other-image", expected=INVOICES, found=found, command=describe(pod), pod=pod.name
        )

    def look() -> HttpAnswer:
        answer = bench.http(INVOICE)
        if answer.status != 200:
            bench.failed(
                "no-invoice",
                expected=INVOICES,
                found=shown(answer),
                command=f"kubectl get endpointslices -l kubernetes.io/service-name={INVOICE}",
                settles=settles_of(answer),
            )
        return answer

    bench.converge(look, fine, KUBE_PROXY * 2, INVOICES)
    return bench.passed(expected=INVOICES, found=", ".join(images), command="kubectl get pods")


def is_served(registry: PrivateRegistry, image: str) -> bool:
    """Whether the registry has the image. What the kubelet last heard may be older than the login.

    A name with anything else in it than a repository and a tag or digest is none of the registry's.
    """
    name = re.fullmatch(
        rf"{re.escape(registry.host)}/([a-z0-9._/-]+?)(?:[:@]([\w.:-]+))?", image, re.ASCII
    )
    return bool(name) and registry.serves(name[1], name[2] or "latest")


def _next_version(bench: Bench, like: Pod, image: str) -> None:
    """Pull a version that no node has, in a Pod of ours with the credentials of `like`."""
    secrets = [each.name for each in like.raw.spec.image_pull_secrets or ()]
    form = _pod_form(f"next-{bench.token()}", image, like.raw.spec.service_account_name, secrets)
    name = form["metadata"]["name"]
    bench.apply(form)

    def refused_or_ready(now: Pod) -> bool:
        return now.ready or bool(REFUSED.search(now.container().message))

    def why(now: Pod) -> str:
        return bench.hint(now) or now.phase

    try:
        now = bench.converge(lambda: bench.pod(name), refused_or_ready, PULLS, PULLED, show=why)
    except Refusal as no:
        raise CouldNotLook(NOT_UP.format(pod=name), AGAIN, no.evidence) from no
    if not now.ready:
        _say_why_refused(bench, like, secrets, now.container().message)
    bench.delete("Pod", name)


def _pod_form(name: str, image: str, account: str, secrets: list[str]) -> dict[str, Any]:
    """A Pod that runs `image` as the invoices' program is run, and asks for next to nothing."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "serviceAccountName": account,
            "automountServiceAccountToken": False,
            "imagePullSecrets": [{"name": each} for each in secrets],
            "terminationGracePeriodSeconds": 1,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                {
                    "name": "app",
                    "image": image,
                    "resources": {
                        "requests": {"cpu": "5m", "memory": "8Mi"},
                        "limits": {"memory": "32Mi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }


def _say_why_refused(bench: Bench, pod: Pod, secrets: list[str], said: str) -> None:
    seen: dict[str, Any] = {
        "expected": INVOICES,
        "found": said or "-",
        "command": describe(pod),
        "pod": pod.name,
    }
    if not secrets:
        bench.failed("none-named", **seen)
    if missing := [name for name in secrets if bench.find("Secret", name) is None]:
        bench.failed("not-there", secrets=", ".join(missing), **seen)
    bench.failed("not-let-in", secrets=", ".join(secrets), settles=0, **seen)
