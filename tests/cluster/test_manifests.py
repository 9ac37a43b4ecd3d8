"""The API server takes every manifest of the lessons as it is: a dry run on the server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from checker.cluster import Connection, Workspace, ensure, remove
from checker.environment.tools import tools_path
from checker.paths import course_root

FILES = sorted((course_root() / "manifests").glob("[0-9]*/*.yaml"))


@pytest.fixture(scope="session")
def kubeconfig(connection: Connection) -> Iterator[Path]:
    """Leads to an empty namespace as a lesson's demo has it."""
    workspace = Workspace("00-start", "demo", "dry-run")
    ensure(connection, workspace)
    yield workspace.kubeconfig(connection.cluster)
    remove(connection, workspace, wait_until_gone=False)


def kubectl(kubeconfig: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    argv = [str(tools_path() / "kubectl"), "--kubeconfig", str(kubeconfig), *words]
    return subprocess.run(argv, input=given, text=True, capture_output=True, check=False)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_api_server_takes_the_manifest(file: Path, kubeconfig: Path) -> None:
    # An object in a namespace of the file's own can be tried only where that namespace is.
    spaces = [
        each
        for each in yaml.safe_load_all(file.read_text(encoding="utf-8"))
        if each and each["kind"] == "Namespace"
    ]
    for space in spaces:
        kubectl(kubeconfig, "apply", "-f", "-", given=yaml.safe_dump(space))
    words = ("apply", "--dry-run=server", "--validate=strict", "-f", str(file))
    done = kubectl(kubeconfig, *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("(server dry run)") == len(
        [each for each in yaml.safe_load_all(file.read_text(encoding="utf-8")) if each]
    )


def test_manifest_with_a_typo_is_not_taken(kubeconfig: Path) -> None:
    typo = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: typo}\ndatta: {}\n"
    words = ("apply", "--dry-run=server", "--validate=strict", "-f", "-")
    assert kubectl(kubeconfig, *words, given=typo).returncode != 0
