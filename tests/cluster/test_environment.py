"""The cluster as `podlab up` leaves it, and what happens to it in a bad hour."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from checker.environment.engine import Engine
from checker.environment.kind import KindCluster
from checker.environment.wait import wait_until

SECOND = "podlab-test-second"
PROBE = ("pod/probe", "-n", "podlab-system")
POD = """
apiVersion: v1
kind: Pod
metadata: {name: keeper, namespace: NAMESPACE}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: keeper
      image: busybox:1.37
      command: [sh, -c, "echo kept > /data/file; exec sleep infinity"]
      volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: keeper}}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: keeper, namespace: NAMESPACE}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Mi}}
"""


def podlab(*words: str, cluster: str | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PODLAB_LANG": "en"}
    if cluster:
        environ["PODLAB_CLUSTER"] = cluster
    return subprocess.run(
        [sys.executable, "-m", "checker", *words],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def container_id(cluster: KindCluster) -> str:
    return cluster.engine.query("inspect", "--format", "{{.Id}}", cluster.container)


@pytest.fixture
def keeper(cluster: KindCluster, tmp_path: Path) -> Iterator[str]:
    """A namespace with a Pod that keeps a file on a claim."""
    namespace = "try-environment"
    manifest = tmp_path / "keeper.yaml"
    manifest.write_text(POD.replace("NAMESPACE", namespace))
    cluster.kubectl("create", "namespace", namespace)
    try:
        cluster.kubectl(
            "wait", "serviceaccount/default", "-n", namespace, "--for=create", "--timeout=60s"
        )
        cluster.kubectl("apply", "-f", str(manifest))
        cluster.kubectl(
            "wait",
            "pod/keeper",
            "-n",
            namespace,
            "--for=condition=Ready",
            "--timeout=120s",
            timeout=130,
        )
        yield namespace
    finally:
        cluster.kubectl("delete", "namespace", namespace, "--timeout=120s", timeout=130)


def test_up_again_changes_nothing(cluster: KindCluster) -> None:
    before = container_id(cluster)
    assert podlab("up").returncode == 0
    assert container_id(cluster) == before


def test_up_replaces_a_probe_pod_that_is_not_as_the_course_has_it(
    cluster: KindCluster, tmp_path: Path
) -> None:
    course = Path(__file__).parents[2] / "manifests" / "cluster" / "probe.yaml"
    other = tmp_path / "probe.yaml"
    other.write_text(course.read_text().replace("sleep 3600", "sleep 1800"))
    cluster.kubectl("delete", *PROBE, "--timeout=60s", timeout=70)
    cluster.kubectl("apply", "-f", str(other))
    cluster.kubectl("wait", *PROBE, "--for=condition=Ready", "--timeout=60s", timeout=70)
    up = podlab("up")
    assert up.returncode == 0, up.stderr
    command = cluster.kubectl("get", *PROBE, "-o", "jsonpath={.spec.containers[0].command}")
    assert "sleep 3600" in command


def test_status_tells_the_true_version_and_origin_of_every_image(cluster: KindCluster) -> None:
    shown = podlab("status", "--json")
    assert shown.returncode == 0
    status = json.loads(shown.stdout)
    assert status["state"] == "running"
    assert status["context"] == f"kind-{cluster.name}"
    on_node = cluster.engine.query(
        "exec", cluster.container, "ctr", "-n", "k8s.io", "images", "list", "-q"
    ).split()
    assert len(status["images"]) >= 4
    for image in status["images"]:
        tag = image["image"].rpartition(":")[2]
        assert image["version"].split(".")[: len(tag.split("."))] == tag.split(".")
        assert image["origin"] in ("pulled", "built")
        assert image["image"] in on_node


def test_the_shell_has_a_fitting_kubectl_on_this_cluster_only(cluster: KindCluster) -> None:
    shown = podlab("shell", "-c", "kubectl config current-context && kubectl version -o yaml")
    assert shown.returncode == 0
    context, _, versions = shown.stdout.partition("\n")
    assert context == f"kind-{cluster.name}"
    told = yaml.safe_load(versions)
    apart = int(told["clientVersion"]["minor"]) - int(told["serverVersion"]["minor"])
    assert abs(apart) <= 1


def test_the_settings_that_keep_lessons_quick_are_in_force(cluster: KindCluster) -> None:
    config = json.loads(
        cluster.kubectl("get", "--raw", f"/api/v1/nodes/{cluster.container}/proxy/configz")
    )["kubeletconfig"]
    assert config["syncFrequency"] == "5s"
    assert config["crashLoopBackOff"] == {"maxContainerRestartPeriod": "3s"}
    assert config["serializeImagePulls"] is False


def test_names_resolve_and_claims_are_provisioned(cluster: KindCluster, keeper: str) -> None:
    looked_up = cluster.kubectl(
        "exec", "-n", keeper, "keeper", "--", "nslookup", "kubernetes.default.svc.cluster.local"
    )
    assert "Address" in looked_up
    phase = cluster.kubectl("get", "pvc", "-n", keeper, "keeper", "-o", "jsonpath={.status.phase}")
    assert phase == "Bound"


def test_request_to_a_service_that_is_not_there_is_refused_and_never_leaves_the_cluster(
    cluster: KindCluster,
) -> None:
    ask = "nc -v -v -w 5 10.96.255.250 80 < /dev/null 2>&1; true"
    said = cluster.kubectl("exec", "-n", "podlab-system", "probe", "--", "sh", "-c", ask)
    assert "Connection refused" in said


def test_after_a_reboot_up_finds_the_same_cluster_at_another_address(
    cluster: KindCluster, keeper: str
) -> None:
    uid = ("get", "pod", "-n", keeper, "keeper", "-o", "jsonpath={.metadata.uid}")
    before = (cluster.kubectl(*uid), address(cluster))
    cluster.engine.run("stop", "--time", "20", cluster.container)
    with address_taken(cluster.engine, before[1]):
        assert podlab("status").returncode == 1
        up = podlab("up")
    assert up.returncode == 0, up.stderr
    assert address(cluster) != before[1]
    assert cluster.kubectl(*uid) == before[0]

    def kept() -> bool:
        ready = "jsonpath={.status.containerStatuses[0].ready}"
        return cluster.kubectl("get", "pod", "-n", keeper, "keeper", "-o", ready) == "true"

    assert wait_until(kept, 90)
    assert cluster.kubectl("exec", "-n", keeper, "keeper", "--", "cat", "/data/file") == "kept"


def test_a_killed_up_is_cleared_away_by_the_next_beside_a_running_cluster(
    cluster: KindCluster,
) -> None:
    second = KindCluster(SECOND, cluster.engine)
    try:
        killed = subprocess.Popen(
            [sys.executable, "-m", "checker", "up"],
            env={**os.environ, "PODLAB_CLUSTER": SECOND},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        names = ("ps", "-a", "--format", "{{.Names}}")
        assert wait_until(lambda: second.container in cluster.engine.query(*names), 60)
        killed.send_signal(signal.SIGKILL)
        killed.wait(30)
        assert podlab("status", cluster=SECOND).returncode == 1
        again = podlab("up", cluster=SECOND)
        assert again.returncode == 0, again.stderr
        assert second.answers()
        assert cluster.answers()
    finally:
        gone = podlab("down", cluster=SECOND)
    assert gone.returncode == 0, gone.stderr
    assert podlab("down", cluster=SECOND).returncode == 0, "down twice is no error"
    assert cluster.answers()


def address(cluster: KindCluster) -> str:
    return cluster.engine.query("exec", cluster.container, "hostname", "-i").split()[-1]


class address_taken:
    """Holds an address of kind's network, so that a container that starts again gets another."""

    def __init__(self, engine: Engine, address: str) -> None:
        self.engine = engine
        self.address = address
        self.name = "podlab-test-address"

    def __enter__(self) -> None:
        image = self.engine.query(
            "images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", "reference=podlab/node"
        ).split()[0]
        self.engine.run(
            "run", "--detach", "--name", self.name, "--network", "kind", "--ip", self.address,
            "--entrypoint", "sleep", image, "600",
        )  # fmt: skip

    def __exit__(self, *_: object) -> None:
        self.engine.run("rm", "--force", "--time", "0", self.name)
