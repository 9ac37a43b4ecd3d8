"""Amounts of CPU and memory: as a manifest writes them, and in the words that Kubernetes uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubernetes.utils.quantity import parse_quantity

from checker.observe import Container, Pod

MIB = 1 << 20


def requests(form: Any) -> Mapping[str, str]:
    """What a container requests, by resource."""
    return (form.resources.requests if form.resources else None) or {}


def limits(form: Any) -> Mapping[str, str]:
    """What a container may have, by resource."""
    return (form.resources.limits if form.resources else None) or {}


def memory_limit(pod: Pod, container: Container) -> str:
    """A container's memory limit as it is written, empty where there is none."""
    return str(limits(pod.form(container.name)).get("memory", ""))


def amount(amounts: Mapping[str, str], name: str) -> float | None:
    """Bytes or CPUs, None where nothing is said."""
    return number(amounts[name]) if name in amounts else None


def number(written: str) -> float:
    """`64Mi` is 67108864, `500m` is 0.5."""
    return float(parse_quantity(written))


def size(bytes_: float | None) -> str:
    """Bytes as Kubernetes writes them: 64Mi, 64000000, and - for no limit."""
    if bytes_ is None:
        return "-"
    return f"{int(bytes_) // MIB}Mi" if bytes_ % MIB == 0 else f"{bytes_:.15g}"


def whole(bytes_: int) -> str:
    """So many MiB, the rest left out."""
    return size(bytes_ // MIB * MIB)


def cpu(cpus: float | None) -> str:
    """CPUs as Kubernetes writes them: 500m, and - for no limit."""
    return "-" if cpus is None else f"{round(cpus * 1000)}m"


def in_words(amounts: Mapping[str, str]) -> str:
    """Such as `cpu 10m, memory 16Mi`."""
    return ", ".join(f"{name} {written}" for name, written in amounts.items()) or "-"
