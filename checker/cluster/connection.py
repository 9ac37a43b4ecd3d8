"""The pinned connection: podlab's own cluster, or one that was named in full. No other, ever.

The user's kubeconfig, KUBECONFIG and the current context are never read. Every call has a time
limit, so that a frozen cluster gives an error and not a standstill.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlparse

import yaml
from kubernetes.client import ApiClient, Configuration, VersionApi
from kubernetes.config import ConfigException, load_kube_config
from urllib3.util.retry import Retry

from checker.cluster.errors import ClusterError
from checker.cluster.meaning import API_ERRORS, meaning
from checker.paths import cluster_name, state_dir
from checker.texts import Text

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
TIME_LIMIT = (CONNECT_SECONDS, READ_SECONDS)
POOL = 256
"""Connections that are kept open for the next call. As many as checks side by side may need: one
that finds no place is closed, and the next call shakes hands anew."""
BUSY_TRIES = 5
BUSY_PAUSE = 4
"""Seconds at most before a call is made again that a busy API server put off (429), whatever time
the server names: such a call was not carried out, and may be repeated whatever it does."""
RETRY = Retry(
    total=BUSY_TRIES + 1,
    connect=1,
    read=0,
    redirect=0,
    other=1,
    status=BUSY_TRIES,
    status_forcelist=(429,),
    allowed_methods=None,
    backoff_factor=0.5,
    backoff_max=BUSY_PAUSE,
    retry_after_max=BUSY_PAUSE,
    raise_on_status=False,
)

Api = TypeVar("Api")

MAKE_IT = Text("用 podlab up 创建集群。", "Run podlab up to make the cluster.")
NAME_BOTH = Text(
    "同时写出 --kubeconfig 和 --context，或者两个都不写。",
    "Give both --kubeconfig and --context, or neither.",
)


class TimedClient(ApiClient):
    """The library's client, with a time limit on each call that names none."""

    def call_api(self, *args: Any, **kwargs: Any) -> Any:
        """As in the library."""
        kwargs["_request_timeout"] = kwargs.get("_request_timeout") or TIME_LIMIT
        return super().call_api(*args, **kwargs)


class Connection:
    """A way to one cluster. `cluster` is its short name, `context` and `kubeconfig` where it is."""

    looks_only = False
    """Whether acts are refused, see `LookingConnection`."""

    def __init__(self, client: ApiClient, cluster: str, kubeconfig: Path, context: str) -> None:
        self.client = client
        self.cluster = cluster
        self.kubeconfig = kubeconfig
        self.context = context

    def api(self, kind: type[Api]) -> Api:
        """The library's API class `kind` (CoreV1Api, AppsV1Api, …) on this connection."""
        return kind(self.client)  # type: ignore[call-arg]

    def fresh_client(self) -> ApiClient:
        """A client of its own: the library's exec changes the client it is called on."""
        return TimedClient(self.client.configuration)

    def version(self) -> str:
        """The API server's version, `v1.37.2`. Raises ClusterError when it does not answer."""
        try:
            return str(self.api(VersionApi).get_code().git_version)
        except API_ERRORS as error:
            answer = meaning(error)
            expected = Text(
                f"集群 {self.context} 应当可以访问。", f"The cluster {self.context} should answer."
            )
            raise ClusterError(answer.why, expected, answer.todo) from error


def own_kubeconfig(cluster: str) -> Path:
    """Where `podlab up` writes the kubeconfig of `cluster`."""
    return state_dir() / cluster / "kubeconfig"


def connect(
    cluster: str | None = None, kubeconfig: Path | None = None, context: str | None = None
) -> Connection:
    """Connect to podlab's own cluster, or to the one named by both `kubeconfig` and `context`.

    Nothing is sent yet. Raises ClusterError when the file or the context is not there, or when
    only one of the two names is given.
    """
    if (kubeconfig is None) != (context is None):
        given = "--kubeconfig" if kubeconfig else "--context"
        raise ClusterError(
            Text(f"只写了 {given}。", f"Only {given} was given."),
            Text("另一个集群要有完整的名字。", "A cluster of your own is named in full."),
            NAME_BOTH,
        )
    name = cluster or cluster_name()
    if kubeconfig is not None and context is not None:
        return _open(kubeconfig, context, cluster or context, NAME_BOTH)
    return _open(own_kubeconfig(name), f"kind-{name}", name, MAKE_IT)


def contexts(kubeconfig: Path, todo: Text = MAKE_IT) -> dict[str, str]:
    """Context names in a kubeconfig, with the name of the cluster each stands for."""
    expected = Text("这里应当有一份 kubeconfig。", "A kubeconfig should be there.")
    try:
        data = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        return {c["name"]: c["context"]["cluster"] for c in data.get("contexts") or ()}
    except OSError as error:
        what = Text(f"读不到 {kubeconfig}。", f"{kubeconfig} cannot be read.")
        raise ClusterError(what, expected, todo) from error
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        what = Text(f"{kubeconfig} 不是 kubeconfig。", f"{kubeconfig} is not a kubeconfig.")
        raise ClusterError(what, expected, todo) from error


def _open(kubeconfig: Path, context: str, cluster: str, todo: Text) -> Connection:
    known = contexts(kubeconfig, todo)
    if context not in known:
        names = ", ".join(sorted(known)) or "-"
        raise ClusterError(
            Text(
                f"{kubeconfig} 里没有 context {context}，只有：{names}。",
                f"{kubeconfig} has no context {context}; it has: {names}.",
            ),
            Text(
                "检查程序只在课程自己的集群上工作。", "The checker works on its own cluster only."
            ),
            todo,
        )
    settings = Configuration(retries=RETRY, connection_pool_maxsize=POOL)
    try:
        load_kube_config(  # type: ignore[no-untyped-call]
            str(kubeconfig), context, client_configuration=settings, persist_config=False
        )
    except ConfigException as error:
        what = Text(f"{kubeconfig} 用不了：{error}", f"{kubeconfig} cannot be used: {error}")
        expected = Text("这里应当有一份 kubeconfig。", "A kubeconfig should be there.")
        raise ClusterError(what, expected, todo) from error
    if on_this_machine(settings.host):
        settings.proxy = None  # a proxy of the environment cannot reach this machine's loopback
    return Connection(TimedClient(settings), cluster, kubeconfig, context)


def on_this_machine(host: str) -> bool:
    """Whether a server's address leads to the very machine on which it is used."""
    name = urlparse(host).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
