"""The roster of a class: a CSV file with the columns id, name and language.

All that is wrong with it is told at once, each with its line, before anything is done on a cluster.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import cast
from unicodedata import category

from checker.catalogue import lab_names
from checker.cluster.workspace import LABEL, LONGEST
from checker.model import Pupil
from checker.texts import LANGUAGES, Lang, Text
from checker.trouble import USAGE, Trouble

COLUMNS = ("id", "name", "language")
LARGEST = 1_000_000
"""Bytes. A class of a thousand needs a tenth of it; a larger file is another file."""
LONGEST_NAME = 100
SHOWN = 20
"""So many bad lines are told; a file that is no roster at all has more."""

SHAPE = Text(
    "名单是 UTF-8 编码的 CSV 文件，第一行是 id,name,language，例如：ann,Ann Lee,en",
    "A roster is a CSV file in UTF-8 whose first line is id,name,language; then for example: "
    "ann,Ann Lee,en",
)


def read_roster(path: Path) -> tuple[Pupil, ...]:
    """The learners in the file, in its order.

    Raises one Trouble that names every bad line; a file with any is not used at all.
    """
    longest = _longest_id()
    pupils: list[Pupil] = []
    faults: list[tuple[int, Text]] = []
    lines: dict[str, int] = {}
    for line, row in _rows(path, _text(path)):
        if fault := _wrong_number(row) or _fault(row, longest, lines):
            faults.append((line, fault))
        else:
            pupils.append(Pupil(row["id"], row["name"], cast(Lang, row["language"])))
        lines.setdefault(row.get("id", ""), line)
    if faults:
        raise _bad(path, faults)
    if not pupils:
        raise _no_roster(path, Text("里没有学员。", "has no learners."))
    return tuple(pupils)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        what = Text(f"读不到：{error.strerror}。", f"cannot be read: {error.strerror}.")
        raise _no_roster(path, what) from error
    if len(raw) > LARGEST:
        what = Text(f"大于 {LARGEST} 字节。", f"has more than {LARGEST} bytes.")
        raise _no_roster(path, what)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        what = Text(f"第 {line} 行不是 UTF-8。", f"is not UTF-8 in line {line}.")
        raise _no_roster(path, what) from error


def _rows(path: Path, text: str) -> list[tuple[int, dict[str, str]]]:
    """Each line that is not empty, with its number, by column. Spaces around values are gone."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        read = [(reader.line_num, [word.strip() for word in row]) for row in reader]
    except csv.Error as error:
        what = Text(
            f"第 {reader.line_num} 行不是 CSV：{error}。",
            f"is no CSV in line {reader.line_num}: {error}.",
        )
        raise _no_roster(path, what) from error
    read = [(line, row) for line, row in read if any(row)]
    head = [word.lower() for word in read[0][1]] if read else []
    if missing := [column for column in COLUMNS if column not in head]:
        names = ", ".join(missing)
        raise _no_roster(path, Text(f"缺少列：{names}。", f"lacks the column {names}."))
    return [(line, _by_column(head, row)) for line, row in read[1:]]


def _by_column(head: list[str], row: list[str]) -> dict[str, str]:
    """A value too many goes by its place, as no column does."""
    return {head[n] if n < len(head) else f"+{n}": word for n, word in enumerate(row)}


def _wrong_number(row: dict[str, str]) -> Text | None:
    missing = [column for column in COLUMNS if column not in row]
    if missing:
        names = ", ".join(missing)
        return Text(f"缺少字段：{names}", f"the field {names} is missing")
    if any(column.startswith("+") for column in row):
        return Text("字段太多", "there are too many fields")
    return None


def _fault(row: dict[str, str], longest: int, lines: dict[str, int]) -> Text | None:
    """What is wrong with a line, None for nothing. `lines` tells where an id stood before."""
    name, lang = row["id"], row["language"]
    if not LABEL.fullmatch(name):
        return Text(
            f"id {name!r} 只能有小写字母、数字和连字符，首尾是字母或数字",
            f"id {name!r} may have small letters, digits and hyphens only, no hyphen at an end",
        )
    if len(name) > longest:
        return Text(
            f"id {name!r} 有 {len(name)} 个字符，最多 {longest} 个",
            f"id {name!r} has {len(name)} characters, {longest} at most are possible",
        )
    if name in lines:
        return Text(
            f"id {name!r} 已经在第 {lines[name]} 行出现",
            f"id {name!r} stands in line {lines[name]} already",
        )
    if not _is_a_name(row["name"]):
        return Text(
            f"name 应当有 1 到 {LONGEST_NAME} 个字符，没有控制字符",
            f"a name has 1 to {LONGEST_NAME} characters, none of them a control character",
        )
    if lang not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        return Text(f"语言 {lang!r} 不认识，只有 {known}", f"language {lang!r} is none of {known}")
    return None


def _is_a_name(words: str) -> bool:
    """Any script; joiners (category Cf), without which some cannot be written, are no controls."""
    controls = {"Cc", "Cs", "Zl", "Zp"}
    return 0 < len(words) <= LONGEST_NAME and not controls & {category(each) for each in words}


def _longest_id() -> int:
    """How long an id may be, so that the namespace of every lesson can be named after it."""
    longest = max((len(name) for name in lab_names()), default=0)
    return LONGEST - len("team-") - longest - len("-")


def _bad(path: Path, faults: list[tuple[int, Text]]) -> Trouble:
    shown = faults[:SHOWN]
    more = len(faults) - len(shown)
    zh = [f"第 {line} 行：{fault.zh}" for line, fault in shown]
    en = [f"line {line}: {fault.en}" for line, fault in shown]
    if more:
        zh.append(f"还有 {more} 行")
        en.append(f"and {more} more")
    return Trouble(
        Text(
            f"名单 {path} 有 {len(faults)} 处不对：\n  " + "\n  ".join(zh),
            f"The roster {path} is wrong in {len(faults)} places:\n  " + "\n  ".join(en),
        ),
        Text(
            f"改好这些行，再运行一次；集群上什么也没有改动。{SHAPE.zh}",
            f"Correct these lines and run again; nothing was changed on the cluster. {SHAPE.en}",
        ),
        code=USAGE,
    )


def _no_roster(path: Path, what: Text) -> Trouble:
    return Trouble(Text(f"{path} {what.zh}", f"{path} {what.en}"), SHAPE, code=USAGE)
