"""The versions of everything that is installed or built: `images/versions.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from checker.paths import images_dir


@dataclass(frozen=True)
class Versions:
    """One field for each entry of the file; the file says what each is for."""

    kind: str
    official_node: str
    kubernetes: str
    etcd: str
    coredns: str
    local_path_provisioner: str
    node_debian: str
    apps_debian: str
    registry: str
    go_minimum: str


def versions_file() -> Path:
    """Where the versions stand."""
    return images_dir() / "versions.toml"


def read_versions(file: Path | None = None) -> Versions:
    """The versions; KeyError names an entry that is missing."""
    with (file or versions_file()).open("rb") as stream:
        data = tomllib.load(stream)
    return Versions(
        kind=data["kind"]["version"],
        official_node=data["kind"]["node_image"],
        kubernetes=data["node"]["kubernetes"],
        etcd=data["node"]["etcd"],
        coredns=data["node"]["coredns"],
        local_path_provisioner=data["node"]["local_path_provisioner"],
        node_debian=data["node"]["debian"],
        apps_debian=data["apps"]["debian"],
        registry=data["apps"]["registry"],
        go_minimum=data["go"]["minimum"],
    )
