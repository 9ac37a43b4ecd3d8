"""Broken YAML is shown with its place and its likely cause; sound YAML passes untouched."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.notebook.yaml_trouble import Document, documents, find_trouble

HEAD = "apiVersion: v1\nkind: Pod\n"
GOOD = HEAD + "metadata:\n  name: a\nspec:\n  containers:\n  - name: c\n    image: redis:8\n"


@pytest.mark.parametrize(
    "manifest",
    [
        GOOD,
        GOOD + "---\n" + GOOD,
        "---\n" + GOOD + "---\n",
        "# words only\n---\n" + GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        HEAD + "spec:\n  args: ['-c', \"a: b\", http://x:80/y]\n",
        HEAD + "data:\n  script: |\n    if true; then\n    \techo a:b\n    fi\n",
        HEAD + "data:\n  a: one\n    two:three\n",
        HEAD + "x: &one {a: b}\ny: *one\nz: {<<: *one, <<: *one}\n",
        HEAD + 'data: {image: "redis:8"}\n',
        HEAD + "metadata:\n  name:\n    redis\n",
    ],
)
def test_sound_yaml_has_no_trouble(manifest: str) -> None:
    assert find_trouble(manifest) is None


@pytest.mark.parametrize(
    ("manifest", "line", "column", "says"),
    [
        pytest.param(HEAD + "spec:\n\tcontainers: []", 4, 1, "tab", id="tab"),
        pytest.param(HEAD + "spec:\n  \tx: 1", 4, 3, "tab", id="tab after spaces"),
        pytest.param(HEAD + "metadata:\n  name: x\n labels: y", 5, 2, "same", id="indentation"),
        pytest.param(HEAD + "a: b\n  c: d", 4, 4, "too deep", id="too deep"),
        pytest.param(HEAD + "s:\n   - a: 1\n  - b: 2", 5, 3, "indentation", id="list indentation"),
        pytest.param(HEAD + "metadata:\n  name: a\n  name: b", 5, 3, "line 4", id="twice"),
        pytest.param(HEAD + "s:\n- a: {b: 1, b: 2}", 4, 13, "second time", id="twice, deep"),
        pytest.param(HEAD + "metadata\n  name: x", 3, 9, "no colon after `metadata`", id="colon"),
        pytest.param(HEAD + "s:\n  c\n  - name: x", 4, 4, "no colon after `c`", id="colon, list"),
        pytest.param("kind Pod\nmetadata: x", 1, 5, "no colon after `kind`", id="colon, value"),
        pytest.param("kind: Pod\nmetadata: {}\nspec", 3, 5, "no colon after `spec`", id="last"),
        pytest.param("kind:Pod\nmetadata: {}", 1, 6, "no space after `kind:`", id="space"),
        pytest.param(HEAD + "metadata:\n  name:x", 4, 8, "no space after `name:`", id="space, end"),
        pytest.param(
            HEAD + "m:\n  name:x\n  l:\n    a: b",
            4,
            8,
            "no space after `name:`",
            id="space, middle",
        ),
        pytest.param(HEAD + "s:\n  -name: x", 4, 4, "after the `-`", id="dash"),
        pytest.param(HEAD + "s:\n  - b: 1\n  -name: x", 5, 4, "after the `-`", id="dash, second"),
        pytest.param(HEAD + "a: - b", 3, 4, "list item", id="list on the key's line"),
        pytest.param(HEAD + 'a: "b\nc: d', 3, 4, "never closed", id="quote"),
        pytest.param(HEAD + "a: [1, 2\nb: c", 3, 4, "not complete", id="bracket"),
        pytest.param(HEAD + "a: {b: c", 3, 4, "not complete", id="brace"),
        pytest.param(HEAD + "a: @b", 3, 4, "quotation marks", id="at sign"),
        pytest.param(HEAD + "a: *b", 3, 4, "star", id="star"),
        pytest.param("kind： Pod\nmetadata: {}", 1, 5, "full-width", id="full-width colon"),
        pytest.param(HEAD + "a: \x1b[0m", 3, 4, "U+001B", id="control character"),
        pytest.param("kind: Pod\n", 1, 1, "no apiVersion", id="no apiVersion"),
        pytest.param("apiVersion: v1\n", 1, 1, "no kind", id="no kind"),
        pytest.param("# only\nname: x\n", 2, 1, "no apiVersion and kind", id="neither"),
        pytest.param(GOOD + "---\nkind: Pod\n", 10, 1, "no apiVersion", id="second document"),
        pytest.param("- kind: Pod\n  apiVersion: v1", 1, 1, "---", id="list of objects"),
        pytest.param("Pod", 1, 1, "plain text", id="plain text"),
        pytest.param("kind:Pod", 1, 1, "plain text", id="plain text with a colon"),
    ],
)
def test_trouble_is_found_at_its_place_and_named(
    manifest: str, line: int, column: int, says: str
) -> None:
    trouble = find_trouble(manifest)
    assert trouble is not None
    assert (trouble.line, trouble.column) == (line, column)
    assert says in trouble.render("en")


@pytest.mark.parametrize("manifest", ["", "\n \n", "# nothing yet\n", "---\n---\n", "null"])
def test_a_manifest_without_an_object_is_called_empty(manifest: str) -> None:
    trouble = find_trouble(manifest)
    assert trouble is not None
    assert "empty" in trouble.render("en")


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    trouble = find_trouble(GOOD + "# " + "x" * 1024 * 1024)
    assert trouble is not None
    assert "1 MiB" in trouble.render("en")


def test_bytes_that_are_no_text_are_named() -> None:
    trouble = find_trouble(GOOD.encode() + b"\xff")
    assert trouble is not None
    assert "UTF-8" in trouble.render("en")


def test_the_line_is_shown_with_a_mark_under_the_column() -> None:
    trouble = find_trouble(HEAD + "metadata:\n  name:x\n")
    assert trouble is not None
    shown = trouble.render("en").splitlines()
    assert shown[1] == "   4 |   name:x"
    assert shown[2].index("^") == shown[1].index("x")


def test_the_mark_stands_right_under_chinese_text() -> None:
    trouble = find_trouble('kind: Pod\na: 你好"，b: c: d')
    assert trouble is not None
    shown = trouble.render("zh").splitlines()
    before = shown[1][: len("   2 | ") + trouble.column - 1]
    wide = sum(ord(c) > 0x2E80 for c in before)
    assert shown[2].index("^") == len(before) + wide


def test_every_trouble_speaks_chinese_in_the_chinese_notebook() -> None:
    trouble = find_trouble("kind:Pod\nmetadata: {}")
    assert trouble is not None
    assert "少了一个空格" in trouble.render("zh")


def test_every_manifest_of_the_course_is_free_of_trouble() -> None:
    root = Path(__file__).resolve().parents[3]
    files = [f for f in (root / "manifests").rglob("*.yaml") if "cluster" not in f.parts]
    assert files
    assert [str(f) for f in files if find_trouble(f.read_bytes())] == []


def test_objects_are_listed_with_the_place_of_their_namespace() -> None:
    manifest = GOOD + "---\n" + HEAD + "metadata:\n  name: b\n  namespace: other\n"
    assert documents(manifest) == (
        Document("Pod", "a", "", 0),
        Document("Pod", "b", "other", 14),
    )


def test_objects_inside_a_list_are_listed_too() -> None:
    manifest = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n"
        "  metadata: {name: a, namespace: other}\n"
    )
    assert Document("Pod", "a", "other", 6) in documents(manifest)
