"""Where a container's files come from, going by the specification of its Pod. Nothing is asked."""

from __future__ import annotations

import re
from typing import Any

from checker.observe import Container, Pod

FOLLOWING = ("secret", "projected", "csi")
"""Types of volumes that someone brings up to date."""


def mount_at(pod: Pod, container: Container, path: str) -> Any | None:
    """The mount that holds `path`, going by the Pod's specification: the deepest one."""
    mounts = pod.form(container.name).volume_mounts or ()
    # A folder holds mounts as well where each file in it is mounted on its own.
    around = [m for m in mounts if _within(path, m.mount_path) or _within(m.mount_path, path)]
    return max(around, key=lambda m: len(m.mount_path), default=None)


def _within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it. In many images /var/run is a link to /run."""
    inner, outer = (re.sub(r"^/var/run(?=/|$)", "/run", p.rstrip("/")) for p in (path, folder))
    return f"{inner}/".startswith(f"{outer}/")


def volume_of(pod: Pod, mount: Any | None) -> Any | None:
    volumes = pod.raw.spec.volumes or ()
    return next((v for v in volumes if mount and v.name == mount.name), None)


def type_of(volume: Any | None) -> str:
    """The type of a volume as the manifest names it, such as `emptyDir`."""
    for field, form in volume.attribute_map.items() if volume else ():
        if field != "name" and getattr(volume, field) is not None:
            return str(form)
    return "-"


def follows(pod: Pod, container: Container, secret: str, path: str) -> bool:
    """Whether someone brings the file up to date when `secret` changes."""
    mount = mount_at(pod, container, path)
    volume = volume_of(pod, mount)
    if mount is None or volume is None or mount.sub_path or mount.sub_path_expr:
        return False
    names = [volume.secret.secret_name] if volume.secret else [secret]
    if volume.projected:
        names = [source.secret.name for source in volume.projected.sources if source.secret]
    return type_of(volume) in FOLLOWING and secret in names
