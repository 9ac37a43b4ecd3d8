"""`podlab up` and `podlab down`: from whatever is there to a cluster that is ready, and back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from checker.environment import engine as engines
from checker.environment import images
from checker.environment.cache import locked
from checker.environment.engine import Engine
from checker.environment.gobuild import forget_caches
from checker.environment.images import AppImages, ensure_images
from checker.environment.kind import KindCluster, Mark, State
from checker.environment.machine import Machine, look
from checker.environment.needs import require_room
from checker.environment.node import NodeImage, ensure_node
from checker.environment.progress import Progress
from checker.environment.registry import Registries
from checker.environment.run import stop_all
from checker.environment.tools import ensure_kind, ensure_kubectl
from checker.paths import cluster_name, course_root
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble
from checker.version import difference


@dataclass(frozen=True)
class Ready:
    """A cluster that is up, and how `up` got there."""

    name: str
    kubeconfig: Path
    did: str  # "nothing", "created" or "started"


def up(progress: Progress, environ: Mapping[str, str] = os.environ) -> Ready:
    """Bring the cluster to readiness, doing only what is missing."""
    name = cluster_name(environ)
    if differs := difference(course_root(environ)):
        progress.note(differs)
    machine = look()
    with progress.step(Text("看看这台机器上有什么", "Looking at this machine")):
        engine = engines.ensure(machine, environ)
    progress.note(
        Text(
            f"容器引擎：{engine.name} {engine.version()}",
            f"Container engine: {engine.name} {engine.version()}",
        )
    )
    with locked(f"cluster-{name}"):
        cluster = KindCluster(name, engine)
        did = _bring_up(cluster, machine, progress)
        with progress.step(Text("准备检查用的 Pod", "Getting the probe Pod ready")):
            cluster.fence()
            cluster.furnish()
    return Ready(name, cluster.kubeconfig, did)


def down(progress: Progress, environ: Mapping[str, str] = os.environ) -> bool:
    """Remove the cluster; the caches stay. Whether there was one."""
    name = cluster_name(environ)
    engine = engines.find(look(), environ)
    if engine is None:
        return False
    with locked(f"cluster-{name}"):
        cluster = KindCluster(name, engine)
        if cluster.state() is State.ABSENT:
            cluster.forget()
            return False
        cluster.kind = ensure_kind()
        with progress.step(Text(f"删除集群 {name}", f"Removing the cluster {name}")):
            cluster.delete()
    return True


def _bring_up(cluster: KindCluster, machine: Machine, progress: Progress) -> str:
    state = cluster.state()
    known = state is State.RUNNING and cluster.mark() and cluster.kubeconfig.exists()
    if known and cluster.answers():
        _load_changed_images(cluster, machine, progress)
        return "nothing"
    with progress.step(Text("准备 kind", "Getting kind")):
        cluster.kind = ensure_kind()
    if state in (State.ABSENT, State.HALF_MADE):
        _create(cluster, machine, progress, leftovers=state is State.HALF_MADE)
        return "created"
    with progress.step(Text("启动已有的集群", "Starting the cluster that is there")):
        if state is not State.RUNNING:
            cluster.start()
        if cluster.mark() is None:
            raise _not_ours(cluster.name) if cluster.runs_commands() else _dead(cluster.name)
        cluster.export_kubeconfig()
        ensure_kubectl(cluster.engine, cluster.container, cluster.server_version())
        cluster.wait_for_api()
        cluster.wait_for_basics()
    _load_changed_images(cluster, machine, progress)
    return "started"


def _create(cluster: KindCluster, machine: Machine, progress: Progress, *, leftovers: bool) -> None:
    if leftovers:
        with progress.step(Text("清理上次中断留下的集群", "Removing what an interrupted run left")):
            cluster.delete()
    require_room(machine)
    node_image, app_images = _obtain(cluster.engine, machine, progress)
    allow_module_mount(machine)
    with progress.step(Text("创建 kind 集群", "Making the kind cluster")) as step:
        cluster.create(node_image, step.at)
        cluster.kubeconfig.chmod(0o600)
    with progress.step(Text("把镜像装进节点", "Loading the images into the node")):
        cluster.load(app_images.archive)
    with progress.step(Text("等待 DNS 和存储", "Waiting for DNS and storage")):
        ensure_kubectl(cluster.engine, cluster.container, cluster.server_version())
        cluster.wait_for_basics()
    cluster.finish(Mark(node_image.name, node_image.origin, images.key()))


def _obtain(engine: Engine, machine: Machine, progress: Progress) -> tuple[NodeImage, AppImages]:
    """The node image and the application images, made side by side: one compiles, one downloads."""
    registries = Registries(engine)
    with ThreadPoolExecutor(max_workers=2) as pool:
        try:
            apps = pool.submit(ensure_images, engine, registries, machine, progress)
            node_image = ensure_node(engine, registries, machine, progress)
            app_images = apps.result()
        except BaseException:
            # Ctrl-C or a failure: what the other is running must not go on behind our back.
            stop_all()
            raise
    forget_caches()
    return node_image, app_images


def _load_changed_images(cluster: KindCluster, machine: Machine, progress: Progress) -> None:
    """Load the application images anew where the course's recipes have changed since."""
    mark = cluster.mark()
    if mark is None or mark.images == images.key():
        return
    apps = ensure_images(cluster.engine, Registries(cluster.engine), machine, progress)
    with progress.step(Text("把新镜像装进节点", "Loading the changed images into the node")):
        cluster.kind = cluster.kind or ensure_kind()
        cluster.load(apps.archive)
    cluster.finish(Mark(mark.node, mark.origin, images.key()))


def allow_module_mount(machine: Machine, folder: Path = Path("/lib/modules")) -> None:
    """Make the folder that kind mounts into every node; kernels without modules lack it."""
    if machine.system == "Linux" and machine.is_root:
        folder.mkdir(parents=True, exist_ok=True)


def _dead(name: str) -> Trouble:
    return Trouble(
        Text(
            f"集群 {name} 的节点没有在运行，容器引擎却以为它在运行。",
            f"The node of the cluster {name} does not run, although the container engine says so.",
        ),
        Text(
            "删掉它，再建一个：podlab down，然后 podlab up。你在 work/ 里的文件会保留。",
            "Remove it and make a new one: podlab down, then podlab up. Your files in work/ stay.",
        ),
        code=NOT_CHECKED,
    )


def _not_ours(name: str) -> Trouble:
    return Trouble(
        Text(
            f"已经有一个名叫 {name} 的 kind 集群，但它不是 podlab 建的。",
            f"There is a kind cluster named {name} that podlab did not make.",
        ),
        Text(
            f"换一个名字：PODLAB_CLUSTER=podlab2 podlab up；"
            f"或者自己删掉它：kind delete cluster --name {name}",
            "Use another name: PODLAB_CLUSTER=podlab2 podlab up, "
            f"or remove it yourself: kind delete cluster --name {name}",
        ),
    )
