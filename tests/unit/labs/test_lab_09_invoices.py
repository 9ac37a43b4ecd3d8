"""Whether the registry has an image is asked of the registry, by what the image's name says."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from checker.catalogue import load_lab

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
