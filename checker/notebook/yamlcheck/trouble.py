"""Looks at a text from its bytes to its objects; the first trouble counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from checker.notebook.yamlcheck.place import YamlTrouble, at
from checker.notebook.yamlcheck.shape import in_document
from checker.notebook.yamlcheck.syntax import explain
from checker.texts import Text

LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, which kubectl's parser descends from, where it is there: ten times as fast."""
MOST_BYTES = 1024 * 1024
"""etcd takes no request over 1.5 MiB; a manifest of that size is a mix-up (a log, an image)."""


@dataclass(frozen=True)
class Document:
    """One Kubernetes object in a manifest, and the lines (from 1) its names stand on."""

    kind: str
    name: str
    namespace: str
    namespace_line: int


def find_trouble(manifest: str | bytes) -> YamlTrouble | None:
    """The first fault that would keep this text from being a manifest, or None."""
    text = _decode(manifest)
    if isinstance(text, YamlTrouble):
        return text
    try:
        return _in_text(text)
    except RecursionError:
        return TOO_DEEP


def _in_text(text: str) -> YamlTrouble | None:
    try:
        nodes = compose(text)
    except yaml.YAMLError as error:
        return _explained(error, text)
    filled = [node for node in nodes if node is not None and not _is_null(node)]
    if not filled:
        return EMPTY
    for node in filled:
        if trouble := in_document(node, text):
            return trouble
    return None


def documents(manifest: str) -> tuple[Document, ...]:
    """The objects in a manifest in which `find_trouble` found none; those of a List, too."""
    return tuple(_document(node) for node in objects(compose(manifest)))


def objects(nodes: Iterable[yaml.Node | None]) -> Iterator[yaml.MappingNode]:
    """The mappings among these nodes, and those that are items of a List."""
    for node in nodes:
        if not isinstance(node, yaml.MappingNode):
            continue
        yield node
        items = next((value for key, value in node.value if key.value == "items"), None)
        if isinstance(items, yaml.SequenceNode):
            yield from objects(items.value)


TOO_DEEP = YamlTrouble(
    Text("括号或缩进的层数太多，读不下去。", "Brackets or indentation go too deep to be read."),
    Text(
        "这是一份清单吗？检查有没有贴错内容。",
        "Is this a manifest? See whether the wrong text got in.",
    ),
)
EMPTY = YamlTrouble(
    Text("清单是空的：里面没有任何对象。", "The manifest is empty: there is no object in it."),
    Text(
        "写上 apiVersion、kind、metadata 等字段；只有注释不算。",
        "Write apiVersion, kind, metadata and so on; comments alone are not enough.",
    ),
)


def _decode(manifest: str | bytes) -> str | YamlTrouble:
    raw = manifest if isinstance(manifest, bytes) else manifest.encode("utf-8", "surrogateescape")
    if len(raw) > MOST_BYTES:
        return YamlTrouble(
            Text(
                f"清单有 {len(raw) / MOST_BYTES:.1f} MiB，超过了 1 MiB。",
                f"The manifest has {len(raw) / MOST_BYTES:.1f} MiB; more than 1 MiB is refused.",
            ),
            Text(
                "集群不会接受这么大的对象。是不是把日志或别的文件写进来了？",
                "The cluster takes no object of that size. Is it a log, or another file?",
            ),
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return YamlTrouble(
            Text(
                f"清单不是 UTF-8 文本（第 {error.start + 1} 个字节）。",
                f"The manifest is not UTF-8 text (byte {error.start + 1}).",
            ),
            Text("用 UTF-8 编码重新保存文件。", "Save the file again, encoded as UTF-8."),
        )


def compose(text: str, loader: type[yaml.SafeLoader] = LOADER) -> list[yaml.Node | None]:
    """The documents of a text as nodes. Raises yaml.YAMLError."""
    return list(yaml.compose_all(text, Loader=loader))


def _explained(error: yaml.YAMLError, text: str) -> YamlTrouble:
    """The trouble behind an error, from the words of PyYAML's own parser, which say more."""
    try:
        compose(text, yaml.SafeLoader)
    except yaml.YAMLError as said:
        error = said
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable(error, text)
    if isinstance(error, yaml.MarkedYAMLError):
        return explain(error, text)
    raise error


def _unreadable(error: yaml.reader.ReaderError, text: str) -> YamlTrouble:
    before = text[: error.position]
    return at(
        before.count("\n"),
        len(before) - before.rfind("\n") - 1,
        text,
        Text(
            f"这里有一个看不见的控制字符（U+{ord(text[error.position]):04X}）。",
            f"There is an invisible control character here (U+{ord(text[error.position]):04X}).",
        ),
        Text(
            "多半是从网页或终端复制时带进来的：删掉它，重新输入这一处。",
            "It probably came along when the text was copied: delete it and type this part again.",
        ),
    )


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _document(node: yaml.MappingNode) -> Document:
    top = {key.value: value for key, value in node.value}
    metadata = top.get("metadata")
    names = {}
    if isinstance(metadata, yaml.MappingNode):
        names = {key.value: value for key, value in metadata.value}
    namespace = names.get("namespace")
    return Document(
        kind=_word(top.get("kind")),
        name=_word(names.get("name")),
        namespace=_word(namespace),
        namespace_line=namespace.start_mark.line + 1 if namespace is not None else 0,
    )


def _word(node: yaml.Node | None) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else ""
