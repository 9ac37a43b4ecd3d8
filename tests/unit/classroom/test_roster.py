from __future__ import annotations

from pathlib import Path

import pytest

from checker.catalogue import lab_names
from checker.classroom import Pupil, read_roster
from checker.cluster import Workspace
from checker.trouble import USAGE, Trouble


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


def refused(file: Path) -> Trouble:
    with pytest.raises(Trouble) as raised:
        read_roster(file)
    assert raised.value.code == USAGE
    assert str(file) in raised.value.render("zh")
    assert str(file) in raised.value.render("en")
    return raised.value


def test_a_roster_gives_its_learners_in_order(roster: Path) -> None:
    roster.write_text("id,name,language\nbo,Bo,en\nann,Ann Lee,zh\n", encoding="utf-8")
    assert read_roster(roster) == (Pupil("bo", "Bo", "en"), Pupil("ann", "Ann Lee", "zh"))


def test_spaces_empty_lines_a_byte_order_mark_and_windows_line_ends_do_no_harm(
    roster: Path,
) -> None:
    text = "ID , name, language\r\n\r\n  ann ,  Ann Lee , en \r\n , ,\r\n"
    roster.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_roster(roster) == (Pupil("ann", "Ann Lee", "en"),)


@pytest.mark.parametrize("name", ["王小明", "Ольга", "علی‌رضا", "ʻOkina", "Zoë, the 2nd", "=1+1"])
def test_a_name_may_be_of_any_script(roster: Path, name: str) -> None:
    roster.write_text(f'id,name,language\nann,"{name}",zh\n', encoding="utf-8")
    assert [pupil.name for pupil in read_roster(roster)] == [name]


def test_columns_in_another_order_and_columns_of_the_schools_own_are_taken(roster: Path) -> None:
    roster.write_text("mail,language,name,id\na@b,en,Ann,ann\n", encoding="utf-8")
    assert read_roster(roster) == (Pupil("ann", "Ann", "en"),)


def test_three_hundred_names_are_read(roster: Path) -> None:
    rows = "".join(f"s{n},学员 {n},zh\n" for n in range(300))
    roster.write_text("id,name,language\n" + rows, encoding="utf-8")
    assert len(read_roster(roster)) == 300


def test_every_bad_line_is_told_at_once_with_its_number_and_the_reason(roster: Path) -> None:
    roster.write_text(
        "id,name,language\n"
        "ann,Ann,en\n"
        "Bo,Bo,en\n"
        "\n"
        "ann,Another,en\n"
        "cy,,en\n"
        "di,Di,fr\n"
        "ed,Ed\n"
        "fay,Fay,en,more\n"
        f"{'g' * 60},Gil,en\n"
        "-hal,Hal,en\n"
        "ivy,Ivy\x07,en\n",
        encoding="utf-8",
    )
    said = refused(roster).render("en")
    for line, word in {
        3: "'Bo'",
        5: "stands in line 2",
        6: "a name has",
        7: "'fr'",
        8: "language is missing",
        9: "too many",
        10: "60 characters",
        11: "'-hal'",
        12: "control character",
    }.items():
        assert any(f"line {line}: " in each and word in each for each in said.splitlines()), line
    assert "9 places" in said
    assert "line 2: " not in said
    assert "第 3 行" in refused(roster).render("zh")


def test_a_file_with_hundreds_of_bad_lines_shows_the_first_and_counts_the_others(
    roster: Path,
) -> None:
    roster.write_text("id,name,language\n" + "?,x,en\n" * 300, encoding="utf-8")
    said = refused(roster).render("en")
    assert "300 places" in said
    assert "and 280 more" in said
    assert len(said.splitlines()) < 30


def test_the_longest_id_that_is_taken_fits_the_namespace_of_every_lesson(roster: Path) -> None:
    names = [n for n in range(1, 63) if _taken(roster, f"id,name,language\n{'a' * n},Ann,en\n")]
    for lesson in lab_names():
        Workspace(lesson, "team", "a" * max(names))
    assert max(names) >= 30


def _taken(roster: Path, text: str) -> bool:
    roster.write_text(text, encoding="utf-8")
    try:
        return bool(read_roster(roster))
    except Trouble:
        return False


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "lacks the column id, name, language"),
        (b"id,name\nann,Ann\n", "lacks the column language"),
        (b"id;name;language\nann;Ann;en\n", "lacks the column"),
        (b"id,name,language\n", "has no learners"),
        (b"id,name,language\n\n , ,\n", "has no learners"),
        ("id,name,language\nann,王,zh\n".encode("gb18030"), "not UTF-8 in line 2"),
        ("id,name,language\nann,Ann,en\n".encode("utf-16"), "not UTF-8"),
        (b'id,name,language\nann,"Ann,en\n', "no CSV"),
        (b"PK\x03\x04" + b"\x00" * 100, "lacks the column"),
        (b"x" * 1_000_001, "has more than 1000000 bytes"),
    ],
)
def test_what_is_no_roster_is_said_in_words(roster: Path, raw: bytes, word: str) -> None:
    roster.write_bytes(raw)
    said = refused(roster).render("en")
    assert word in said
    assert "id,name,language" in said


def test_a_file_that_is_not_there_or_is_a_folder_is_said_in_words(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "none.csv").render("en")
    assert "cannot be read" in refused(tmp_path).render("en")
