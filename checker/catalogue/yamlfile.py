"""Reads the course's YAML files strictly: a key that stands twice is an error, not a choice."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from checker.catalogue.errors import CatalogueError


class _Strict(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys in silence: half a task would vanish unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.constructor.ConstructorError(
                    problem=f"the key `{key}` stands twice (line {line})",
                    problem_mark=key_node.start_mark,
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_mapping(file: Path) -> dict[str, Any]:
    """The mapping in `file`. Raises CatalogueError if it is missing, not YAML or not a mapping."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(file, "", f"cannot be read: {error}") from error
    try:
        data = yaml.load(text, Loader=_Strict)  # noqa: S506 (a SafeLoader that refuses more)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CatalogueError(file, f"line {line}", error.problem or "is not YAML") from error
    except yaml.YAMLError as error:
        raise CatalogueError(file, "", f"is not YAML: {error}") from error
    if not isinstance(data, dict):
        raise CatalogueError(file, "", "must hold keys and values")
    return data
