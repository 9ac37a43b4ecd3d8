"""What is true of the cluster and the images right now, without changing anything."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from checker.environment import engine as engines
from checker.environment import images
from checker.environment.images import AppImage
from checker.environment.kind import KindCluster, State
from checker.environment.machine import look
from checker.paths import cluster_name
from checker.texts import Text


@dataclass(frozen=True)
class Status:
    """A cluster and its images, as found."""

    cluster: str
    state: str
    answers: bool
    engine: str
    kubernetes: str
    node_image: str
    node_origin: str
    context: str
    kubeconfig: str
    images: tuple[AppImage, ...]

    def sentence(self) -> Text:
        """The state in one sentence, with what to do next."""
        if self.state == "running" and self.answers:
            return Text(
                f"集群 {self.cluster} 正在运行：Kubernetes {self.kubernetes}，{self.engine}，"
                f"context 是 {self.context}。",
                f"Cluster {self.cluster} is running: Kubernetes {self.kubernetes} on "
                f"{self.engine}, context {self.context}.",
            )
        if self.state == "absent":
            return Text(
                f"没有名叫 {self.cluster} 的集群。→ podlab up",
                f"There is no cluster {self.cluster}. → podlab up",
            )
        return Text(
            f"集群 {self.cluster} 存在，但现在不能用（{self.state}）。→ podlab up",
            f"Cluster {self.cluster} is there but cannot be used now ({self.state}). → podlab up",
        )


def read_status(environ: Mapping[str, str] = os.environ) -> Status:
    """Look at the cluster named by the environment."""
    name = cluster_name(environ)
    engine = engines.find(look(), environ)
    if engine is None:
        return Status(name, "absent", False, "", "", "", "", "", "", ())
    cluster = KindCluster(name, engine)
    state = cluster.state()
    mark = cluster.mark() if state is State.RUNNING else None
    known = images.known() if mark else None
    return Status(
        cluster=name,
        state=state.value,
        answers=mark is not None and cluster.kubeconfig.exists() and cluster.answers(),
        engine=f"{engine.name} {engine.version()}",
        kubernetes=cluster.server_version() if mark else "",
        node_image=mark.node if mark else "",
        node_origin=mark.origin if mark else "",
        context=f"kind-{name}",
        kubeconfig=str(cluster.kubeconfig),
        images=known.images if known else (),
    )
