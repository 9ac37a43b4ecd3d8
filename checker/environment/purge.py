"""Removes all that podlab ever put on a machine, except the learner's work and Debian packages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.environment import engine as engines
from checker.environment.engine import Engine
from checker.environment.kind import KindCluster
from checker.environment.machine import look
from checker.environment.progress import Progress
from checker.environment.tools import ensure_kind
from checker.paths import cache_dir, state_dir
from checker.texts import Text

OWN_IMAGES = "localhost/podlab/"


@dataclass(frozen=True)
class Plan:
    """What would go."""

    engine: Engine | None
    clusters: tuple[str, ...]
    images: tuple[str, ...]
    folders: tuple[Path, ...]

    @property
    def lines(self) -> list[Text]:
        """The plan in words, one line for each thing."""
        lines = [Text(f"集群 {name}", f"cluster {name}") for name in self.clusters]
        lines += [Text(f"镜像 {name}", f"image {name}") for name in self.images]
        lines += [Text(f"文件夹 {folder}", f"folder {folder}") for folder in self.folders]
        return lines or [Text("没有什么要删除。", "There is nothing to remove.")]


def plan(environ: Mapping[str, str] = os.environ) -> Plan:
    """Look for what there is. Clusters are those this course folder has kubeconfigs of."""
    engine = engines.find(look(), environ)
    clusters = tuple(sorted(file.parent.name for file in state_dir().glob("*/kubeconfig")))
    making = tuple(sorted(file.parent.name for file in state_dir().glob("*/making")))
    images: tuple[str, ...] = ()
    if engine:
        names = engine.query("images", "--format", "{{.Repository}}:{{.Tag}}").split()
        images = tuple(sorted(name for name in names if name.startswith(OWN_IMAGES)))
    folders = tuple(folder for folder in (state_dir(), cache_dir()) if folder.exists())
    return Plan(engine, tuple(dict.fromkeys(clusters + making)), images, folders)


def carry_out(wanted: Plan, progress: Progress) -> None:
    """Remove it: clusters first, then images, then folders."""
    for name in wanted.clusters:
        if wanted.engine:
            with progress.step(Text(f"删除集群 {name}", f"Removing the cluster {name}")):
                KindCluster(name, wanted.engine, ensure_kind()).delete()
    if wanted.engine and wanted.images:
        with progress.step(Text("删除镜像", "Removing the images")):
            # Never by force: that would also remove the containers of other clusters.
            kept = [name for name in wanted.images if not wanted.engine.succeeds("rmi", name)]
        for name in kept:
            progress.note(
                Text(
                    f"镜像 {name} 还在被另一个集群使用，保留。",
                    f"The image {name} is in use by another cluster and stays.",
                )
            )
    for folder in wanted.folders:
        with progress.step(Text(f"删除 {folder}", f"Removing {folder}")):
            shutil.rmtree(folder)
