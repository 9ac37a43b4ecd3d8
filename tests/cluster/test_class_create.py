"""`podlab class create` as a teacher runs it: interrupted, again, on a cluster named in full."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.cluster import Connection, Objects

RUN = f"class-{secrets.token_hex(2)}"
PUPILS = 12
Podlab = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, connection: Connection) -> Path:
    """A roster, and a kubeconfig of the test's own that leads to the cluster."""
    folder = tmp_path_factory.mktemp("class")
    rows = "".join(f"{RUN}-{n},学员 {n},zh\n" for n in range(PUPILS))
    (folder / "all.csv").write_text("id,name,language\n" + rows, encoding="utf-8")
    two = f"{RUN}-0,学员 0,zh\n{RUN}-foreign,A,en\n"
    (folder / "two.csv").write_text("id,name,language\n" + two, encoding="utf-8")
    shutil.copy(connection.kubeconfig, folder / "mine")
    return folder


def words(folder: Path, context: str, *more: str) -> list[str]:
    own = ["--kubeconfig", str(folder / "mine"), "--context", context, "--out", str(folder / "out")]
    program = [sys.executable, "-m", "checker", "--lang", "en", "class", "create"]
    return [*program, "--lessons", "01", *own, *more]


@pytest.fixture(scope="module")
def podlab(folder: Path, connection: Connection) -> Iterator[Podlab]:
    """Run the command for a roster; in the end everything is taken away."""

    def run(*more: str, roster: str = "all.csv") -> subprocess.CompletedProcess[str]:
        argv = words(folder, connection.context, "--roster", str(folder / roster), *more)
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=300)

    yield run
    run("--remove", "--yes")


def spaces(connection: Connection) -> dict[str, str]:
    """The class's namespaces, each with its uid."""
    found = Objects(connection, "").everywhere("Namespace", "podlab/class=true")
    return {
        each.metadata.name: each.metadata.uid for each in found if f"-{RUN}-" in each.metadata.name
    }


@pytest.fixture(scope="module")
def interrupted(folder: Path, podlab: Podlab, connection: Connection) -> tuple[int, str]:
    """Somebody pressed Ctrl-C when some learners were made: the exit code, and what was said."""
    argv = words(folder, connection.context, "--roster", str(folder / "all.csv"), "--at-once", "1")
    running = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    ends_at = time.monotonic() + 120
    while len(spaces(connection)) < 3 and running.poll() is None and time.monotonic() < ends_at:
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    return running.returncode, said


@pytest.fixture(scope="module")
def made(interrupted: object, podlab: Podlab) -> str:
    """The command was run again after that."""
    done = podlab()
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_interruption_ends_in_words(interrupted: tuple[int, str]) -> None:
    code, said = interrupted
    assert code == 130
    assert "run the same command again to go on" in said
    assert "Traceback" not in said


def test_the_next_run_goes_on_and_makes_the_rest(made: str, connection: Connection) -> None:
    assert f"Learners: {PUPILS}, lessons: 1." in made
    assert len(spaces(connection)) == 2 * PUPILS


def test_another_run_changes_nothing_on_the_cluster(
    made: str, podlab: Podlab, connection: Connection
) -> None:
    def versions() -> set[str]:
        kinds = ("Namespace", "RoleBinding", "ServiceAccount")
        found = [Objects(connection, "").everywhere(kind, "podlab/class=true") for kind in kinds]
        return {o.metadata.resource_version for every in found for o in every if RUN in str(o)}

    before = versions()
    assert len(before) == 2 * PUPILS * 2 + PUPILS
    assert f"Nothing was to be done: the learners (number: {PUPILS})" in podlab().stdout
    assert versions() == before


def test_namespace_that_was_just_deleted_is_made_anew_and_the_others_stay(
    made: str, podlab: Podlab, connection: Connection
) -> None:
    before, name = spaces(connection), f"lab-01-storage-{RUN}-3"
    Objects(connection, "").delete("Namespace", name)
    assert "New or completed: 1," in podlab().stdout
    after = spaces(connection)
    assert after.keys() == before.keys()
    assert {each for each in after if after[each] != before[each]} == {name}


@pytest.fixture(scope="module")
def foreign(connection: Connection) -> Iterator[str]:
    """A namespace that somebody made under a name that a learner's would have."""
    objects, name = Objects(connection, ""), f"lab-01-storage-{RUN}-foreign"
    objects.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    objects.delete("Namespace", name)


def test_namespace_of_somebody_else_is_refused_and_the_others_are_made(
    made: str, podlab: Podlab, foreign: str
) -> None:
    done = podlab(roster="two.csv")
    assert done.returncode == 1
    assert f"The namespace {foreign} is there, and the course did not make it." in done.stdout
    assert "Learners: 1, lessons: 1." in done.stdout


def test_cluster_without_our_images_is_told_by_the_image_and_nothing_is_harmed(
    made: str, podlab: Podlab, connection: Connection
) -> None:
    probe = Objects(connection, "podlab-system").read("Pod", "probe").metadata.uid
    done = podlab("--images", "localhost:1/nowhere")
    assert done.returncode == 3
    assert "localhost:1/nowhere/redis:8 (01-storage): " in done.stderr
    assert "→ Let the cluster's nodes pull these images" in done.stderr
    assert Objects(connection, "podlab-system").read("Pod", "probe").metadata.uid == probe


def test_removing_takes_the_rosters_learners_and_nobody_else(
    made: str, podlab: Podlab, folder: Path, foreign: str, connection: Connection
) -> None:
    before = spaces(connection)
    done = podlab("--remove", "--yes", roster="two.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    gone = before.keys() - spaces(connection).keys()
    assert gone == {f"{part}-01-storage-{RUN}-0" for part in ("lab", "demo")}
    left = Objects(connection, "").read("Namespace", foreign).metadata
    assert left.deletion_timestamp is None
    assert not [label for label in left.labels if label.startswith("podlab")]
    assert not (folder / "out" / f"{RUN}-0").exists()
    assert (folder / "out" / f"{RUN}-2" / "kubeconfig").exists()
