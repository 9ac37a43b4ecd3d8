"""Each thing that can be wrong with the cluster is one sentence with a next step."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from kubernetes.client import ApiException
from urllib3.exceptions import MaxRetryError

from checker.cluster import ClusterError
from checker.notebook.welcome.health import look
from checker.texts import Text


def conditions(**states: str) -> SimpleNamespace:
    given = [SimpleNamespace(type=t, status=s, reason=f"Kubelet{t}") for t, s in states.items()]
    return SimpleNamespace(
        metadata=SimpleNamespace(name="one"), status=SimpleNamespace(conditions=given)
    )


class Cluster:
    """Answers as it is told; what is an exception is raised."""

    cluster = "podlab"

    def __init__(self, **given: Any) -> None:
        self.given = {
            "version": "v1.37.2",
            "nodes": [conditions(Ready="True", DiskPressure="False")],
            "probe": conditions(Initialized="True", Ready="True"),
            **given,
        }

    def api(self, kind: object) -> Cluster:
        return self

    def version(self) -> Any:
        return self._answer("version")

    def list_node(self) -> Any:
        return SimpleNamespace(items=self._answer("nodes"))

    def read_namespaced_pod(self, name: str, namespace: str) -> Any:
        assert (name, namespace) == ("probe", "podlab-system")
        return self._answer("probe")

    def _answer(self, name: str) -> Any:
        if isinstance(self.given[name], Exception):
            raise self.given[name]
        return self.given[name]


def test_a_cluster_that_is_well_is_told_with_its_name_and_version() -> None:
    health = look(Cluster)
    assert (health.good, health.todo) == (True, None)
    assert "podlab" in health.what.en
    assert "v1.37.2" in health.what.zh


TROUBLE = ClusterError(
    Text("连不上。", "No way."), Text("应该。", "It should."), Text.same("podlab up")
)


@pytest.mark.parametrize(
    ("given", "what", "todo"),
    [
        ({"version": TROUBLE}, "No way. It should.", "podlab up"),
        ({"nodes": ApiException(status=503)}, "trouble of its own (503)", "Try again"),
        ({"nodes": MaxRetryError(None, "/", "gone")}, "cannot be reached", "podlab up"),
        ({"nodes": [conditions(Ready="False")]}, "one is not ready (KubeletReady)", "podlab down"),
        ({"nodes": [conditions(Ready="Unknown")]}, "one is not ready", "podlab down"),
        (
            {"nodes": [conditions(Ready="True", MemoryPressure="True")]},
            "runs short (MemoryPressure)",
            "podlab doctor",
        ),
        ({"probe": ApiException(status=404)}, "probe Pod", "podlab up"),
        ({"probe": ApiException(status=500)}, "trouble of its own (500)", "Try again"),
        ({"probe": conditions(Ready="False")}, "probe Pod", "podlab up"),
        ({"probe": SimpleNamespace(status=None)}, "probe Pod", "podlab up"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_the_next_step(given: Any, what: str, todo: str) -> None:
    health = look(lambda: Cluster(**given))
    assert not health.good
    assert what in health.what.en
    assert health.todo
    assert todo in health.todo.en


def test_a_cluster_that_was_never_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    health = look()
    assert not health.good
    assert health.todo
    assert "podlab up" in health.todo.zh
