from __future__ import annotations

from pathlib import Path

import pytest

from checker.environment import purge
from checker.environment.machine import Machine
from checker.environment.progress import Quiet

OWN = ("localhost/podlab/node:v1", "localhost/podlab/redis:k")
PODMAN = """case "$1" in
info) ;;
images) echo {images} docker.io/library/redis:8 ;;
rmi) case "$2" in *node*) echo "image is in use" >&2; exit 2;; esac ;;
esac"""


class Notes(Quiet):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, words) -> None:
        self.said.append(words.en)


@pytest.fixture
def course(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, machine: Machine) -> Path:
    """A course with a cluster, a cache and a learner's file."""
    for file in (".podlab/podlab/kubeconfig", ".podlab/half/making", "work/01/lab/redis.yaml"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()
    (cache / "go").mkdir(parents=True)
    for module in ("checker.environment.purge", "checker.environment.kind"):
        monkeypatch.setattr(f"{module}.state_dir", lambda: tmp_path / ".podlab")
    monkeypatch.setattr(purge, "look", lambda: machine)
    monkeypatch.setattr(purge, "ensure_kind", lambda: Path("kind"))
    return tmp_path


def test_the_plan_names_what_is_ours_and_nothing_else(fake, course: Path, cache: Path) -> None:
    fake("podman", PODMAN.format(images=" ".join(OWN)))
    plan = purge.plan({"PODLAB_ENGINE": "podman"})
    assert plan.clusters == ("podlab", "half")
    assert plan.images == OWN
    assert plan.folders == (course / ".podlab", cache)


def test_an_image_of_another_cluster_stays_and_so_does_the_learners_work(
    fake, course: Path, cache: Path
) -> None:
    calls = fake("podman", PODMAN.format(images=" ".join(OWN)))
    kind = fake("kind", "exit 0")
    notes = Notes()
    purge.carry_out(purge.plan({"PODLAB_ENGINE": "podman"}), notes)
    assert [line for line in calls.read_text().splitlines() if line.startswith("rmi")] == [
        f"rmi {name}" for name in OWN
    ]
    assert len(notes.said) == 1
    assert "node:v1 is in use" in notes.said[0]
    assert kind.read_text().count("delete cluster") == 2
    assert not (course / ".podlab").exists()
    assert not cache.exists()
    assert (course / "work/01/lab/redis.yaml").exists()


def test_on_a_clean_machine_there_is_nothing_to_remove(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: Machine
) -> None:
    monkeypatch.setattr(purge, "state_dir", lambda: tmp_path / "none")
    monkeypatch.setattr(purge, "look", lambda: machine)
    assert [line.en for line in purge.plan({}).lines] == ["There is nothing to remove."]
