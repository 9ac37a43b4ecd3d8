from __future__ import annotations

from pathlib import Path

import pytest

from checker.environment import archive
from checker.environment.engine import Engine
from checker.environment.registry import Registries
from checker.trouble import Trouble

BUSYBOX = "docker.io/library/busybox:1.37"
REDIS = "docker.io/library/redis:8"


def test_an_image_is_pulled_where_its_registry_has_it(fake) -> None:
    calls = fake("podman", "exit 0")
    assert Registries(Engine("podman")).pull(BUSYBOX)
    assert calls.read_text().splitlines() == [f"manifest inspect {BUSYBOX}", f"pull {BUSYBOX}"]


def test_a_silent_registry_is_asked_once(fake) -> None:
    calls = fake("podman", "echo 'no such host' >&2; exit 125")
    registries = Registries(Engine("podman"))
    assert not registries.pull(BUSYBOX)
    assert not registries.pull(REDIS)
    assert calls.read_text().splitlines() == [f"manifest inspect {BUSYBOX}"]


def test_an_image_that_is_missing_leaves_its_registry_trusted_for_others(fake) -> None:
    calls = fake("podman", 'case "$*" in *busybox*) echo "manifest unknown" >&2; exit 125;; esac')
    registries = Registries(Engine("podman"))
    assert not registries.pull(BUSYBOX)
    assert registries.pull(REDIS)
    assert calls.read_text().splitlines()[-1] == f"pull {REDIS}"


def test_an_image_for_one_architecture_counts_as_there(fake) -> None:
    fake(
        "podman",
        'case "$1" in manifest) '
        'echo "Treating single images as manifest lists is not implemented" >&2; exit 125;; esac',
    )
    assert Registries(Engine("podman")).pull(BUSYBOX)


def test_a_pull_that_breaks_off_says_so_and_builds_nothing_instead(fake) -> None:
    fake("podman", 'case "$1" in pull) echo "unexpected EOF" >&2; exit 125;; esac')
    with pytest.raises(Trouble, match="broke off") as trouble:
        Registries(Engine("podman")).pull(BUSYBOX)
    assert trouble.value.code == 3
    assert "unexpected EOF" in trouble.value.detail


def test_saving_gives_images_their_official_names_and_takes_them_back(fake, tmp_path: Path) -> None:
    calls = fake("podman", 'case "$1 $2" in "image inspect") exit 1;; esac')
    archive.save(Engine("podman"), {BUSYBOX: "localhost/podlab/busybox:k"}, tmp_path / "a.tar")
    assert calls.read_text().splitlines()[-3:] == [
        f"tag localhost/podlab/busybox:k {BUSYBOX}",
        f"save --multi-image-archive -o {tmp_path}/a.tar {BUSYBOX}",
        f"untag {BUSYBOX} {BUSYBOX}",
    ]


def test_an_image_of_the_users_own_keeps_its_name_also_when_saving_fails(
    fake, tmp_path: Path
) -> None:
    calls = fake(
        "podman",
        'case "$1" in image) echo sha256:users-own;; save) echo "no space left" >&2; exit 1;; esac',
    )
    with pytest.raises(Trouble):
        archive.save(Engine("podman"), {BUSYBOX: "localhost/podlab/busybox:k"}, tmp_path / "a.tar")
    assert calls.read_text().splitlines()[-1] == f"tag sha256:users-own {BUSYBOX}"


def test_docker_is_spoken_to_in_its_own_words(fake, tmp_path: Path) -> None:
    calls = fake("docker", 'case "$1 $2" in "image inspect") exit 1;; esac')
    archive.save(Engine("docker"), {BUSYBOX: "localhost/podlab/busybox:k"}, tmp_path / "a.tar")
    assert calls.read_text().splitlines()[-2:] == [
        f"save -o {tmp_path}/a.tar {BUSYBOX}",
        f"rmi --no-prune {BUSYBOX}",
    ]
