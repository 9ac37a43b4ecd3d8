"""Manifests are as one writes them in production, or say why not; no Pod asks for much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.utils.quantity import parse_quantity

ROOT = Path(__file__).resolve().parents[2]
SHOWN = sorted(ROOT.glob("manifests/[0-9]*/*.yaml"))
GIVEN = [
    file
    for kind in ("starter", "solution", "variants")
    for file in sorted(ROOT.glob(f"labs/*/{kind}/**/*.yaml"))
    if file.name != "case.yaml"
]
MOST_CPU = Decimal("0.05")
# A lesson shows these where they are the point: then a comment names the field.
WANTED = (
    "runAsNonRoot",
    "allowPrivilegeEscalation",
    "seccompProfile",
    "drop",
    "resources",
)


def documents(file: Path) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(file.read_text(encoding="utf-8")) if each]


def pod_specs(thing: Any) -> Iterator[Mapping[str, Any]]:
    """Every Pod spec in an object, however deep: a Pod's own, or a template's."""
    if not isinstance(thing, dict):
        return
    spec = thing.get("spec")
    if isinstance(spec, dict) and isinstance(spec.get("containers"), list):
        yield spec
    for value in thing.values():
        yield from pod_specs(value)


def names(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def lacking(spec: Mapping[str, Any]) -> set[str]:
    """The wanted fields that the Pod, or one of its containers, does not set."""
    pod = spec.get("securityContext") or {}
    found = set()
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        context = pod | (container.get("securityContext") or {})
        resources = container.get("resources") or {}
        drop = (context.get("capabilities") or {}).get("drop") or ()
        has = {
            "runAsNonRoot": context.get("runAsNonRoot") is True,
            "allowPrivilegeEscalation": context.get("allowPrivilegeEscalation") is False,
            "seccompProfile": bool(context.get("seccompProfile")),
            "drop": "ALL" in drop,
            "resources": {"requests", "limits"} <= resources.keys(),
        }
        found |= {name for name in WANTED if not has[name]}
    return found


@pytest.mark.parametrize("file", SHOWN, ids=names)
def test_manifest_is_as_in_production_or_a_comment_says_why_not(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    comments = "\n".join(line.partition("#")[2] for line in lines)
    for thing in documents(file):
        for spec in pod_specs(thing):
            assert {name for name in lacking(spec) if name not in comments} == set()


@pytest.mark.parametrize("file", SHOWN, ids=names)
def test_manifest_begins_with_what_it_is_for(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# ")


def too_much(spec: Mapping[str, Any]) -> list[str]:
    """What one Pod asks for, where it is more than a course Pod may; a plan to ask is none."""
    asked = Decimal(0)
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        resources = container.get("resources") or {}
        # Without a request, Kubernetes takes the limit for it.
        wanted = (resources.get("limits") or {}) | (resources.get("requests") or {})
        asked += parse_quantity(str(wanted.get("cpu", "0")))
    return [f"cpu {asked}"] if asked > MOST_CPU else []


@pytest.mark.parametrize("file", [*SHOWN, *GIVEN], ids=names)
def test_pod_asks_for_little_cpu_and_never_for_the_host(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    comments = "\n".join(line.partition("#")[2] for line in lines)
    for thing in documents(file):
        for spec in pod_specs(thing):
            if "asks for too much" not in comments:
                assert too_much(spec) == []
            assert not any("hostPath" in volume for volume in spec.get("volumes") or ())
            assert not spec.get("hostNetwork")


def test_there_are_manifests_to_look_at() -> None:
    assert len(SHOWN) > 10
    assert len(GIVEN) > 10
