"""What volumes a Pod has and where they are mounted, in words and as commands that show it."""

from __future__ import annotations

from checker.observe import Bench, Pod

TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 (a path)


def claims(bench: Bench, pod: Pod) -> dict[str, str]:
    """The Pod's Bound claims, each with the volume it is bound to."""
    named = [v.persistent_volume_claim for v in pod.raw.spec.volumes or ()]
    found = [bench.find("PersistentVolumeClaim", each.claim_name) for each in named if each]
    return {c.metadata.name: c.spec.volume_name for c in found if c and c.status.phase == "Bound"}


def in_words(claims: dict[str, str]) -> str:
    return ", ".join(f"{claim}: {volume}" for claim, volume in claims.items()) or "-"


def mounts(pod: Pod, container: str | None = None) -> list[str]:
    """Where volumes are mounted, in one container or in all; the API token's is nobody's choice."""
    chosen = [c for c in pod.containers if container in (None, c.name)]
    return sorted({p for c in chosen for p in c.mounts.values() if p != TOKEN_MOUNT})


def volumes(pod: Pod) -> str:
    """The Pod's volumes with their types, such as `data (emptyDir)`."""
    words = []
    for volume in pod.raw.spec.volumes or ():
        kinds = [
            form
            for field, form in volume.attribute_map.items()
            if field != "name" and getattr(volume, field) is not None
        ]
        if not volume.name.startswith("kube-api-access-"):
            words.append(f"{volume.name} ({', '.join(kinds)})")
    return ", ".join(words) or "-"


def show_mounts(pod: Pod) -> str:
    return f"kubectl get pod {pod.name} -o jsonpath='{{.spec.containers[*].volumeMounts}}'"


def show_volumes(pod: Pod) -> str:
    return f"kubectl get pod {pod.name} -o jsonpath='{{.spec.volumes}}'"
