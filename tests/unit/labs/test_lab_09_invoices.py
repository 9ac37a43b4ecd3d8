"""Whether the registry has an image is asked of the registry, by what the image's name says."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakecluster import FakeClock, fake_connection

from checker.catalogue import load_lab
from checker.cluster import Workspace
from checker.observe import Bench, CouldNotLook, Refusal

load_lab("09-capstone")
invoices = sys.modules["checker_labs.09_capstone.invoices"]
HOST, REPOSITORY = "localhost:30500", "janedoe/awesomeapp"


class KnowsOne:
    """A registry with one image under two names; it notes whether it was asked."""

    host = HOST
    asked = False

    def serves(self, repository: str, reference: str) -> bool:
        self.asked = True
        return (repository, reference) in {(REPOSITORY, "v1"), (REPOSITORY, "latest")}


@pytest.mark.parametrize(
    ("image", "served"),
    [
        (f"{HOST}/{REPOSITORY}:v1", True),
        (f"{HOST}/{REPOSITORY}", True),
        (f"{HOST}/{REPOSITORY}:v1.0", False),
        (f"{HOST}/{REPOSITORY}@sha256:{'0' * 64}", False),
        (f"{HOST}/another:v1", False),
    ],
)
def test_the_registry_is_asked_for_the_repository_and_tag_of_the_name(
    image: str, served: bool
) -> None:
    registry = KnowsOne()
    assert invoices.is_served(registry, image) is served
    assert registry.asked


@pytest.mark.parametrize(
    "image", [f"localhost:5000/{REPOSITORY}:v1", f"{HOST}/{REPOSITORY}:v1\r\nX: y", "busybox", ""]
)
def test_a_name_of_another_host_or_no_name_is_never_sent_to_the_registry(image: str) -> None:
    registry: Any = KnowsOne()
    assert not invoices.is_served(registry, image)
    assert not registry.asked


SPACE = "/api/v1/namespaces/lab-09-capstone"
LIKE: Any = SimpleNamespace(
    name="invoice-1",
    raw=SimpleNamespace(
        spec=SimpleNamespace(
            image_pull_secrets=[SimpleNamespace(name="registry-key")],
            service_account_name="default",
        )
    ),
)


class Pulls:
    """A checker's Pod as it fares: `words` is what the kubelet says, one after the other."""

    def __init__(self, folder: Path, *words: str) -> None:
        connection, self.api = fake_connection(folder)
        self.clock = FakeClock()
        self.bench = Bench(connection, Workspace("09-capstone", "lab"), clock=self.clock)
        self.words = words
        self.api.put(SPACE, {})
        self.api.put(f"{SPACE}/secrets/registry-key", {})
        self.api.after = self.made

    def made(self, method: str, path: str) -> None:
        if method == "PATCH" and "/pods/next-" in path:
            self.api.after = lambda method, path: None
            for number, words in enumerate(self.words):
                self.clock.at(0.1 + 10 * number, lambda said=words: self.say(path, said))

    def say(self, path: str, words: str) -> None:
        """Nothing for a Pod that runs, else the reason and the message of one that waits."""
        reason, _, message = words.partition(": ")
        state = {"waiting": {"reason": reason, "message": message}} if words else {"running": {}}
        status = {"name": "app", "image": "", "imageID": "", "ready": not words, "restartCount": 0}
        conditions = [{"type": "Ready", "status": str(not words)}]
        if reason == "Pending":
            conditions.append({"type": "PodScheduled", "status": "False", "message": message})
        self.api.store[path]["status"] = {
            "phase": "Pending",
            "conditions": conditions,
            "containerStatuses": [status | {"state": state}],
        }

    def go(self) -> None:
        invoices._next_version(self.bench, LIKE, f"{HOST}/{REPOSITORY}:v9")


DENIED = "ErrImagePull: pull access denied, authorization failed: no basic auth credentials"
SILENT = "ErrImagePull: dial tcp 127.0.0.1:30500: connect: connection refused"


@pytest.mark.parametrize(
    "words", [DENIED, "ErrImagePull: unexpected status: 401 Unauthorized", "ErrImagePull: 403"]
)
def test_registry_that_says_no_is_believed_at_once(tmp_path: Path, words: str) -> None:
    pulls = Pulls(tmp_path, words)
    with pytest.raises(Refusal, match="not-let-in"):
        pulls.go()
    assert pulls.clock.now() < 2


def test_pull_that_failed_for_another_reason_may_go_well_next_time(tmp_path: Path) -> None:
    Pulls(tmp_path, SILENT, "ImagePullBackOff: Back-off pulling image", "").go()


@pytest.mark.parametrize("words", [SILENT, "Pending: 0/1 nodes: Insufficient cpu"])
def test_pod_of_the_checkers_that_never_comes_up_is_no_fault_of_the_learner(
    tmp_path: Path, words: str
) -> None:
    with pytest.raises(CouldNotLook):
        Pulls(tmp_path, words).go()
