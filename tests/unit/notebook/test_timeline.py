"""The picture shows what happened, needs no network, and its table says the same."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
import vl_convert
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image, ImageChops

from checker.notebook.plain import UsageError
from checker.notebook.timeline import (
    Deed,
    Dot,
    DotKind,
    Lane,
    Life,
    LifeKind,
    Timeline,
    TimelinePicture,
    pixels,
)
from checker.notebook.timeline.drawing.labels import Label, arrange, shorten, width
from checker.notebook.timeline.drawing.layout import lay_out
from checker.notebook.timeline.drawing.style import GREY, INK, PAPER
from checker.notebook.timeline.redraw import redraw
from checker.notebook.timeline.stored import dump, load
from checker.notebook.timeline.table import html_table, text_table
from checker.texts import Text

same = Text.same
POD = Lane("pod", same("Pod redis"))
ONE = Lane("one", Text("容器 redis", "container redis"))
TWO = Lane("two", Text("容器 redis", "container redis"))
READ = Lane("read", Text("读取 city", "read city"))
STORY = Timeline(
    began=datetime(2026, 1, 1, 12, 0, tzinfo=UTC),
    seconds=40.0,
    lives=(
        Life(POD, LifeKind.pod, 0.0, None, same("redis-1"), detail="UID 6f1c2a77"),
        Life(ONE, LifeKind.container, 0.0, 12.0, same("first"), same("Error (137)")),
        Life(ONE, LifeKind.container, 13.5, None, same("again")),
        Life(TWO, LifeKind.container, 2.0, None, same("<b>other</b>")),
    ),
    dots=(
        Dot(READ, 5.0, DotKind.good, Text("读到了", "found"), "Hangzhou"),
        Dot(READ, 20.0, DotKind.bad, Text("没有了", "gone")),
    ),
    deeds=(Deed(11.5, "SHUTDOWN NOSAVE"),),
    title=Text("键在哪里", "Where the key is"),
)


def words(svg: str) -> list[str]:
    """Every text of a picture."""
    root = ElementTree.fromstring(svg)
    return ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("text")]


@pytest.fixture(scope="module")
def svg() -> str:
    return TimelinePicture(STORY, "en").svg()


def test_the_table_holds_every_fact_in_order_of_time() -> None:
    assert text_table(STORY, "en").splitlines() == [
        "   s  what             what happened",
        " 0.0  Pod redis        redis-1 is there: UID 6f1c2a77",
        " 0.0  container redis  first is there",
        " 2.0  container redis  <b>other</b> begins",
        " 5.0  read city        found: Hangzhou",
        "11.5  done             SHUTDOWN NOSAVE",
        "12.0  container redis  first ends: Error (137)",
        "13.5  container redis  again begins",
        "20.0  read city        gone",
    ]


def test_columns_of_the_chinese_table_stand_under_each_other() -> None:
    lines = text_table(STORY, "zh").splitlines()
    marks = {1: "redis-1", 2: "first", 4: "读到了", 5: "SHUTDOWN"}
    assert len({width_before(lines[number], mark) for number, mark in marks.items()}) == 1


def width_before(line: str, mark: str) -> int:
    return sum(2 if ord(c) >= 0x2E80 else 1 for c in line[: line.index(mark)])


def test_words_from_the_cluster_are_escaped_in_the_html_table() -> None:
    table = html_table(replace(STORY, title=same("<i>where</i>")), "en")
    assert "<caption>&lt;i&gt;where&lt;/i&gt;</caption>" in table
    assert "<b>" not in table
    assert "&lt;b&gt;other&lt;/b&gt;" in table


def test_an_empty_recording_says_so_and_draws_nothing(capsys) -> None:
    empty = Timeline(STORY.began, 3.0)
    TimelinePicture(empty, "en")._ipython_display_()
    assert capsys.readouterr().out == "(nothing was recorded)\n"


def test_the_picture_holds_lanes_names_reasons_and_deeds(svg) -> None:
    seen = words(svg)
    for expected in (
        "Where the key is",
        "Pod redis",
        "redis-1",
        "Error (137)",
        "SHUTDOWN NOSAVE",
        "found",
        "gone",
        "seconds",
    ):
        assert expected in seen


def test_two_lanes_with_one_label_are_both_drawn(svg) -> None:
    assert words(svg).count("container redis") == 2


def test_the_chinese_picture_is_chinese() -> None:
    seen = words(TimelinePicture(STORY, "zh").svg())
    assert {"键在哪里", "读取 city", "容器 redis", "读到了", "没有了", "秒"} <= set(seen)


def test_words_from_the_cluster_are_escaped_in_the_picture(svg) -> None:
    ElementTree.fromstring(svg)
    assert "<b>" not in svg


def test_the_picture_loads_nothing_from_a_network(svg) -> None:
    assert not re.search(r"(href|src)\s*=|url\((?!#)|@import|<script", svg)


def test_the_picture_has_words_for_who_cannot_see_it(svg) -> None:
    assert 'aria-label="Timeline of 40 seconds.' in svg


def layer(mark: str) -> dict:
    """The first layer of the picture that draws with this mark."""
    layers = TimelinePicture(STORY, "en").spec()["layer"]
    return next(one for one in layers if one["mark"]["type"] == mark)


@pytest.mark.parametrize("mark", ["bar", "point", "rule"])
def test_tooltips_tell_what_and_when(mark: str) -> None:
    drawn = layer(mark)
    titles = [tip["title"] for tip in drawn["encoding"]["tooltip"]]
    assert titles[:2] == ["what", "from"]
    assert all(value["begin"].endswith(" s)") for value in drawn["data"]["values"])


def test_a_bars_tooltip_tells_its_end_and_details() -> None:
    values = layer("bar")["data"]["values"]
    assert "12.0 s)" in values[1]["until"]
    assert (values[0]["until"], values[0]["more"]) == ("still there at the end", "UID 6f1c2a77")


def test_every_bar_and_dot_stands_in_its_own_lane() -> None:
    places = [place.middle for place in lay_out(STORY, "en").places.values()]
    assert len(set(places)) == 4
    bars = [value["y"] for value in layer("bar")["data"]["values"]]
    assert bars == [places[0], places[1], places[1], places[2]]
    assert {value["y"] for value in layer("point")["data"]["values"]} == {places[3]}


def test_the_interactive_form_is_of_the_version_jupyterlab_brings_along() -> None:
    assert TimelinePicture(STORY, "en").spec()["$schema"].endswith("/vega-lite/v5.json")


def test_found_and_gone_differ_in_shape_and_in_colour() -> None:
    layer = TimelinePicture(STORY, "en").spec()["layer"][-1]["encoding"]
    for channel in ("shape", "color"):
        scale = layer[channel]["scale"]
        assert scale["domain"] == ["found", "gone"]
        assert len(set(scale["range"])) == 2


@pytest.mark.parametrize(
    "timeline",
    [
        replace(STORY, seconds=0.0),
        replace(STORY, lives=()),
        replace(STORY, dots=(), deeds=()),
        replace(STORY, lives=(), dots=(), deeds=()),
        replace(STORY, deeds=tuple(Deed(11.5, "x" * 200) for _ in range(20))),
        replace(
            STORY,
            lives=tuple(
                Life(ONE, LifeKind.container, i, i + 0.1, same(f"{i}"), same("CrashLoopBackOff"))
                for i in range(40)
            ),
        ),
    ],
)
def test_odd_recordings_are_drawn_too(timeline: Timeline) -> None:
    assert TimelinePicture(timeline, "en").png().startswith(b"\x89PNG")


def test_a_picture_is_saved_in_the_kind_its_name_says(tmp_path) -> None:
    picture = TimelinePicture(STORY, "en")
    assert picture.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert picture.save(tmp_path / "a.svg").read_text().startswith("<svg")
    with pytest.raises(UsageError, match=r"\.svg or \.png"):
        picture.save(tmp_path / "a.pdf")


def test_a_dark_theme_finds_no_colour_left_open() -> None:
    spec = TimelinePicture(STORY, "en").spec()
    assert spec["background"] == PAPER
    for part, names in {
        "title": ("color", "subtitleColor"),
        "axis": ("labelColor", "titleColor", "domainColor", "tickColor"),
        "legend": ("labelColor",),
    }.items():
        assert {spec["config"][part].get(name) for name in names} <= {INK, GREY}, part


def test_a_png_is_sharp_and_has_few_colours() -> None:
    picture = TimelinePicture(STORY, "en")
    forms, said = picture.picture()
    data = base64.b64decode(forms["image/png"])
    image = Image.open(BytesIO(data))
    told = said["image/png"]
    assert image.mode == "P"
    assert image.width == pytest.approx(2 * told["width"], abs=2)
    assert image.height == pytest.approx(2 * told["height"], abs=2)
    drawn = vl_convert.vegalite_to_png(picture.spec(), vl_version=pixels.VEGALITE, scale=2)
    true = Image.open(BytesIO(drawn)).convert("RGB")
    worst = ImageChops.difference(true, image.convert("RGB")).getextrema()
    assert max(high for _, high in worst) <= 8
    assert len(data) < len(drawn) / 3


def test_a_code_host_finds_a_png_and_no_svg_that_it_would_throw_away() -> None:
    forms, said = TimelinePicture(STORY, "en").picture()
    assert "image/png" in forms
    assert not {"image/svg+xml", "text/html"} & set(forms)
    assert said["image/png"]["alt"].startswith("Timeline of 40 seconds.")


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which all Chinese letters are the same box."""
    pixels._has_chinese.cache_clear()
    monkeypatch.setattr(pixels, "_letter", lambda letter: b"box")
    yield
    pixels._has_chinese.cache_clear()


@pytest.mark.usefixtures("no_font")
def test_without_a_font_no_png_is_made_of_boxes(tmp_path) -> None:
    picture = TimelinePicture(STORY, "zh")
    forms, said = picture.picture()
    assert "image/png" not in {*forms, *said}
    with pytest.raises(UsageError, match="fonts-noto-cjk"):
        picture.save(tmp_path / "a.png")
    assert picture.save(tmp_path / "a.svg").exists()
    assert TimelinePicture(STORY, "en").save(tmp_path / "b.png").exists()


@pytest.mark.usefixtures("no_font")
def test_a_chinese_mark_in_an_english_picture_needs_the_font_as_well(tmp_path) -> None:
    marked = replace(STORY, deeds=(Deed(1.0, "删除"),))
    with pytest.raises(UsageError, match="fonts-noto-cjk"):
        TimelinePicture(marked, "en").save(tmp_path / "a.png")


def test_a_stored_timeline_is_the_one_that_was_drawn() -> None:
    assert load(dump(STORY)) == STORY
    third = replace(STORY, seconds=1 / 3, deeds=(Deed(2 / 3, "now"),))
    assert load(dump(third)) == replace(third, seconds=0.333333, deeds=(Deed(0.666667, "now"),))


def test_a_stored_picture_is_drawn_anew_and_everything_else_is_kept() -> None:
    fresh = TimelinePicture(STORY, "en")
    (forms, said), (table, of_table) = fresh.picture(), fresh.table()
    outputs = [
        new_output("display_data", {**forms, "image/png": "old"}, metadata=said),
        new_output("display_data", {"text/html": "old"}, metadata=of_table),
        new_output("display_data", {"text/html": "<p>a card</p>"}),
        new_output("stream", text="words"),
    ]
    notebook = new_notebook(cells=[new_code_cell("timeline()", outputs=list(outputs))])
    redraw(notebook, "zh")
    picture, below, *rest = notebook.cells[0].outputs
    assert picture.data["text/plain"] == text_table(STORY, "zh")
    assert picture.data.get("image/png") != "old"
    assert below.data["text/html"] == html_table(STORY, "zh")
    assert rest == outputs[2:]
    redraw(notebook, "en")
    assert notebook.cells[0].outputs[1].data["text/html"] == table["text/html"]
    assert len(notebook.cells[0].outputs) == 4


def test_a_picture_of_which_nothing_was_stored_keeps_its_table() -> None:
    outputs = [
        new_output("display_data", {"image/png": "old"}),
        new_output("display_data", {"text/html": "<details></details>"}),
    ]
    notebook = new_notebook(cells=[new_code_cell("timeline()", outputs=list(outputs))])
    redraw(notebook, "en")
    assert notebook.cells[0].outputs == outputs


def test_labels_that_would_touch_get_rows_of_their_own() -> None:
    labels = arrange([(100.0, "kubectl delete pod"), (110.0, "kubectl delete pvc")], 600, 3)
    assert [(a.words, a.align, a.row) for a in labels] == [
        ("kubectl delete pod", "left", 0),
        ("kubectl delete pvc", "left", 1),
    ]


def test_a_label_at_the_edge_turns_inwards() -> None:
    (label,) = arrange([(590.0, "kubectl delete pod")], 600, 1)
    assert label.align == "right"
    assert label.ends <= 600


def test_a_label_without_a_place_is_left_out() -> None:
    assert len(arrange([(300.0, "a" * 60)] * 5, 600, 2)) == 2


def test_no_two_labels_touch_and_none_leaves_the_picture() -> None:
    labels = arrange([(float(x), "Completed (0)") for x in range(0, 600, 7)], 600, 2, "right")
    assert labels
    for one in labels:
        assert one.begins >= 0
        assert one.ends <= 600
        for other in labels:
            apart = one.ends < other.begins or other.ends < one.begins
            assert one is other or one.row != other.row or apart


def test_words_are_cut_to_their_room_and_marked_as_cut() -> None:
    cut = shorten("redis-57d58f79dc-rfprg", 90)
    assert cut.startswith("redis-57d5")
    assert cut.endswith("…")
    assert width(cut) <= 90


def test_words_cut_to_almost_nothing_are_left_out() -> None:
    assert shorten("redis-57d58f79dc-rfprg", 20) == ""


def test_a_label_knows_both_its_edges() -> None:
    assert Label(100, "abc", "right").ends == 100
    assert Label(100, "abc", "left").begins == 100
