from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checker.environment import engine
from checker.environment.machine import Machine
from checker.trouble import Trouble

LIVE = "echo 28.0"
DEAD = "echo 'Cannot connect to the Docker daemon' >&2; exit 1"


def test_docker_is_chosen_when_its_daemon_answers(fake, machine: Machine) -> None:
    fake("docker", LIVE)
    fake("podman", LIVE)
    found = engine.find(machine, {})
    assert found is not None
    assert found.name == "docker"


def test_podman_is_chosen_when_only_dockers_client_is_there(fake, machine: Machine) -> None:
    fake("docker", DEAD)
    fake("podman", LIVE)
    found = engine.find(machine, {})
    assert found is not None
    assert found.name == "podman"
    assert found.environ["KIND_EXPERIMENTAL_PROVIDER"] == "podman"


def test_no_engine_is_found_when_both_fail(fake, machine: Machine) -> None:
    fake("docker", DEAD)
    fake("podman", DEAD)
    assert engine.find(machine, {}) is None


def test_a_named_engine_is_the_only_one_tried(fake, machine: Machine) -> None:
    docker_calls = fake("docker", LIVE)
    fake("podman", LIVE)
    found = engine.find(machine, {"PODLAB_ENGINE": "podman"})
    assert found is not None
    assert found.name == "podman"
    assert not docker_calls.exists()


def test_an_unknown_engine_is_refused_by_name(path: Path, machine: Machine) -> None:
    with pytest.raises(Trouble, match="lxc"):
        engine.find(machine, {"PODLAB_ENGINE": "lxc"})


def test_without_an_engine_the_error_names_the_command_that_installs_one(
    path: Path, machine: Machine
) -> None:
    with pytest.raises(Trouble) as trouble:
        engine.ensure(replace(machine, is_root=False), {})
    assert "apt-get install -y podman runc mmdebstrap" in trouble.value.todo.en
    assert trouble.value.code == 3


def test_podman_is_installed_where_it_is_missing_and_root_may(
    fake, path: Path, machine: Machine
) -> None:
    calls = fake(
        "apt-get",
        f'case "$1" in install) printf "#!{path}/sh\\necho ok\\n" > {path}/podman; '
        f"/bin/chmod +x {path}/podman;; esac",
    )
    found = engine.ensure(replace(machine, is_root=True), {})
    assert found.name == "podman"
    assert "install -y --no-install-recommends podman runc mmdebstrap" in calls.read_text()


def test_podmans_own_configuration_is_kept_on_an_ordinary_machine(machine: Machine) -> None:
    assert engine.podman_configuration(machine) == ""
    assert "CONTAINERS_CONF" not in engine.podman_environ(machine)


def test_cgroup_v1_gets_runc_and_room_for_processes(machine: Machine) -> None:
    words = engine.podman_configuration(replace(machine, cgroup_version=1))
    assert words == '[containers]\npids_limit = 0\n[engine]\nruntime = "runc"\n'


def test_without_the_right_to_raise_limits_containers_get_the_users_own(
    machine: Machine,
) -> None:
    words = engine.podman_configuration(replace(machine, can_raise_limits=False))
    assert 'default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]' in words
    assert "runtime" not in words


def test_an_unlimited_number_of_processes_is_left_alone(machine: Machine) -> None:
    words = engine.podman_configuration(replace(machine, can_raise_limits=False, processes=-1))
    assert "nproc" not in words


def test_the_number_of_processes_stays_below_what_podman_can_give(machine: Machine) -> None:
    words = engine.podman_configuration(replace(machine, can_raise_limits=False, processes=96365))
    assert '"nproc=32768:32768"' in words
