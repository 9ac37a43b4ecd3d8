"""Finds values of a type that Kubernetes will refuse: numbers for text, mappings for lists.

Only where every manifest needs the same type; the rest is for the API server to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from checker.notebook.yamlcheck.place import YamlTrouble, at_node
from checker.texts import Text

ITEM = "[]"
Path = tuple[str, ...]

TEXT_MAPS = {"labels", "annotations", "matchLabels", "nodeSelector"}
TEXT_VALUES = {"env", "httpHeaders", "tolerations"}
"""Lists whose items have a `value` that is text."""
TEXT_LISTS = {"command", "args"}
TEXT_OF_KIND: dict[str, set[Path]] = {
    "ConfigMap": {("data",)},
    "Secret": {("data",), ("stringData",)},
    "Service": {("spec", "selector")},
    "ReplicationController": {("spec", "selector")},
}
LISTS = {
    "accessModes",
    "args",
    "command",
    "containers",
    "env",
    "envFrom",
    "imagePullSecrets",
    "initContainers",
    "ports",
    "tolerations",
    "volumeMounts",
    "volumes",
}
QUANTITY = re.compile(r"[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*")
"""As the API server has it; it refuses some that match."""
_TAG = "tag:yaml.org,2002:"
NO_TEXT = {
    f"{_TAG}int": Text("数字", "a number"),
    f"{_TAG}float": Text("数字", "a number"),
    f"{_TAG}bool": Text("布尔值（真或假）", "true or false"),
}


def wrong_type(root: yaml.MappingNode, kind: str, text: str) -> YamlTrouble | None:
    """The first value in this object that is text and should not be, or the reverse."""
    text_maps = TEXT_OF_KIND.get(kind, set())
    for path, node in _walk(root, ()):
        if path[:1] in (("metadata",), ("spec",)) and (odd := _wide_marks(node)):
            return at_node(node, text, *odd)
        if path[-2:-1] in (("limits",), ("requests",)) and (odd := _no_quantity(node)):
            return at_node(node, text, *odd)
        if path[:-1] in text_maps or _is_text(path):
            if trouble := _no_text(path, node, text):
                return trouble
        elif path[:1] == ("spec",) and path[-1] in LISTS and isinstance(node, yaml.MappingNode):
            return _no_list(path[-1], node, text)
    return None


def _walk(node: yaml.Node, path: Path) -> Iterator[tuple[Path, yaml.Node]]:
    """Every node below, with the keys that lead to it, in the order of the text."""
    below: list[tuple[str, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        below = [(str(key.value), value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        below = [(ITEM, value) for value in node.value]
    for word, value in below:
        yield (*path, word), value
        yield from _walk(value, (*path, word))


def _is_text(path: Path) -> bool:
    *before, last = path
    if last == "name":
        return "metadata" in before or "spec" in before
    if last == "value":
        return len(before) > 1 and before[-1] == ITEM and before[-2] in TEXT_VALUES
    if last == ITEM:
        return before[:1] == ["spec"] and before[-1] in TEXT_LISTS
    return bool(before) and before[-1] in TEXT_MAPS and before[:1] in (["metadata"], ["spec"])


def _no_quantity(node: yaml.Node) -> tuple[Text, Text] | None:
    if not isinstance(node, yaml.ScalarNode) or QUANTITY.fullmatch(node.value):
        return None
    return (
        Text(f"`{node.value}` 不是数量。", f"`{node.value}` is no quantity."),
        Text(
            "数字后面直接写单位：内存写成 64Mi，CPU 写成 500m。",
            "The unit stands right after the number: memory is written 64Mi, CPU 500m.",
        ),
    )


def _wide_marks(node: yaml.Node) -> tuple[Text, Text] | None:
    """Quotation marks and commas as an input method writes them: YAML takes them for letters."""
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return None
    if re.fullmatch(r"[“”‘’].*[“”‘’]", node.value):
        return (
            Text("这里是弯引号。", "These are curly quotation marks."),
            Text(
                '在 YAML 里它们只是两个普通的字：改成 `"`；真的要它们，就在外面再加一对 `"`。',
                'To YAML they are letters like others: write `"`; if you do mean them, put a pair '
                'of `"` around them.',
            ),
        )
    if re.search(r"[\w.]，[\w.]", node.value, re.ASCII):
        return (
            Text("这里有全角逗号“，”。", "There is a full-width comma (，) here."),
            Text(
                "在 YAML 里它隔不开两项：改成 `,`，后面加一个空格。",
                "To YAML it does not separate two items: write `,` and a space.",
            ),
        )
    return None


def _no_text(path: Path, node: yaml.Node, text: str) -> YamlTrouble | None:
    if isinstance(node, yaml.CollectionNode):
        return at_node(
            node,
            text,
            Text(
                "这里要的是一段文字，YAML 却读到了“键: 值”或列表。",
                "Text is needed here, and YAML reads a `key: value` or a list.",
            ),
            Text(
                "值里有“冒号加空格”，或以 `{`、`[`、`-` 开头时，给整个值加上引号。",
                "A value that holds a colon and a space, or begins with `{`, `[` or `-`, needs "
                "quotation marks around all of it.",
            ),
        )
    # Kubernetes reads 1:30 and 2030-01-02 as text; the library does not.
    if node.tag not in NO_TEXT or ":" in node.value:
        return None
    key = "" if path[-1] == ITEM else f"{path[-1]}: "
    return at_node(
        node,
        text,
        Text(
            "不带引号的 `{value}` 在 YAML 里是{type}，这里要的是一段文字。",
            "Without quotation marks `{value}` is {type} to YAML, and text is needed here.",
        ).format(value=node.value, type=NO_TEXT[node.tag]),
        Text(f'写成 `{key}"{node.value}"`。', f'Write `{key}"{node.value}"`.'),
    )


def _no_list(key: str, node: yaml.MappingNode, text: str) -> YamlTrouble:
    return at_node(
        node,
        text,
        Text(
            f"`{key}` 下面要的是一个列表，这里没有 `-`。",
            f"`{key}` holds a list, and there is no `-` here.",
        ),
        Text(
            "列表的每一项以“短横加空格”开头，例如 `- name: web`；同一项的其他键和 `name` 对齐。",
            "Each item begins with a dash and a space, as in `- name: web`; its other keys begin "
            "in the column of `name`.",
        ),
    )
