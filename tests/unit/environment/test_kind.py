from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from checker.environment import up
from checker.environment.engine import Engine
from checker.environment.kind import KindCluster, Mark, State, configuration
from checker.environment.node import NodeImage
from checker.environment.progress import Quiet
from checker.paths import cluster_name
from checker.trouble import Trouble

BUILT = NodeImage("localhost/podlab/node:v1", "built")
PULLED = NodeImage("docker.io/kindest/node:v1", "pulled")


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real manifests, and a state of the test's own."""
    monkeypatch.setattr("checker.environment.kind.state_dir", lambda: tmp_path / "state")
    return tmp_path


@pytest.fixture
def node(fake):
    """A container `podlab-control-plane` in the given status; `mark` is the file in it."""

    def put(status: str | None, mark: str = "") -> Path:
        script = [
            'case "$1" in',
            f"ps) echo {'podlab-control-plane' if status else ''} other-control-plane ;;",
            f"inspect) echo {status} ;;",
            'exec) [ "$3" != true ] || exit 0',
            f"    {f'echo {mark!r}' if mark else 'exit 1'} ;;",
            "esac",
        ]
        return fake("docker", "\n".join(script))

    return put


def cluster() -> KindCluster:
    return KindCluster("podlab", Engine("docker"), Path("kind"))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (None, State.ABSENT),
        ("running", State.RUNNING),
        ("exited", State.STOPPED),
        ("created", State.STOPPED),
        ("paused", State.PAUSED),
    ],
)
def test_the_state_is_what_the_engine_says(node, status: str | None, state: State) -> None:
    node(status)
    assert cluster().state() is state


def test_a_cluster_whose_making_was_cut_off_is_half_made(node) -> None:
    node("running")
    (cluster().folder).mkdir(parents=True)
    (cluster().folder / "making").touch()
    assert cluster().state() is State.HALF_MADE


def test_the_mark_is_read_from_the_node(node) -> None:
    node("running", '{"node": "n", "origin": "built", "images": "k"}')
    assert cluster().mark() == Mark("n", "built", "k")


@pytest.mark.parametrize("words", ["", "half a jso", '{"other": 1}'])
def test_a_cluster_without_a_readable_mark_is_not_taken_for_ours(node, words: str) -> None:
    node("running", words)
    assert cluster().mark() is None


def test_a_cluster_that_podlab_did_not_make_is_left_alone(
    node, fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = node("running")
    monkeypatch.setattr(up, "ensure_kind", lambda: Path("kind"))
    kind_calls = fake("kind", "exit 0")
    with pytest.raises(Trouble, match="podlab did not make"):
        up._bring_up(cluster(), up.look(), Quiet())
    assert not kind_calls.exists()
    verbs = {line.split()[0] for line in calls.read_text().splitlines()}
    assert verbs == {"ps", "inspect", "exec"}


def test_a_node_that_was_killed_behind_the_engines_back_is_not_taken_for_a_foreign_one(
    fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(
        "docker",
        'case "$1" in ps) echo podlab-control-plane ;; inspect) echo running ;; *) exit 1; esac',
    )
    monkeypatch.setattr(up, "ensure_kind", lambda: Path("kind"))
    with pytest.raises(Trouble, match="does not run") as trouble:
        up._bring_up(cluster(), up.look(), Quiet())
    assert "podlab down" in trouble.value.todo.en


def test_kind_is_told_name_image_configuration_and_our_own_kubeconfig(fake) -> None:
    calls = fake("kind", "echo ' ✓ Preparing nodes'")
    made = cluster()
    seen: list[float] = []
    made.create(PULLED, seen.append)
    words = calls.read_text().split()
    assert words[:2] == ["create", "cluster"]
    for flag, value in (
        ("--name", "podlab"),
        ("--image", PULLED.name),
        ("--kubeconfig", str(made.kubeconfig)),
        ("--config", str(made.folder / "kind.yaml")),
    ):
        assert words[words.index(flag) + 1] == value
    assert seen[-1] > 0
    assert (made.folder / "making").exists(), "only finish() says that it is whole"


def test_an_image_archive_is_loaded_by_name_without_a_kubeconfig(fake) -> None:
    calls = fake("kind", "exit 0")
    cluster().load(Path("/a/images.tar"))
    assert calls.read_text().strip() == "load image-archive /a/images.tar --name podlab"


def test_deleting_removes_our_kubeconfigs_of_that_cluster_only(fake, course: Path) -> None:
    fake("kind", "exit 0")
    gone = cluster()
    (gone.folder / "workspaces").mkdir(parents=True)
    (gone.folder / "workspaces" / "a.yaml").touch()
    other = course / "state" / "other" / "kubeconfig"
    other.parent.mkdir()
    other.touch()
    gone.delete()
    assert not gone.folder.exists()
    assert other.exists()


def kubelet(image: NodeImage) -> dict:
    config = yaml.safe_load(configuration(image))
    merged: dict = {}
    for patch in config["kubeadmConfigPatches"]:
        words = yaml.safe_load(patch)
        if words["kind"] == "KubeletConfiguration":
            merged |= words
    return merged


def test_the_official_node_keeps_kinds_own_defaults() -> None:
    assert kubelet(PULLED)["syncFrequency"] == "5s"
    assert "cgroupDriver" not in kubelet(PULLED)


def test_a_node_built_here_is_set_up_for_its_own_containerd() -> None:
    assert kubelet(BUILT)["cgroupDriver"] == "cgroupfs"
    assert kubelet(BUILT)["failCgroupV1"] is False


@pytest.mark.parametrize("name", ["Podlab", "a_b", "-a", "a" * 41, "a/../b"])
def test_a_name_that_is_no_cluster_name_is_refused(name: str) -> None:
    with pytest.raises(Trouble) as trouble:
        cluster_name({"PODLAB_CLUSTER": name})
    assert trouble.value.code == 2


def test_the_name_is_podlab_unless_the_environment_says_otherwise() -> None:
    assert cluster_name({}) == "podlab"
    assert cluster_name({"PODLAB_CLUSTER": "class-2"}) == "class-2"
