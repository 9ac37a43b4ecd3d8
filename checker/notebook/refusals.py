"""Says in words why the API server did not take a manifest, and what to do. Free of everything.

The server's own first line is kept: it names the field, and it is what a search engine knows.
"""

from __future__ import annotations

import re

from checker.texts import Text

_TABLE: tuple[tuple[str, Text], ...] = (
    (
        r'unknown field "(?P<field>[^"]+)"',
        Text(
            "`{field}` 这个字段不存在：检查拼写、大小写，以及它是否缩进在正确的层级。",
            "There is no field `{field}`: check its spelling, its capital letters, and whether it "
            "stands at the right level.",
        ),
    ),
    (
        r'no matches for kind "(?P<kind>[^"]+)" in version "(?P<version>[^"]+)"',
        Text(
            "版本 `{version}` 里没有 `{kind}`：检查 kind 的拼写和 apiVersion，例如 Deployment 属于 "
            "`apps/v1`。",
            "There is no `{kind}` in `{version}`: check the spelling of kind, and apiVersion (a "
            "Deployment belongs to `apps/v1`).",
        ),
    ),
    (
        r"field is immutable|pod updates may not change fields",
        Text(
            "这个字段创建之后不能再改：先用 kubectl delete 删除这个对象，再应用一次。",
            "This field cannot change once the object is there: delete the object with kubectl "
            "delete, then apply again.",
        ),
    ),
    (
        r"selector: Invalid value|`selector` does not match template `labels`",
        Text(
            "selector 里的标签必须和 Pod 模板 metadata.labels 里的一致。",
            "The labels in selector must be those in metadata.labels of the Pod template.",
        ),
    ),
    (
        r"(?P<field>[\w.\[\]]+): Required value",
        Text("缺少必填的字段 `{field}`。", "The field `{field}` must be there."),
    ),
    (
        r"quantities must match the regular expression",
        Text(
            "数量写得不对：内存写成 64Mi，CPU 写成 500m。",
            "A quantity is written wrong: memory is written 64Mi, CPU 500m.",
        ),
    ),
    (
        r"RFC 1123|DNS-1123|DNS-1035",
        Text(
            "名字只能用小写字母、数字和连字符，并且以字母或数字开头和结尾。",
            "A name has small letters, digits and hyphens only, and begins and ends with a letter "
            "or a digit.",
        ),
    ),
    (
        r"(?P<field>[\w.\[\]]+): (?:Invalid|Unsupported|Duplicate|Forbidden)",
        Text(
            "看 `{field}` 这一处：冒号后面的话说明了它为什么不行。",
            "Look at `{field}`: the words after the colon say why it is refused.",
        ),
    ),
    (
        r"exceeded quota",
        Text(
            "这个命名空间里的对象太多了：先删除不用的，再应用一次。",
            "There are too many objects in this namespace: delete what you do not use, then apply "
            "again.",
        ),
    ),
    (
        r"violates PodSecurity",
        Text(
            "Pod 要求的权限超过了课程允许的范围（baseline）：去掉消息里点名的字段。",
            "The Pod asks for more rights than the course allows (baseline): remove the fields "
            "that the message names.",
        ),
    ),
    (
        r"namespaces? \"?(?P<namespace>[\w-]+)\"? not found|is being terminated",
        Text(
            "命名空间还没有准备好：再运行一次 lesson(…) 那个单元格。",
            "The namespace is not ready: run the cell with lesson(…) again.",
        ),
    ),
    (
        r'\(NotFound\): (?P<kind>[\w.]+) "(?P<name>[^"]+)" not found',
        Text(
            "这个命名空间里没有名为 {name} 的 {kind}：检查名字。演示里的对象由前面的单元格创建，"
            "从 lesson(…) 那个单元格起再运行一遍就会有；实验的对象用 %shell --lab 看。",
            "There is no {name} among the {kind} of this namespace: check the name. Objects of the "
            "demonstration are made by the cells above: run from the cell with lesson(…) on to "
            "have them; those of the lab are seen with %shell --lab.",
        ),
    ),
    (
        r"\(AlreadyExists\)",
        Text(
            "已经有一个同名的对象：用 apply 而不是 create，或换一个名字。",
            "An object of that name is there already: apply instead of create, or take another "
            "name.",
        ),
    ),
    (
        r"(?:is forbidden: User|cannot \w+ resource)",
        Text(
            "课程只允许改动你自己的命名空间：检查 kind 和 namespace。",
            "You may change things in your own namespace only: check kind and namespace.",
        ),
    ),
    (
        r"connection (?:to the server|refused)|was refused - did you specify|i/o timeout",
        Text(
            "连不上集群：在终端里运行 `podlab status` 看它是否在运行。",
            "The cluster does not answer: run `podlab status` in a terminal to see whether it "
            "runs.",
        ),
    ),
)

_OTHER = Text(
    "按这句话说的改好清单，再运行这个单元格。",
    "Fix the manifest as this line says, then run the cell again.",
)
_TEXT = Text(
    "要的是一段文字：数字、true、false、yes 和 no 要加引号，带“冒号加空格”的值也要加引号。",
    "Text is needed: numbers, true, false, yes and no need quotation marks, and so does a value "
    "that holds a colon and a space.",
)
_NUMBER = Text("要的是一个数字：去掉引号。", "A number is needed: take the quotation marks away.")
_BOOL = Text(
    "要的是 true 或 false，不加引号。", "It has to be true or false, without quotation marks."
)
_LIST = Text(
    "要的是一个列表：每一项以“短横加空格”开头。",
    "A list is needed: each item begins with a dash and a space.",
)
_MAPPING = Text(
    "要的是“键: 值”：检查有没有多写的短横，以及缩进。",
    "A `key: value` is needed: look for a dash too many, and at the indentation.",
)
_OF_FIELD = Text("`{field}` 的类型不对。{todo}", "`{field}` is of the wrong type. {todo}")
# What the server says it needs, in its own three ways, and what that means for the writer.
_TYPES: tuple[tuple[str, Text], ...] = (
    (r"of type \[\]|slice from map", _LIST),
    (r"of type string|to string\b|unrecognized type: string", _TEXT),
    (r"of type u?int|of type \*u?int|unrecognized type: \*?u?int", _NUMBER),
    (r"of type \*?bool|unrecognized type: \*?bool", _BOOL),
    (r"(of type \S*[A-Z]|of type map|map from slice|into Go value of type)", _MAPPING),
)
_UNMARSHAL = re.compile(r"cannot unmarshal \w+ into Go (?:struct field \w+\.(?P<field>[\w.]+))?")
_CANNOT = re.compile(r"cannot unmarshal|cannot convert \w+ to|unrecognized type: |cannot restore")

_DUMP = re.compile(r'Invalid value: "map\[.*\]"')
_NOISE = re.compile(r"^(Warning:|W\d{4} |E\d{4} |\s*$)")
_REASON = re.compile(
    r"(?P<head>error: |Error from server|The \S+ \".*\" is invalid|The request is invalid"
    r"|The connection to the server)"
)
_LATER = re.compile(r"(?:for|from server for): \"[^\"]*\": (?P<why>.+)")
_BULLET = re.compile(r"\* (?P<why>.+)")
_FIELD = re.compile(
    r'unknown field "(?P<unknown>[^"]+)"'
    r"|(?P<named>[a-z]\w*(?:\.\w+|\[[^\]\s]+\])+): "
    r"(?:Required|Invalid|Unsupported|Duplicate|Forbidden)"
)


def reason(output: str) -> str:
    """The line in which kubectl first says why; "" where kubectl says nothing of the kind.

    It is kept as it is, but for a dump of the whole object that the server puts before its reason,
    and for reasons that kubectl writes lines below their beginning.
    """
    lines = output.splitlines()
    for number, line in enumerate(lines):
        if not _REASON.match(line):
            continue
        after = (found for rest in lines[number + 1 :] if (found := _later(rest)))
        if line.rstrip().endswith(":") and (why := next(after, "")):
            line = f"{line.rstrip()} {why}"
        return _DUMP.sub("Invalid value: …", line)
    return ""


def first_line(output: str) -> str:
    """The reason, else the first line that says anything."""
    lines = (line.strip() for line in output.splitlines() if not _NOISE.match(line))
    return reason(output) or next(lines, "")


def what_to_do(output: str) -> Text:
    """What a learner does about a manifest that was refused with these words."""
    return known(output) or _OTHER


def known(output: str) -> Text | None:
    """What to do about a refusal that people meet often; None for another one."""
    line = first_line(output)
    if _CANNOT.search(line) and (todo := _about_type(line)):
        return todo
    for text in (line, output):
        for words, todo in _TABLE:
            if found := re.search(words, text):
                return todo.format(**{k: v or "" for k, v in found.groupdict().items()})
    return None


def field_of(line: str) -> str:
    """The field that a refusal names; "" where it names none."""
    if found := _UNMARSHAL.search(line):
        return found["field"] or ""
    found = _FIELD.search(line)
    return (found["unknown"] or found["named"]) if found else ""


def _later(line: str) -> str:
    found = _BULLET.match(line) or _LATER.match(line)
    return found["why"] if found else ""


def _about_type(line: str) -> Text | None:
    todo = next((todo for words, todo in _TYPES if re.search(words, line)), None)
    field = field_of(line)
    return _OF_FIELD.format(field=field, todo=todo) if todo and field else todo
