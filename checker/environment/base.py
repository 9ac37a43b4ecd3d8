"""The Debian base that images are built on: pulled, else made by mmdebstrap on this machine."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from checker.environment.cache import locked
from checker.environment.engine import Engine, can_install, install, install_command
from checker.environment.machine import Machine
from checker.environment.registry import Registries
from checker.environment.run import query, run
from checker.paths import cache_dir
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

MMDEBSTRAP_SECONDS = 900.0


def ensure_base(engine: Engine, registries: Registries, machine: Machine, suite: str) -> str:
    """The name under which the engine has a minimal Debian `suite`."""
    local = f"localhost/podlab/debian:{suite}"
    if engine.has_image(local):
        return local
    official = f"docker.io/library/debian:{suite}-slim"
    if registries.pull(official):
        return official
    with locked(f"base-{suite}"):
        if not engine.has_image(local):
            _make(engine, machine, suite, local)
    return local


def _make(engine: Engine, machine: Machine, suite: str, name: str) -> None:
    _require_mmdebstrap(machine)
    cache_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_dir(), prefix=f"{suite}.") as folder:
        archive = Path(folder) / "rootfs.tar"
        mirror = [found] if (found := debian_mirror()) else []
        run(
            ["mmdebstrap", "--variant=minbase", "--include=ca-certificates"]
            + ["--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*"]
            + ["--dpkgopt=path-exclude=/usr/share/locale/*"]
            + [suite, str(archive), *mirror],
            timeout=MMDEBSTRAP_SECONDS,
        )
        engine.run("import", str(archive), name)


def debian_mirror() -> str | None:
    """The Debian mirror that this machine itself uses; None leaves it to mmdebstrap."""
    if shutil.which("apt-get") is None:
        return None
    listed = query(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian"])
    mirrors = [uri.rstrip("/") for uri in listed.split() if uri.rstrip("/").endswith("/debian")]
    return mirrors[0] if mirrors else None


def _require_mmdebstrap(machine: Machine) -> None:
    if shutil.which("mmdebstrap"):
        return
    if can_install(machine):
        install(["mmdebstrap"])
        return
    raise Trouble(
        Text(
            "没有镜像仓库可用，要在本机构建镜像，但是缺少 mmdebstrap。",
            "No image registry answers, so images are built here; mmdebstrap is missing for that.",
        ),
        Text(f"运行：{install_command(['mmdebstrap'])}", f"Run: {install_command(['mmdebstrap'])}"),
        code=NOT_CHECKED,
    )
