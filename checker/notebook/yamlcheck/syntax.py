"""Turns a parser's error into the mistake that people who get it usually made."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from checker.notebook.yamlcheck.place import (
    NO_ODD_SPACE,
    NO_SPACE_AFTER_DASH,
    ODD_SPACE,
    TIGHT_DASH,
    TIGHT_KEY,
    YamlTrouble,
    at,
    no_space_after_key,
)
from checker.texts import Text

Found = tuple[tuple[int, int], Text, Text]


def explain(error: yaml.MarkedYAMLError, text: str) -> YamlTrouble:
    """PyYAML's error, with the mistake that people who get it usually made."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines() or [""]
    for finder in FINDERS:
        if found := finder(error, lines, line):
            place, problem, cause = found
            return at(*place, text, problem, cause)
    return at(line, column, text, *_by_words(error))


def _near(line: int, lines: list[str]) -> Iterator[tuple[int, str]]:
    """The line of the error and the last written line before it: parsers notice late."""
    line = min(line, len(lines) - 1)
    yield line, lines[line]
    for before in range(line - 1, -1, -1):
        if (words := lines[before].strip()) and not words.startswith("#"):
            yield before, lines[before]
            return


def _tab(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    for number, words in _near(line, lines):
        indent = words[: len(words) - len(words.lstrip(" \t"))]
        if "\t" in indent:
            return (
                (number, indent.index("\t")),
                Text("缩进里有一个制表符（Tab）。", "There is a tab in the indentation."),
                Text(
                    "YAML 的缩进只能用空格：把制表符换成空格，通常每层两个。",
                    "YAML is indented with spaces only: put spaces in its place, two a level.",
                ),
            )
    return None


def _many_dashes(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    for number, words in _near(line, lines):
        if re.fullmatch(r"-{2}|-{4,}\s*", words):
            return (
                (number, 0),
                Text("这一行短横的个数不对。", "This line has the wrong number of dashes."),
                Text(
                    "几个对象之间用单独一行 `---` 隔开，不多不少三个短横。",
                    "Objects are kept apart by a line with `---`: three dashes, no more, no fewer.",
                ),
            )
    return None


def _odd_space(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    for number, words in _near(line, lines):
        if odd := ODD_SPACE.match(words):
            return ((number, odd.start(1)), *NO_ODD_SPACE)
    return None


def _wide_punctuation(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    for number, words in _near(line, lines):
        if wide := re.match(r"\s*(?:- )?[\w./-]+(：)", words):
            return (
                (number, wide.start(1)),
                Text("这里是全角冒号“：”。", "This is a full-width colon (：)."),
                Text(
                    "YAML 只认半角冒号：改成 `:`，后面加一个空格。",
                    "YAML knows the plain colon only: write `:` and a space.",
                ),
            )
    return None


def _missing_space(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    for number, words in _near(line, lines):
        if tight := TIGHT_KEY.match(words):
            return ((number, tight.end()), *no_space_after_key(tight[1]))
        if tight := TIGHT_DASH.match(words):
            return ((number, tight.end()), *NO_SPACE_AFTER_DASH)
    return None


_KEY_ALONE = re.compile(r"\s*(?:- )?([A-Za-z][\w-]*)(?:\s+[^\s:#]+)?\s*$")


def _missing_colon(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    """A bare word where a key should be; the parser stops at the colon of the line after it."""
    problem = error.problem or ""
    late = "mapping values are not allowed" in problem
    if not late and "could not find expected ':'" not in problem:
        return None
    for number, words in list(_near(line, lines))[1 if late else 0 :]:
        if bare := _KEY_ALONE.match(words):
            return (
                (number, bare.end(1)),
                Text(f"`{bare[1]}` 后面少了冒号。", f"There is no colon after `{bare[1]}`."),
                Text(
                    f"写成 `{bare[1]}:`，值隔一个空格写在后面，或另起一行、缩进一层。",
                    f"Write `{bare[1]}:`, then the value after a space, or on the next lines one "
                    "level deeper.",
                ),
            )
    return None


def _open_quote(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    if "quoted scalar" not in (error.context or "") or error.context_mark is None:
        return None
    return (
        (error.context_mark.line, error.context_mark.column),
        Text("这里开始的引号没有结束。", "The quotation mark that opens here is never closed."),
        Text("在值的末尾补上同样的引号。", "Put the same quotation mark at the end of the value."),
    )


def _open_bracket(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> Found | None:
    if "flow" not in (error.context or "") or error.context_mark is None:
        return None
    return (
        (error.context_mark.line, error.context_mark.column),
        Text(
            "这里开始的括号没有写完整。",
            "What opens here with a bracket or a brace is not complete.",
        ),
        Text(
            "检查有没有少写 `]`、`}`，或者两项之间的逗号。",
            "Look for a missing `]` or `}`, or a comma between two items.",
        ),
    )


FINDERS = (
    _tab,
    _many_dashes,
    _odd_space,
    _wide_punctuation,
    _missing_space,
    _missing_colon,
    _open_quote,
    _open_bracket,
)
_WORDS: tuple[tuple[str, Text, Text], ...] = (
    (
        "mapping values are not allowed",
        Text("这里不能再出现“键: 值”。", "A `key: value` cannot stand here."),
        Text(
            "多半是这一行缩进太深，或者上一行已经有值；值里有“冒号加空格”时要加引号。",
            "This line is probably indented too deep, or the line above has a value already; a "
            "value that holds a colon and a space needs quotation marks.",
        ),
    ),
    (
        "expected <block end>",
        Text(
            "这一行的缩进和它的同级不一致。",
            "The indentation of this line does not match its neighbours.",
        ),
        Text(
            "同一层的键要左对齐：和上一个同级的键比一比空格数。",
            "Keys of one level begin in the same column: count the spaces against the last key of "
            "the same level.",
        ),
    ),
    (
        "sequence entries are not allowed",
        Text("这里不能开始一个列表项。", "A list item cannot begin here."),
        Text(
            "`-` 要另起一行，写在它的键下面。",
            "Put the `-` on a line of its own, under the key it belongs to.",
        ),
    ),
    (
        "cannot start any token",
        Text("值不能以这个字符开头。", "A value cannot begin with this character."),
        Text("给这个值加上引号。", "Put the value in quotation marks."),
    ),
    (
        "undefined alias",
        Text("`*` 在 YAML 里引用前面定义过的内容，这里没有找到。",
             "A `*` refers to something named before with `&`; nothing has that name."),
        Text("如果要的就是星号，给这个值加上引号。",
             "If you mean the star itself, put the value in quotation marks."),
    ),
    (
        "could not find expected ':'",
        Text("这里少了冒号。", "A colon is missing here."),
        Text(
            "每个键后面都要有冒号和空格；多行的文字要以 `|` 开始并缩进。",
            "Every key ends in a colon and a space; text of many lines begins with `|` and is "
            "indented.",
        ),
    ),
)  # fmt: skip


def _by_words(error: yaml.MarkedYAMLError) -> tuple[Text, Text]:
    said = f"{error.problem or ''} {error.context or ''}"
    for words, problem, cause in _WORDS:
        if words in said:
            return problem, cause
    return (
        Text.same("YAML: {said}").format(said=said.strip()),
        Text(
            "检查这一行和上一行的缩进、冒号和引号。",
            "Look at indentation, colons and quotation marks of this line and the one above.",
        ),
    )
