from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.report import render_card, render_json, render_junit, render_text
from checker.report.clean import LONGEST, clean, excerpt
from checker.texts import Lang, Text

START = datetime(2030, 1, 2, tzinfo=UTC)
EVIL = "<img src=x onerror=alert(1)>\x1b[2J\u202e&\x00\ud800"


def report(found: str = "silence", verdict: Verdict = Verdict.failed) -> LabReport:
    evil = Text.same(EVIL)
    evidence = Evidence(evil, found, EVIL)
    result = TaskResult("ping", 2, evil, verdict, "silent", evil, (evidence,), 20, 1.0, START)
    return LabReport("01-toy", evil, "lab-01-toy", (result,), START, 1.0)


def several(*verdicts: Verdict) -> LabReport:
    one = report().results[0]
    results = tuple(dataclasses.replace(one, verdict=verdict) for verdict in verdicts)
    return dataclasses.replace(report(), results=results)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b(Bplain", "plain"),
        ("\x1b]0;never ended", ""),
        ("\x9b31mred", "red"),
        ("a\rb\r\nc\u2028d", "a\nb\nc\nd"),
        ("a\x00\x08\x07\x7fb", "ab"),
        ("user\u202egpj.exe", "usergpj.exe"),
        ("\ud800\ufffe", ""),
        ("tab\tand 中文 é 👍", "tab\tand 中文 é 👍"),
    ],
)
def test_terminal_codes_and_unseen_characters_are_taken_out_and_words_stay(
    raw: str, cleaned: str
) -> None:
    assert clean(raw) == cleaned


def test_short_text_is_shown_whole() -> None:
    part = excerpt("one\ntwo\n")
    assert (part.head, part.whole, part.left_out, part.lost) == ("one\ntwo", "one\ntwo", 0, 0)


@pytest.mark.parametrize("text", ["x" * 501, "\n".join("abcdefghi")])
def test_long_text_is_cut_and_the_rest_is_counted(text: str) -> None:
    part = excerpt(text)
    assert len(part.head) + part.left_out == len(text)
    assert part.left_out > 0
    assert part.whole == text


def test_flood_of_text_is_cut_for_good() -> None:
    part = excerpt("x" * (LONGEST + 7))
    assert (len(part.whole), part.lost) == (LONGEST, 7)


class Tags(HTMLParser):
    """Collects the tags of a page, and the text inside each `details`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data

    def count(self, tag: str) -> int:
        return [name for name, _ in self.tags].count(tag)


def test_card_escapes_every_value_and_closes_every_tag() -> None:
    page = Tags(render_card(report(EVIL), "en"))
    assert page.count("img") == 0
    assert page.open == []
    # lab title, task title, message, expected, found, command
    assert page.words.count("<img src=x onerror=alert(1)>&") == 6
    assert "\x1b" not in page.words
    assert "\u202e" not in page.words


def test_card_of_every_task_says_its_verdict_in_words_and_symbol() -> None:
    words = Tags(render_card(several(*Verdict), "en")).words
    for symbol, name in (("✓", "passed"), ("✗", "failed"), ("?", "could not be checked")):
        assert f"{symbol} {name}" in words


@pytest.mark.parametrize(
    ("verdict", "is_open"),
    [(Verdict.passed, False), (Verdict.failed, True), (Verdict.unknown, True)],
)
def test_evidence_is_open_unless_the_task_passed(verdict: Verdict, is_open: bool) -> None:
    page = Tags(render_card(report(verdict=verdict), "en"))
    assert [("open" in attrs) for tag, attrs in page.tags if tag == "details"] == [is_open]


def test_long_text_from_the_cluster_is_folded_in_the_card_and_whole_inside() -> None:
    log = "\n".join(f"line {number}" for number in range(40))
    page = Tags(render_card(report(log), "en"))
    assert page.count("details") == 2
    assert page.words.count("line 3\n") == 2
    assert page.words.count("line 39") == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_card_names_its_language(lang: Lang) -> None:
    assert Tags(render_card(report(), lang)).tags[0] == (
        "div",
        {"class": "podlab-card", "lang": lang},
    )


def test_card_uses_theme_colours_only() -> None:
    page = render_card(report(), "en")
    style = page[page.index("<style>") : page.index("</style>")]
    coloured = [line for line in style.replace(";", "\n").splitlines() if "color:" in line]
    assert coloured
    assert all(
        "var(--jp-" in line or "inherit" in line or "transparent" in line for line in coloured
    )


def test_text_tells_expected_found_and_command_unless_the_task_passed() -> None:
    failed = render_text(report("silence"), "en")
    assert all(word in failed for word in ("Expected: ", "Found: silence", "See it yourself: "))
    assert "Found" not in render_text(report(verdict=Verdict.passed), "en")


def test_text_says_how_much_of_a_long_text_is_left_out() -> None:
    assert "… 100 more characters" in render_text(report("x" * 600), "en")


def test_score_names_the_points_that_could_not_be_checked() -> None:
    mixed = render_text(several(Verdict.passed, Verdict.failed, Verdict.unknown), "en")
    assert "Score 20/60; 20 points could not be checked" in mixed
    assert "could not" not in render_text(several(Verdict.passed, Verdict.failed), "en")


def test_points_of_a_task_that_could_not_be_checked_are_open_not_zero() -> None:
    assert "?/20 points" in render_text(several(Verdict.unknown), "en")
    assert "0/20 points" in render_text(several(Verdict.failed), "en")


def test_text_and_card_hold_no_word_of_the_other_language() -> None:
    text = Text("中文", "English")
    one = dataclasses.replace(
        report().results[0],
        title=text,
        message=text,
        evidence=(Evidence(text, "silence", "kubectl"),),
    )
    whole = dataclasses.replace(report(), title=text, results=(one,))
    for render in (render_text, render_card, render_junit):
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in render(whole, "en"))
        assert "English" not in render(whole, "zh")


def test_junit_tells_failure_error_and_success_apart_and_counts_them() -> None:
    root = ET.fromstring(render_junit(several(*Verdict, Verdict.unknown), "en"))
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "2")
    children = [[child.tag for child in case] for case in suite.findall("testcase")]
    assert children == [[], ["failure"], ["error"], ["error"]]


def test_junit_with_characters_xml_forbids_can_still_be_read() -> None:
    root = ET.fromstring(render_junit(report(EVIL), "en"))
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("type") == "silent"
    assert "<img src=x" in (failure.text or "")


def test_json_read_back_is_the_report() -> None:
    first = report(EVIL)
    as_file = render_json(first).encode("utf-8")
    assert LabReport.from_dict(json.loads(as_file)) == first
