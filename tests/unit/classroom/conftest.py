"""A cluster in memory that has what a class needs, and the toy course's one lab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fakeclass import DEPLOYMENT, PROBE, READY, REGISTRY_POD, ClassApi
from fakecluster import KUBECONFIG, FakeClock
from toyrun import run_head

from checker.catalogue import Lab, load_lab
from checker.classroom import Pupil
from checker.cluster import Connection
from checker.model import RunHead


@pytest.fixture
def api() -> ClassApi:
    return ClassApi()


@pytest.fixture
def lively(api: ClassApi) -> ClassApi:
    """A cluster on which Pods come up, and images are there."""

    def after(method: str, path: str) -> None:
        if DEPLOYMENT in api.store and REGISTRY_POD not in api.store:
            api.put(REGISTRY_POD, {"metadata": {"labels": {"app": "registry"}}})
        for pod in {PROBE, REGISTRY_POD} & api.store.keys():
            api.store[pod]["status"] = READY
        for pod in [key for key in api.store if "/pods/images-" in key]:
            names = [each["name"] for each in api.store[pod]["spec"]["containers"]]
            ended = {
                "state": {"terminated": {"exitCode": 0}},
                "image": "",
                "imageID": "",
                "ready": False,
                "restartCount": 0,
            }
            api.store[pod]["status"] = {
                "containerStatuses": [ended | {"name": name} for name in names]
            }

    api.after = after
    return api


@pytest.fixture
def connection(api: ClassApi, tmp_path: Path) -> Connection:
    file = tmp_path / "kubeconfig"
    file.write_text(KUBECONFIG.lstrip(), encoding="utf-8")
    (tmp_path / "ca.crt").write_text("the authority")
    return Connection(api, "podlab", file, "kind-podlab")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def lab(course: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("PODLAB_COURSE", str(course))
    return load_lab("01-toy")


@pytest.fixture
def toy_course(course: Path, lab: Lab) -> Path:
    """The toy course with the real manifests of the cluster and recipes of images."""
    real = Path(__file__).resolve().parents[3]
    for name in ("manifests", "images"):
        (course / name).symlink_to(real / name)
    return course


@pytest.fixture
def with_team(lab_folder: Path, lab: Lab) -> Lab:
    """The same lab with a second namespace."""
    (lab_folder / "solution" / "team").mkdir()
    (lab_folder / "solution" / "team" / "rules.yaml").write_text("kind: LimitRange\n")
    (lab_folder / "starter" / "team").mkdir()
    (lab_folder / "starter" / "team" / "rules.yaml").write_text("kind: LimitRange # to do\n")
    return load_lab("01-toy")


@pytest.fixture
def ann() -> Pupil:
    return Pupil("ann", "Ann Lee", "en")


@pytest.fixture
def writes(api: ClassApi) -> Callable[[], list[tuple[str, str]]]:
    """What was sent to change something, since the last time it was asked."""
    seen = 0

    def since() -> list[tuple[str, str]]:
        nonlocal seen
        new, seen = api.log[seen:], len(api.log)
        return [(method, path) for method, path in new if method != "GET"]

    return since


@pytest.fixture
def head() -> RunHead:
    """What a run is to do, on paper."""
    return run_head()
