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
        r"cannot unmarshal (?P<found>\w+) into Go (?:struct field \S+|value) of type (?P<type>\S+)",
        Text(
            "有一个值的类型不对：这里写的是 {found}，需要的是 {type}。环境变量里的数字和 true、"
            "false 要加引号；列表的每一项要以 `-` 开头。",
            "A value is of the wrong type: {found} where {type} is needed. Numbers, true and false "
            "need quotation marks in an environment variable; items of a list begin with `-`.",
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
_DUMP = re.compile(r'Invalid value: "map\[.*\]"')
_NOISE = re.compile(r"^(Warning:|W\d{4} |E\d{4} |\s*$)")


def first_line(output: str) -> str:
    """The first line in which kubectl says why; "" if it said nothing.

    It is kept as it is, but for a dump of the whole object that the server puts before its reason.
    """
    lines = [line for line in output.splitlines() if not _NOISE.match(line)]
    refusals = (line for line in lines if re.match(r"(error|The |Error)", line))
    line = next(refusals, lines[0] if lines else "").strip()
    return _DUMP.sub("Invalid value: …", line)


def what_to_do(output: str) -> Text:
    """What a learner does about a refusal with these words."""
    for words, todo in _TABLE:
        if found := re.search(words, output):
            return todo.format(**{k: v or "" for k, v in found.groupdict().items()})
    return _OTHER
