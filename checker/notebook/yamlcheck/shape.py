"""Looks at YAML that parses, and finds what still keeps it from being a Kubernetes object."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from checker.notebook.yamlcheck.kinds import wrong_kind
from checker.notebook.yamlcheck.place import (
    NO_ODD_SPACE,
    NO_SPACE_AFTER_DASH,
    ODD_SPACE,
    TIGHT_KEY,
    YamlTrouble,
    at,
    at_node,
    no_space_after_key,
)
from checker.notebook.yamlcheck.types import wrong_type
from checker.texts import Text


def in_document(node: yaml.Node, text: str) -> YamlTrouble | None:
    """The first trouble in one parsed document of `text`."""
    if not isinstance(node, yaml.MappingNode):
        return _no_mapping(node, text)
    for mapping in _mappings(node):
        if trouble := _twice(mapping, text) or _tight(mapping, text):
            return trouble
    return _in_object(node, text)


def _in_object(node: yaml.MappingNode, text: str) -> YamlTrouble | None:
    top = {key.value: value for key, value in node.value}
    missing = [key for key in ("apiVersion", "kind") if key not in top]
    if missing:
        return _incomplete(node, missing, text)
    if trouble := wrong_kind(top["kind"], top["apiVersion"], text):
        return trouble
    items = top.get("items")
    if isinstance(items, yaml.SequenceNode):
        inside = (in_document(item, text) for item in items.value)
        return next(filter(None, inside), None)
    if not _has_name(top.get("metadata")):
        return at_node(top.get("metadata") or node, text, *NO_NAME)
    return wrong_type(node, str(top["kind"].value), text)


def _has_name(metadata: yaml.Node | None) -> bool:
    if not isinstance(metadata, yaml.MappingNode):
        return False
    names = {key.value: value for key, value in metadata.value}
    return any(names[key].value for key in ("name", "generateName") if key in names)


NO_NAME = (
    Text("这个对象没有名字。", "This object has no name."),
    Text(
        "在最外层的 `metadata:` 下面缩进一层，写上 `name: …`。",
        "Write `name: …` under `metadata:`, which is at the outermost level, one level deeper.",
    ),
)
BRACES = (
    Text("这里的 `{` 或 `[` 成了一个键。", "The `{` or `[` here has become a key."),
    Text(
        "模板写法 `{{ … }}` 不是 YAML：换成真正的值，或给整个值加上引号。",
        "A template's `{{ … }}` is no YAML: write the value itself, or put quotation marks around "
        "all of it.",
    ),
)


def _mappings(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Every mapping below `root`, once, in the order of the text."""
    open_ = [root]
    visited: set[int] = set()
    while open_:
        node = open_.pop(0)
        if id(node) in visited:  # an alias shows the same node again
            continue
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            open_[:0] = node.value
        if isinstance(node, yaml.MappingNode):
            yield node
            open_[:0] = [value for _, value in node.value]


def _twice(mapping: yaml.MappingNode, text: str) -> YamlTrouble | None:
    """A key that stands twice: parsers keep the last one without a word."""
    first: dict[str, int] = {}
    for key, _ in mapping.value:
        if not isinstance(key, yaml.ScalarNode):
            return at_node(key, text, *BRACES)
        if _is_plain(key) and key.value.startswith("-"):
            return at(key.start_mark.line, key.start_mark.column + 1, text, *NO_SPACE_AFTER_DASH)
        if _is_plain(key) and ODD_SPACE.match(key.value):
            return at_node(key, text, *NO_ODD_SPACE)
        if key.value in first and key.value != "<<":
            return _second(key, first[key.value], text)
        first[str(key.value)] = key.start_mark.line + 1
    return None


def _tight(mapping: yaml.MappingNode, text: str) -> YamlTrouble | None:
    """`name:redis` on a line of its own under a key: YAML takes it for the key's text."""
    for key, value in mapping.value:
        mark = value.start_mark
        if not _is_plain(value) or mark.line == key.start_mark.line:
            continue
        if tight := TIGHT_KEY.match(value.value):
            return at(mark.line, mark.column + tight.end(), text, *no_space_after_key(tight[1]))
    return None


def _is_plain(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style  # libyaml says "", PyYAML None


def _incomplete(node: yaml.Node, missing: list[str], text: str) -> YamlTrouble:
    names = {lang: word.join(missing) for lang, word in (("zh", " 和 "), ("en", " and "))}
    return at(
        node.start_mark.line,
        node.start_mark.column,
        text,
        Text(
            f"从这里开始的对象没有 {names['zh']}。",
            f"The object that begins here has no {names['en']}.",
        ),
        Text(
            "每个对象都要在最外层写 apiVersion 和 kind；检查拼写、大小写和缩进。",
            "Every object has apiVersion and kind at its outermost level; check spelling, capital "
            "letters and indentation.",
        ),
    )


def _no_mapping(node: yaml.Node, text: str) -> YamlTrouble:
    if isinstance(node, yaml.SequenceNode):
        problem = Text("最外层是一个列表，不是对象。", "The outermost level is a list, no object.")
        cause = Text(
            "几个对象之间用单独一行 `---` 隔开，不用 `-`。",
            "Several objects are kept apart by a line with `---`, not by `-`.",
        )
    else:
        problem = Text(
            "这里只有一段文字，没有“键: 值”。", "There is plain text here, no `key: value`."
        )
        cause = Text(
            "冒号后面是不是少了空格？例如 `kind: Pod`。",
            "Is there a space after each colon, as in `kind: Pod`?",
        )
    return at(node.start_mark.line, node.start_mark.column, text, problem, cause)


def _second(key: yaml.Node, first: int, text: str) -> YamlTrouble:
    return at(
        key.start_mark.line,
        key.start_mark.column,
        text,
        Text(
            f"`{key.value}` 在同一层出现了两次，第一次在第 {first} 行。",
            f"`{key.value}` stands here a second time at one level; the first is on line {first}.",
        ),
        Text(
            "只有一个会生效，另一个会被悄悄丢掉：删掉多余的，或检查缩进。",
            "Only one of them would count, the other would vanish unseen: remove one, or check "
            "the indentation.",
        ),
    )
