"""Finds the line of a field that the API server names, in the manifest as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from checker.notebook.yamlcheck.place import YamlTrouble, at_node
from checker.notebook.yamlcheck.trouble import compose, objects
from checker.texts import Text

_STEP = re.compile(r"(?P<key>[^.\[\]]+)|\[(?P<number>\d+)\]|\[(?P<word>[^\[\]]+)\]")
HERE = Text("说的是这里。", "this is meant.")


def locate(manifest: str, field: str, said: str = "") -> YamlTrouble | None:
    """Where `field` (`spec.containers[0].image`) stands, or would have to stand.

    A field without numbers of items is found where only one item has it. `said` is what the
    server answered: of several objects the one is meant whose name stands there.
    """
    steps = [step["key"] or step["word"] or int(step["number"]) for step in _STEP.finditer(field)]
    nodes = list(objects(compose(manifest)))
    named = [node for node in nodes if f'"{_name(node)}"' in said]
    for part in (steps, steps[:-1]):  # what is missing is looked for where it belongs
        for node in named or nodes:
            found = list(_follow(node, node, part)) if part else []
            if len(found) == 1 and found[0] is not node:
                return at_node(found[0], manifest, HERE, HERE)
    return None


def _follow(node: yaml.Node, mark: yaml.Node, steps: list[str | int]) -> Iterator[yaml.Node]:
    """The nodes at the end of the steps: of a mapping's entry its key, which people look for."""
    if not steps:
        yield mark
        return
    step, *rest = steps
    if isinstance(node, yaml.SequenceNode):
        if isinstance(step, int):
            for item in node.value[step : step + 1]:
                yield from _follow(item, item, rest)
        else:
            for item in node.value:
                yield from _follow(item, item, steps)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                yield from _follow(value, key, rest)


def _name(node: yaml.MappingNode) -> str:
    for key, value in node.value:
        if key.value == "metadata" and isinstance(value, yaml.MappingNode):
            return next((str(v.value) for k, v in value.value if k.value == "name"), "")
    return ""
