from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.report import (
    Running,
    RunningTask,
    render_card,
    render_json,
    render_junit,
    render_running,
    render_text,
    running_text,
)
from checker.report.clean import LONGEST, clean, excerpt
from checker.report.fill import marked
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
        self.depths: dict[str, int] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        self.depths[tag] = max(self.depths.get(tag, 0), self.open.count(tag))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data

    def deepest(self, tag: str) -> int:
        """How many of `tag` lie in one another at most."""
        return self.depths.get(tag, 0)

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


@pytest.mark.parametrize(
    ("lang", "name"), [("zh", "检查结果：01-toy，任务 2、2"), ("en", "Result: 01-toy, tasks 2, 2")]
)
def test_card_is_a_region_with_a_name_in_its_language(lang: Lang, name: str) -> None:
    card = Tags(render_card(several(Verdict.passed, Verdict.failed), lang)).tags[0]
    assert card == ("section", {"class": "podlab-card", "lang": lang, "aria-label": name})


def test_card_has_a_heading_for_the_lab_and_one_for_each_task_below_it() -> None:
    """Not h3 and h4: JupyterLab would list them in the table of contents."""
    page = Tags(render_card(several(*Verdict), "en"))
    levels = [attrs["aria-level"] for _, attrs in page.tags if attrs.get("role") == "heading"]
    assert levels == ["3", "4", "4", "4"]


def test_card_names_each_tasks_number_beside_its_id_and_how_long_it_took() -> None:
    assert "Task 2 ping" in Tags(render_card(report(), "en")).words
    assert "0/20 points · 1 s" in Tags(render_card(report(), "en")).words


def test_card_counts_the_verdicts_before_the_tasks() -> None:
    words = Tags(render_card(several(*Verdict), "en")).words
    assert words.index("1 passed, 1 failed, 1 could not be checked") < words.index("Task 2")


def test_every_table_of_the_card_has_column_headings_and_a_name_among_several() -> None:
    one = report().results[0]
    pair = dataclasses.replace(one, evidence=one.evidence * 2)
    page = Tags(render_card(dataclasses.replace(report(), results=(pair,)), "en"))
    columns = [attrs for tag, attrs in page.tags if tag == "th"]
    assert columns == [{"scope": "col"}] * 4
    assert page.count("caption") == page.count("table") == 2
    assert "Evidence 1 of 2" in page.words


HINTS = {
    "ping": [Text("一", "Ask <who> answers."), Text("二", "See `kubectl`."), Text("三", "End.")]
}


def test_hints_are_folded_one_into_the_other() -> None:
    page = Tags(render_card(report(), "en", HINTS))
    places = [
        page.words.index(words) for words in ("Hint 1 of 3", "Ask", "Hint 2 of 3", "See kubectl")
    ]
    assert places == sorted(places)
    assert page.deepest("details") == 3
    hints = [attrs for tag, attrs in page.tags if tag == "details"][1:]
    assert hints == [{}] * 3


def test_a_task_that_passed_or_has_no_hint_shows_none() -> None:
    assert "Hint" not in Tags(render_card(report(verdict=Verdict.passed), "en", HINTS)).words
    assert "Hint" not in Tags(render_card(report(), "en", {"other": HINTS["ping"]})).words


def test_words_between_backticks_are_code_and_stay_escaped() -> None:
    assert marked("see `<b>` & `a`") == "see <code>&lt;b&gt;</code> &amp; <code>a</code>"
    assert marked("one ` alone") == "one ` alone"
    page = Tags(render_card(report(), "en", {"ping": [Text.same("`<img src=x>`")]}))
    assert page.count("img") == 0


def running(*tasks: RunningTask) -> Running:
    return Running("01-toy", 1, 4, 14.0, tasks)


def test_a_running_check_tells_how_far_it_is_and_what_it_waits_for() -> None:
    task = RunningTask("ping", 2, Text("有应答", "It answers"), 12.0, 60, Text("等", "for the Pod"))
    page = Tags(render_running(running(task), "en"))
    text = "1 of 4 tasks have a verdict · 14 s"
    for words in (text, "Task 2 ping · It answers", "12 s, at most 60 s · for the Pod"):
        assert words in page.words
        assert words in running_text(running(task), "en")
    bars = [attrs for tag, attrs in page.tags if tag == "progress"]
    assert [(bar["value"], bar["max"]) for bar in bars] == [("1", "4"), ("12", "60")]
    assert all(bar["aria-label"] for bar in bars)


def test_a_running_check_escapes_every_value() -> None:
    evil = Text.same(EVIL)
    page = Tags(render_running(running(RunningTask(EVIL, 1, evil, 1, 2, evil)), "en"))
    assert page.count("img") == 0
    assert page.words.count("<img src=x onerror=alert(1)>&") == 3
    assert "\x1b" not in running_text(running(RunningTask("a", 1, evil, 1, 2, evil)), "en")


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


def test_text_leaves_out_the_line_of_a_command_where_there_is_none() -> None:
    one = report().results[0]
    seen = dataclasses.replace(one.evidence[0], command="")
    bare = dataclasses.replace(report(), results=(dataclasses.replace(one, evidence=(seen,)),))
    assert "See it yourself:" in render_text(report(), "en")
    assert "See it yourself:" not in render_text(bare, "en")


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
