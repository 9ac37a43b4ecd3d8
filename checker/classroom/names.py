"""By what names the cluster of a class knows the course's images and its registry.

They are kept on the cluster, so that who grades need not say them again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from checker.cluster import API_ERRORS, SYSTEM, Connection, Meaning, Objects, meaning
from checker.observe.images import IMAGES, REGISTRY
from checker.texts import Text
from checker.trouble import USAGE, Trouble

CONFIG = "class"
KEYS = {IMAGES: "images", REGISTRY: "registry"}
HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"
SHAPES = {IMAGES: rf"{HOST}(/[a-z0-9]+([._-]+[a-z0-9]+)*)*/?", REGISTRY: HOST}


def recall_names(
    connection: Connection, environ: MutableMapping[str, str] = os.environ
) -> dict[str, str]:
    """Read the names and go by them from now on, where the environment does not say other ones.

    Returns all that is kept. Raises what the client raises.
    """
    try:
        found = dict(Objects(connection, SYSTEM).read("ConfigMap", CONFIG).data or {})
    except API_ERRORS as error:
        if meaning(error).meaning is not Meaning.absent:
            raise
        found = {}
    for variable, key in KEYS.items():
        if found.get(key):
            environ.setdefault(variable, found[key])
    return found


def keep_names(connection: Connection, checked: str, environ: MutableMapping[str, str]) -> bool:
    """Keep the names that are in use, and which images were found by them. Whether that is new."""
    data = {key: environ.get(variable, "") for variable, key in KEYS.items()}
    data["checked"] = checked
    if recall_names(connection, {}) == data:
        return False
    Objects(connection, SYSTEM).apply(config_form(data))
    return True


def config_form(data: Mapping[str, str]) -> dict[str, Any]:
    """The object in which they are kept."""
    labels = {"app.kubernetes.io/part-of": "podlab"}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": CONFIG, "namespace": SYSTEM, "labels": labels},
        "data": dict(data),
    }


def use_names(
    images: str | None, registry: str | None, environ: MutableMapping[str, str] = os.environ
) -> None:
    """Go by the names that were given; None leaves the one that was in use. Raises Trouble."""
    for variable, option, value in (
        (IMAGES, "--images", images),
        (REGISTRY, "--registry", registry),
    ):
        if value and not re.fullmatch(SHAPES[variable], value):
            raise _no_name(option, value)
        if value is not None:
            environ[variable] = value


def _no_name(option: str, value: str) -> Trouble:
    return Trouble(
        Text(f"{option} {value!r} 不是镜像的名字。", f"{option} {value!r} cannot name an image."),
        Text(
            "--images 是镜像名前面的部分，例如 registry.school.example/podlab；"
            "--registry 是主机名，例如 registry.school.example。都用小写，不带 https://。",
            "--images is what stands before an image's name, such as "
            "registry.school.example/podlab, and --registry a host, such as "
            "registry.school.example: small letters, no https://.",
        ),
        code=USAGE,
    )
