"""A report as plain lines for a terminal, a log or a mail. No colour: symbol and word say it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.report import words
from checker.report.clean import clean, excerpt
from checker.texts import Lang, Text


def render_text(report: LabReport, lang: Lang) -> str:
    """The whole report; ends with a line feed."""
    lines = [f"{report.lab}  {report.title.pick(lang)}", ""]
    for result in report.results:
        lines += render_result(result, lang)
    return "\n".join([*lines, "", words.score(report).pick(lang), ""])


def render_result(result: TaskResult, lang: Lang) -> list[str]:
    """One task: a line with the verdict; what was seen follows unless it passed."""
    head = "  ".join(
        (
            f"{words.SYMBOL[result.verdict]} {result.number} {result.task}",
            result.title.pick(lang),
            words.NAME[result.verdict].pick(lang),
            words.points(result).pick(lang),
            words.seconds(result.seconds).pick(lang),
        )
    )
    if result.verdict is Verdict.passed:
        return [head]
    seen = [line for each in result.evidence for line in _evidence(each, lang)]
    return [head, *_indented(clean(result.message.pick(lang))), *seen]


def _evidence(evidence: Evidence, lang: Lang) -> Iterator[str]:
    found = excerpt(evidence.found)
    shown = found.head or words.NOTHING.pick(lang)
    if found.left_out:
        shown += "\n" + words.MORE.format(count=found.left_out).pick(lang)
    yield from _row(words.EXPECTED, clean(evidence.expected.pick(lang)), lang)
    yield from _row(words.FOUND, shown, lang)
    if evidence.command:
        yield from _row(words.COMMAND, clean(evidence.command), lang)


def _row(name: Text, value: str, lang: Lang) -> list[str]:
    colon = Text("：", ": ").pick(lang)
    if "\n" not in value:
        return _indented(f"{name.pick(lang)}{colon}{value}")
    return [*_indented(f"{name.pick(lang)}{colon.rstrip()}"), *_indented(_indent(value))]


def _indent(value: str) -> str:
    return textwrap.indent(value, "  ", lambda line: True)


def _indented(value: str) -> list[str]:
    return _indent(value).split("\n")
