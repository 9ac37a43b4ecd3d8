"""Each application image keeps the contract that stands in its recipe."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from checker.environment.engine import Engine
from checker.environment.images import true_version
from checker.environment.recipes import Recipe, read_recipes

pytestmark = pytest.mark.engine

RECIPES = read_recipes()
SERVICES = [recipe for recipe in RECIPES if recipe.contract.service]
KINDS = {"directory": "dir", "regular file": "file", "symbolic link": "link"}


def id_of(recipe: Recipe) -> str:
    return recipe.name


each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=id_of)
each_service = pytest.mark.parametrize("recipe", SERVICES, ids=id_of)


@pytest.fixture
def shell(start: Callable[..., Any]) -> Callable[[Recipe], Callable[..., str]]:
    """`shell(recipe)(*argv)`: what a program in an idle container of the image prints."""

    def idle(recipe: Recipe) -> Callable[..., str]:
        container = start(recipe.name, "-c", "sleep 60", options=("--entrypoint", "sh"))
        return container.says  # type: ignore[no-any-return]

    return idle


def test_there_are_recipes_and_services() -> None:
    assert RECIPES
    assert SERVICES


@each_recipe
def test_the_configuration_is_the_contracts(
    recipe: Recipe, config_of: Callable[[str], dict[str, Any]]
) -> None:
    found = config_of(recipe.name)
    assert found == recipe.contract.model_dump(include=set(found))


@each_recipe
def test_the_version_is_true_to_the_tag(
    recipe: Recipe, engine: Engine, image_of: Callable[[str], str]
) -> None:
    tag = recipe.image.rpartition(":")[2]
    version = true_version(engine, image_of(recipe.name), recipe)
    assert version.split(".")[: tag.count(".") + 1] == tag.split(".")


@each_recipe
def test_users_have_the_ids_of_the_contract(recipe: Recipe, shell: Callable[..., Any]) -> None:
    says = shell(recipe)
    found = {name: f"{says('id', '-u', name)}:{says('id', '-g', name)}" for name in ids_of(recipe)}
    assert found == ids_of(recipe)


def ids_of(recipe: Recipe) -> dict[str, str]:
    return recipe.contract.ids


@each_recipe
def test_paths_are_what_the_contract_says(recipe: Recipe, shell: Callable[..., Any]) -> None:
    says = shell(recipe)
    for path, place in recipe.contract.paths.items():
        kind, owner, mode = says("stat", "-c", "%F|%u:%g|%a", path).split("|")
        assert (path, KINDS[kind], owner) == (path, place.type, place.owner)
        assert (path, mode) == (path, place.mode or mode)
        if place.target:
            assert says("readlink", path) == place.target


@each_recipe
def test_programs_of_the_contract_are_found(recipe: Recipe, shell: Callable[..., Any]) -> None:
    lookup = 'for name; do command -v "$name" >/dev/null || echo "$name"; done'
    assert shell(recipe)("sh", "-c", lookup, "-", *recipe.contract.programs) == ""


@each_service
def test_a_service_says_that_it_is_ready_on_the_stream_of_the_contract(
    recipe: Recipe, start: Callable[..., Any]
) -> None:
    service = recipe.contract.service
    assert service
    container = start(recipe.name)
    container.wait_for(service.ready, service.log)
    other = {"stdout": "stderr", "stderr": "stdout"}[service.log]
    assert not re.search(service.ready, getattr(container.log(), other))


@each_service
def test_a_service_ends_on_the_stop_signal_within_the_grace_period(
    recipe: Recipe, start: Callable[..., Any]
) -> None:
    service = recipe.contract.service
    assert service
    container = start(recipe.name)
    container.wait_for(service.ready)
    assert container.stop() == service.exit_code
