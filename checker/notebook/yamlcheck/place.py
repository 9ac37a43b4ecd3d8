"""A fault in a YAML text: what, why, and where. Data and its rendering; finds nothing itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from checker.texts import Lang, Text


@dataclass(frozen=True)
class YamlTrouble:
    """One fault. `line` and `column` count from 1 and are 0 where the whole file is meant."""

    problem: Text
    cause: Text
    line: int = 0
    column: int = 0
    source: str = ""

    def show(self, lang: Lang) -> str:
        """The problem, its place, and the line itself with a mark under the column."""
        if not self.line:
            return self.problem.pick(lang)
        place = Text(
            f"第 {self.line} 行，第 {self.column} 列：", f"Line {self.line}, column {self.column}: "
        )
        gutter = f"{self.line:4d} | "
        pointer = " " * (len(gutter) + _width(self.source[: self.column - 1])) + "^"
        problem = place.pick(lang) + self.problem.pick(lang)
        return "\n".join([problem, gutter + _visible(self.source), pointer])

    def render(self, lang: Lang) -> str:
        """What `show` gives, and the likely cause."""
        return f"{self.show(lang)}\n→ {self.cause.pick(lang)}"


def at(line: int, column: int, text: str, problem: Text, cause: Text) -> YamlTrouble:
    """A trouble at a place that PyYAML counts from 0."""
    lines = text.splitlines() or [""]
    line = min(line, len(lines) - 1)
    source = lines[line]
    return YamlTrouble(problem, cause, line + 1, min(column, len(source)) + 1, source)


def at_node(node: yaml.Node, text: str, problem: Text, cause: Text) -> YamlTrouble:
    """A trouble where this node begins."""
    return at(node.start_mark.line, node.start_mark.column, text, problem, cause)


def _visible(line: str) -> str:
    return line.replace("\t", "→   ")


def _width(text: str) -> int:
    """Columns on a screen; a tab is drawn as four, a Chinese character as two."""
    return sum(4 if c == "\t" else 2 if ord(c) > 0x1100 else 1 for c in text)


# A key or a dash written against its value: YAML reads one word where two were meant. The parser
# stumbles over some of them and takes others for text, so both ways of looking use these.
TIGHT_KEY = re.compile(r"\s*(?:- )?([A-Za-z][\w-]*):(?=[^\s:/])")
TIGHT_DASH = re.compile(r"\s*-(?=[A-Za-z][\w-]*:(\s|$))")

# Blanks that are no space to YAML: in the indentation, after a dash, or after a key's colon.
_ODD = "[\u00a0\u2000-\u200b\u202f\u205f\u3000]"
ODD_SPACE = re.compile(rf"(?:\s*(?:- )?[\w./-]+:\s*?|[ \t]*-?[ \t]*)({_ODD})")
NO_ODD_SPACE = (
    Text(
        "这里有一个不是普通空格的空白（全角空格或不换行空格）。",
        "There is a blank here that is no ordinary space (a full-width or no-break space).",
    ),
    Text(
        "多半是输入法或复制时带进来的：删掉它，换成普通空格。",
        "It probably came from an input method or a copied page: put an ordinary space there.",
    ),
)

NO_SPACE_AFTER_DASH = (
    Text("列表的 `-` 后面少了一个空格。", "There is no space after the `-` of a list."),
    Text(
        "列表的每一项以“短横加空格”开头，例如 `- name: redis`。",
        "Each item begins with a dash and a space, as in `- name: redis`.",
    ),
)


def no_space_after_key(key: str) -> tuple[Text, Text]:
    """Problem and cause for `key:value`."""
    return (
        Text(f"`{key}:` 后面少了一个空格。", f"There is no space after `{key}:`."),
        Text(
            "键和值之间要写冒号加空格，例如 `name: redis`。",
            "A key and its value stand apart by a colon and a space, as in `name: redis`.",
        ),
    )
