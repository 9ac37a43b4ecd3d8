"""What holds for every class: no text of a learner becomes HTML or a formula, no doubt costs."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from toyclass import class_run, earlier, labs, report

from checker.model import ClassRun, Evidence, Pupil, Scope, Verdict
from checker.report import (
    class_summary,
    render_canvas,
    render_class_junit,
    render_class_page,
    render_feedback,
    render_moodle,
    render_nbgrader,
    render_results,
)
from checker.report.gradebooks import safe
from checker.texts import LANGUAGES, Lang, Text

J, A, F = Scope.judged, Scope.acts, Scope.files
EVIL = "<img src=x onerror=alert(1)>\x1b[2J\u202e&\x00\ud800"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A")
FILE = "results/x.jsonl"


def evil_run(words: str = EVIL) -> ClassRun:
    """Every text that a learner or his cluster may choose says `words`."""
    run = class_run(2, 1)
    head = dataclasses.replace(
        run.head, pupils=tuple(Pupil(p.id, words, p.lang) for p in run.head.pupils)
    )
    text = Text.same(words)
    reports = {}
    for key, old in run.reports.items():
        seen = (Evidence(text, words, words),)
        results = tuple(
            dataclasses.replace(each, message=text, evidence=seen) for each in old.results
        )
        reports[key] = dataclasses.replace(old, results=results)
    return ClassRun(head, reports)


class Page(HTMLParser):
    """The tags of a page with their attributes, and its words; refuses tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def page(run: ClassRun, lang: Lang = "en", before: ClassRun | None = None) -> Page:
    return Page(render_class_page(run, lang, FILE, before))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_text_of_learners_and_clusters_never_becomes_html(lang: Lang) -> None:
    found = page(evil_run(), lang)
    assert found.all("img") == []
    assert "<img src=x onerror=alert(1)>&" in found.words
    assert not {"\x1b", "\u202e", "\x00", "\ud800"} & set(found.words)
    assert not [attrs for _, attrs in found.tags if any(name.startswith("on") for name in attrs)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_needs_nothing_from_elsewhere_and_runs_nothing(lang: Lang) -> None:
    text = render_class_page(class_run(), lang, FILE, None)
    found = Page(text)
    assert {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in found.tags} == set()
    assert not re.search(r"https?://|url\(|@import", text)
    policies = [m for m in found.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policies[0]["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    targets = {str(attrs["href"]) for attrs in found.all("a")}
    other = "report.en.html" if lang == "zh" else "report.zh.html"
    assert {target for target in targets if not target.startswith("#")} == {other}


def test_every_link_within_the_page_leads_somewhere() -> None:
    found = page(class_run(3, 3))
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inner = {str(a["href"])[1:] for a in found.all("a") if str(a["href"]).startswith("#")}
    named = {
        word for _, attrs in found.tags for word in (attrs.get("aria-labelledby") or "").split()
    }
    assert inner | named <= set(ids)
    assert inner >= {"results", "overview", "lab-01-toy", "lab-03-toy"}


def test_cells_say_in_words_what_their_signs_show() -> None:
    run = class_run(23, 1, (J, A, J), without=[("ann-3", "01-toy")])
    words = page(run, before=earlier(run)).words
    for sign, name in (
        ("✓", "passed"),
        ("✗", "failed"),
        ("?", "could not be checked"),
        ("–", "not judged this time"),
        ("·", "not graded yet"),
        ("▲", "newly passed"),
        ("▼", "passed no more"),
    ):
        assert f"{sign}{name}" in words, name


def test_tables_have_heads_for_rows_and_columns_and_can_be_scrolled_by_keyboard() -> None:
    found = page(class_run(3, 2))
    assert {attrs.get("scope") for attrs in found.all("th")} == {"row", "col"}
    regions = [attrs for attrs in found.all("div") if attrs.get("class") == "scroll"]
    assert len(regions) == len(found.all("table")) == 5
    assert all(r["tabindex"] == "0" and r["aria-labelledby"] for r in regions)


def test_a_hundred_learners_in_ten_labs_are_all_there() -> None:
    run = class_run(100, 10)
    text = render_class_page(run, "zh", FILE, earlier(run))
    assert text.count('<td class="cell ') == 5000
    assert text.count("ann-99</code>") >= 11
    assert len(text) < 3_000_000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_holds_no_word_of_the_other_language_but_the_link_to_it(lang: Lang) -> None:
    run = class_run(2, 2, (J, A, F))
    plain = tuple(Pupil(p.id, "A", p.lang) for p in run.head.pupils)
    words = page(ClassRun(dataclasses.replace(run.head, pupils=plain), run.reports), lang).words
    chinese = "".join(re.findall(r"[\u4e00-\u9fff]+", words))
    assert chinese == "中文版" if lang == "en" else len(chinese) > 200
    assert ("learners" in words) == (lang == "en")


def test_lab_with_nothing_to_judge_says_so_and_has_no_grid() -> None:
    words = page(class_run(2, 1, (A, A), behaviour=False)).words
    assert "All checks of this lab act on the workspace" in words
    assert "Each learner" not in words


# Tables


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def tables(run: ClassRun) -> list[str]:
    return [
        render_results(run, "zh", None),
        render_nbgrader(run),
        render_moodle(run),
        render_canvas(run),
    ]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_field_of_a_table_begins_as_a_formula(formula: str) -> None:
    fields = [
        field for text in tables(evil_run(f"{formula}|x")) for row in rows(text) for field in row
    ]
    assert any(field.startswith(f"'{formula}"[:2]) for field in fields)
    # A lone hyphen is Moodle's "no grade", and nobody's text.
    assert [f for f in fields if f.startswith(tuple("=+-@\t\r\n＝＋－＠")) and f != "-"] == []


def test_other_text_stands_as_it_is() -> None:
    assert [safe(text) for text in ("", "Ann", "王 = 小明", "'=1")] == [
        "",
        "Ann",
        "王 = 小明",
        "'=1",
    ]


@pytest.mark.parametrize("words", ['Ann "A", Lee', "Ann\nLee", "Ann\r\nLee;", "王小明，"])
def test_names_with_commas_quotes_and_line_ends_stay_one_field(words: str) -> None:
    run = class_run(2, 1)
    pupils = tuple(Pupil(p.id, words, p.lang) for p in run.head.pupils)
    run = ClassRun(dataclasses.replace(run.head, pupils=pupils), run.reports)
    for text in tables(run):
        assert len({len(row) for row in rows(text)}) == 1
        assert any(words in row for row in rows(text))


def doubtful() -> ClassRun:
    """Ann has a doubt, Bo was not graded, Cy has points, Di has none."""
    plan = labs(1, (J, A, J))[0]
    run = class_run(4, 1, (J, A, J), without=[("ann-1", "01-toy")])
    given = {
        "ann-0": (Verdict.passed, Verdict.unknown),
        "ann-2": (Verdict.passed, Verdict.failed),
        "ann-3": (Verdict.failed, Verdict.failed),
    }
    reports = {(who, "01-toy"): report(who, plan, verdicts) for who, verdicts in given.items()}
    return ClassRun(run.head, reports)


def test_score_that_is_not_final_is_empty_in_gradebooks_and_zero_is_zero() -> None:
    moodle = [row[-1] for row in rows(render_moodle(doubtful()))]
    canvas = [row[-1] for row in rows(render_canvas(doubtful()))]
    nbgrader = [row[9] for row in rows(render_nbgrader(doubtful()))]
    assert moodle == ["podlab 01-toy", "-", "-", "20.0", "0.0"]
    assert canvas == ["podlab 01-toy", "40.0", "", "", "20.0", "0.0"]
    assert nbgrader == ["score", "", "", "20.0", "0.0"]


def test_canvas_finds_its_columns_and_the_row_of_points() -> None:
    """lib/gradebook_importer.rb: what makes a header, and which row is not a student's."""
    head, possible, first, *_ = rows(render_canvas(doubtful()))
    assert "Student" in head[0]
    assert "ID" in head[1]
    assert head[2:5] == ["SIS User ID", "SIS Login ID", "Section"]
    assert "Points Possible" in possible[0]
    assert first[2:4] == ["ann-0", "ann-0"]
    assert not any(re.search(r"\(\d+\)$", name) for name in head), "taken for Canvas' own number"


def test_nbgrader_has_the_columns_of_its_own_export_and_one_by_which_it_imports_students() -> None:
    head, *more = rows(render_nbgrader(doubtful()))
    assert head[:4] == ["assignment", "duedate", "timestamp", "student_id"]
    assert head[7:] == ["raw_score", "late_submission_penalty", "score", "max_score", "id"]
    assert [row[-1] for row in more] == [row[3] for row in more] == [f"ann-{n}" for n in range(4)]
    assert [row[10] for row in more] == ["40.0"] * 4


def test_lab_of_which_nothing_is_judged_is_in_no_gradebook() -> None:
    run = class_run(2, 1, (A,), behaviour=False)
    assert rows(render_nbgrader(run))[1:] == []
    assert rows(render_moodle(run))[0] == ["ID number", "Username", "Full name"]


def test_table_tells_each_task_of_each_learner_with_verdict_and_evidence() -> None:
    head, *more = rows(render_results(doubtful(), "en", None))
    table = [dict(zip(head, row, strict=True)) for row in more]
    assert len(table) == 12
    assert [row["verdict"] for row in table[:6]] == [
        *("passed", "left-out", "unknown"),
        *("missing", "left-out", "missing"),
    ]
    assert [row["earned"] for row in table] == [
        "20",
        "",
        "",
        "",
        "",
        "",
        "20",
        "",
        "0",
        "0",
        "",
        "0",
    ]
    assert table[1]["message"] == "judged only with --behaviour"
    assert table[8]["found"].startswith("nothing from <ann-2>")
    assert table[8]["command"] == "kubectl get pods"


def test_only_the_table_for_people_has_the_mark_that_spreadsheets_want() -> None:
    assert [text.startswith("\ufeff") for text in tables(class_run())] == [
        True,
        False,
        False,
        False,
    ]


# For programs and learners


def test_junit_tells_failed_unknown_and_skipped_apart() -> None:
    root = ET.fromstring(render_class_junit(doubtful(), "en"))
    suites = {str(suite.get("hostname")): suite for suite in root}
    assert set(suites) == {"lab-01-toy-ann-0", "ann-1", "lab-01-toy-ann-2", "lab-01-toy-ann-3"}
    counts = {
        name: tuple(suite.get(key) for key in ("tests", "failures", "errors", "skipped"))
        for name, suite in suites.items()
    }
    assert counts["lab-01-toy-ann-0"] == ("3", "0", "1", "1")
    assert counts["ann-1"] == ("3", "0", "0", "3")
    assert counts["lab-01-toy-ann-3"] == ("3", "2", "0", "1")
    messages = [skip.get("message") for skip in suites["ann-1"].iter("skipped")]
    assert messages == ["not graded yet", "judged only with --behaviour", "not graded yet"]


def test_junit_with_characters_xml_forbids_can_still_be_read() -> None:
    assert "<img src=x" in "".join(ET.fromstring(render_class_junit(evil_run(), "en")).itertext())


def test_learner_reads_his_own_results_in_his_own_language() -> None:
    run = doubtful()
    english, chinese = (render_feedback(run, pupil) for pupil in run.head.pupils[2:4])
    assert english.startswith("Zoë Ünal (ann-2)  Total 20/40")
    assert "– 2 task-2  The data stays after a restart  not judged this time" in english
    assert "--behaviour" not in english, "that is the teacher's affair"
    assert "合计 0/40" in chinese
    assert "ann-2" not in chinese


def test_learner_who_was_not_graded_is_told_so() -> None:
    run = doubtful()
    assert "· 1 task-1  Redis 有应答  还没有评" in render_feedback(run, run.head.pupils[1])


def test_summary_tells_counts_doubts_with_their_reason_and_what_is_left_out() -> None:
    lines = class_summary(doubtful(), "en").splitlines()
    assert lines[0] == "01-toy  Toy lab 1"
    assert lines[1].startswith("  ✓   2  ✗   1  ?   0  ·   1  1 task-1")
    assert lines[3] == "  ? ann-0: Could not be checked: no connection. Try again."
    assert lines[4] == "  – judged only with --behaviour: 2 task-2"
