"""Whether the course's cluster can be worked with now; if not, why, and what to do. Three reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kubernetes import client

from checker.cluster import API_ERRORS, SYSTEM, Connection, Meaning, connect, meaning
from checker.observe.probe import MEND, POD
from checker.texts import Text
from checker.trouble import Trouble

WELL = Text(
    "集群 {cluster} 有应答：Kubernetes {version}，节点就绪。",
    "The cluster {cluster} answers: Kubernetes {version}, and its node is ready.",
)
NODE = Text(
    "集群有应答，但节点 {node} 没有就绪（{why}），Pod 起不来。",
    "The cluster answers, but its node {node} is not ready ({why}), so no Pod can start.",
)
SHORT = Text(
    "节点 {node} 的资源不够了（{why}），Pod 会被驱逐。",
    "The node {node} runs short ({why}), so Pods are evicted.",
)
PROBE_LOST = Text(
    "集群有应答，但检查用的 Pod（{namespace} 里的 {pod}）没有就绪。",
    "The cluster answers, but the probe Pod of the checks ({pod} in {namespace}) is not ready.",
)
MAKE_ANEW = Text(
    "等一分钟再看；还是这样，就重建集群：podlab down，然后 podlab up。你在 work/ 里的文件会保留。",
    "Wait a minute and look again. If it stays so, make the cluster anew: podlab down, then "
    "podlab up. Your files in work/ stay.",
)
MAKE_ROOM = Text(
    "给这台机器腾出内存和磁盘；podlab doctor 说明需要多少。",
    "Free memory and disk on this machine; podlab doctor tells how much is needed.",
)


@dataclass(frozen=True)
class Health:
    """One sentence on the cluster, and the next step where it is not well."""

    good: bool
    what: Text
    todo: Text | None = None


def look(connect: Callable[[], Connection] = connect) -> Health:
    """Ask the cluster. Never raises; a cluster that is frozen takes some ten seconds."""
    try:
        connection = connect()
        version = connection.version()
        core = connection.api(client.CoreV1Api)
        for fault in (*_nodes(core.list_node().items), *_probe(core)):
            return fault
    except Trouble as trouble:
        return Health(False, trouble.what, trouble.todo)
    except API_ERRORS as error:
        answer = meaning(error)
        return Health(False, answer.why, answer.todo)
    return Health(True, WELL.format(cluster=connection.cluster, version=version))


def _nodes(nodes: list[client.V1Node]) -> Iterator[Health]:
    for node in nodes:
        name = node.metadata.name if node.metadata else ""
        for condition in (node.status and node.status.conditions) or ():
            if condition.type == "Ready" and condition.status != "True":
                why = condition.reason or condition.status
                yield Health(False, NODE.format(node=name, why=why), MAKE_ANEW)
            elif condition.type != "Ready" and condition.status == "True":
                yield Health(False, SHORT.format(node=name, why=condition.type), MAKE_ROOM)


def _probe(core: client.CoreV1Api) -> Iterator[Health]:
    try:
        ready = _is_ready(core.read_namespaced_pod(POD, SYSTEM))
    except API_ERRORS as error:
        if meaning(error).meaning is not Meaning.absent:
            raise
        ready = False
    if not ready:
        yield Health(False, PROBE_LOST.format(pod=POD, namespace=SYSTEM), MEND)


def _is_ready(pod: client.V1Pod) -> bool:
    conditions = (pod.status and pod.status.conditions) or ()
    return any(each.type == "Ready" and each.status == "True" for each in conditions)
