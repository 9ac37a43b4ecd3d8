"""The static site is whole: equal in both languages, no dead link, nothing from a network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from toy_lesson import GOOD
from typer.testing import CliRunner

from checker.authoring.book import build_book
from checker.authoring.book.page import BookError
from checker.authoring.build import notebook
from checker.authoring.course import Course
from checker.cli.authoring import author

ROOT = Path(__file__).resolve().parents[3]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks" / "source").glob("[0-9][0-9]-*.py"))
LOADS = {"script", "iframe", "object", "embed", "audio", "video", "source", "track", "base"}


@dataclass
class Seen(HTMLParser):
    """What a page says of itself, points to and loads."""

    file: Path
    lang: str = ""
    anchors: Counter[str] = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    rels: dict[str, str] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        self._sections(tag, has)
        if tag == "html":
            self.lang = has.get("lang", "")
        if "id" in has:
            self.anchors[has["id"]] += 1
        if tag == "a":
            self.links.append(has["href"])
        elif "href" in has:
            (self.links if has.get("rel") in ("prev", "next", "alternate") else self.loads).append(
                has["href"]
            )
        if "src" in has or "srcset" in has:
            self.loads.append(has.get("src", has.get("srcset", "")))
        if tag in LOADS:
            self.loads.append(f"<{tag}>")
        if tag == "img" and not has.get("alt"):
            self.bare.append(has.get("src", ""))
        if has.get("rel") in ("prev", "next"):
            self.rels[has["rel"]] = has["href"]

    def _sections(self, tag: str, has: Mapping[str, str]) -> None:
        if tag == "h2" and "id" in has:
            self.sections.append(f"#{has['id']}")
        # The link beside a heading and the one above the header have a class each.
        if tag == "a" and has["href"].startswith("#") and "class" not in has:
            self.contents.append(has["href"])

    def target(self, address: str) -> tuple[Path, str]:
        """The file that an address of this page means, and the anchor in it."""
        parts = urlsplit(address)
        file = self.file if not parts.path else (self.file.parent / unquote(parts.path)).resolve()
        return file, parts.fragment  # browsers look for it as it is written first


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book").resolve()
    return build_book(Course(ROOT / "notebooks"), folder).parent


@pytest.fixture(scope="module")
def seen(book: Path) -> dict[str, Seen]:
    """All pages, by their place in the site."""
    return {str(file.relative_to(book)): Seen(file) for file in sorted(book.rglob("*.html"))}


def test_every_lesson_has_a_page_in_each_language_and_each_language_an_index(seen) -> None:
    names = sorted(["index.html", *(f"{lesson}.html" for lesson in LESSONS)])
    assert LESSONS
    assert set(seen) == {"index.html", *(f"{lang}/{n}" for lang in ("zh", "en") for n in names)}


def test_every_page_says_its_language(seen) -> None:
    assert {page: each.lang for page, each in seen.items()} == {
        page: {"zh": "zh-CN"}.get(page.partition("/")[0], "en") for page in seen
    }


def test_no_link_is_dead(seen) -> None:
    anchors = {each.file: each.anchors for each in seen.values()}
    local = [
        (each.file, *each.target(link))
        for each in seen.values()
        for link in each.links
        if not urlsplit(link).scheme
    ]
    assert len(local) > 20 * len(seen)
    for page, file, anchor in local:
        assert file.exists(), f"{page}: {file}"
        assert not anchor or anchors[file][anchor] == 1, f"{page}: {file}#{anchor}"


def test_nothing_is_loaded_but_pictures_and_the_style_beside_the_pages(seen) -> None:
    for page, each in seen.items():
        assert each.loads, page
        for address in each.loads:
            assert not urlsplit(address).scheme, f"{page}: {address}"
            assert each.target(address)[0].suffix in (".png", ".css"), f"{page}: {address}"
            assert each.target(address)[0].exists(), f"{page}: {address}"


def test_styles_fetch_nothing(book) -> None:
    styles = [(book / "book.css").read_text(encoding="utf-8")]
    for file in book.rglob("*.html"):
        styles += re.findall(r"<style.*?</style>", file.read_text(encoding="utf-8"), re.DOTALL)
    assert len(styles) > 2 * len(LESSONS), "the cards bring a style each"
    for style in styles:
        assert not re.search(r"@import|@font-face|url\(", style)


def test_both_languages_have_the_same_pictures_and_each_is_told_in_words(book, seen) -> None:
    pictures = {lang: len(list((book / lang / "pictures").glob("*.png"))) for lang in ("zh", "en")}
    assert pictures["zh"] == pictures["en"] >= len(LESSONS)
    assert [each.bare for each in seen.values() if each.bare] == []


def test_a_page_leads_to_its_twin_and_the_twin_back(seen) -> None:
    for page, each in seen.items():
        lang, _, name = page.partition("/")
        if name:
            other = {"zh": "en", "en": "zh"}[lang]
            assert f"../{other}/{name}" in each.links, page


def test_previous_and_next_are_the_order_of_the_lessons(seen) -> None:
    walked, page = ["index.html"], f"{LESSONS[0]}.html"
    while page:
        assert seen[f"zh/{page}"].rels.get("prev") == (walked[-1] if len(walked) > 1 else None)
        walked.append(page)
        page = seen[f"zh/{page}"].rels.get("next", "")
    assert walked[1:] == [f"{lesson}.html" for lesson in LESSONS]


def test_the_index_lists_the_lessons_in_order_with_their_minutes(book, seen) -> None:
    listed = [link for link in seen["en/index.html"].links if re.match(r"\d\d-", link)]
    assert listed == [f"{lesson}.html" for lesson in LESSONS]
    html = (book / "en" / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r"about \d+ minutes", html)) == len(LESSONS)


def test_a_lesson_lists_its_sections_in_order_beside_the_text_and_above_it(seen) -> None:
    for lesson in LESSONS:
        for page in (seen[f"{lang}/{lesson}.html"] for lang in ("zh", "en")):
            assert len(page.sections) > 5, page.file
            assert page.contents == page.sections * 2, page.file


def test_code_is_coloured_and_the_yaml_of_a_manifest_is_yaml(book) -> None:
    html = (book / "en" / "01-storage.html").read_text(encoding="utf-8")
    assert '<span class="nt">apiVersion</span>' in html
    assert 'class="err"' not in html
    # A line of YAML that is wrapped would read as another level.
    kept = re.findall(r'class="columns">\s*<div class="highlight', html)
    assert len(kept) == html.count(">manifest</span> ") > 0
    css = (book / "book.css").read_text(encoding="utf-8")
    assert css.count(".highlight .nt") == 2, "once for light pages, once for dark ones"


def toy(tmp_path: Path) -> Course:
    """A course of one lesson, without its notebooks."""
    source = tmp_path / "notebooks" / "source" / "01-toy.py"
    source.parent.mkdir(parents=True)
    source.write_text(GOOD, encoding="utf-8")
    return Course(tmp_path / "notebooks")


def test_a_missing_notebook_is_told_with_the_cure(tmp_path: Path) -> None:
    course = toy(tmp_path)
    with pytest.raises(BookError, match="podlab author build 01-toy"):
        build_book(course, tmp_path / "book")
    assert not (tmp_path / "book").exists()


def test_a_lesson_that_does_not_begin_with_its_title_is_told(tmp_path: Path) -> None:
    course = toy(tmp_path)
    (source,) = course.sources()
    course.write(source, "zh", notebook(source, "zh"))
    with pytest.raises(BookError, match="does not begin with a title"):
        build_book(course, tmp_path / "book")


def test_the_command_ends_with_1_and_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy(tmp_path)
    monkeypatch.setenv("PODLAB_COURSE", str(tmp_path))
    result = CliRunner().invoke(author, ["book"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "podlab author build 01-toy" in result.output
