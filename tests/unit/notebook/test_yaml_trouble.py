"""Broken YAML is shown with its place and its likely cause; sound YAML passes untouched."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.notebook.yamlcheck import Document, documents, find_trouble

HEAD = "apiVersion: v1\nkind: Pod\n"
NAMED = HEAD + "metadata:\n  name: a\n"
GOOD = NAMED + "spec:\n  containers:\n  - name: c\n    image: redis:8\n"


CONFIG = NAMED.replace("Pod", "ConfigMap")
LIST = "apiVersion: v1\nkind: List\nitems:\n"


def env(value: str) -> str:
    return f"    env:\n    - name: X\n      value: {value}\n"


@pytest.mark.parametrize(
    "manifest",
    [
        GOOD,
        GOOD + env(""),
        GOOD + env("1:30"),
        GOOD + env("2030-01-02"),
        GOOD + env('"“a”"'),
        GOOD + "    command: [sh, -c, 'a: b']\n    ports: [{name: web, containerPort: 80}]\n",
        CONFIG + "data:\n  env: 你好，世界\n  command: “a”\n  value: '1'\n",
        NAMED.replace("name", "generateName"),
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n",
        "apiVersion: example.com/v1\nkind: Pods\nmetadata: {name: a}\n",
        "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n",
        LIST + "- " + GOOD.replace("\n", "\n  ").rstrip() + "\n",
        GOOD + "---\n" + GOOD,
        "---\n" + GOOD + "---\n",
        "# words only\n---\n" + GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        NAMED + "spec:\n  args: ['-c', \"a: b\", http://x:80/y]\n",
        NAMED + "data:\n  script: |\n    if true; then\n    \techo a:b\n    fi\n",
        NAMED + "data:\n  a: one\n    two:three\n",
        NAMED + "x: &one {a: b}\ny: *one\nz: {<<: *one, <<: *one}\n",
        NAMED + 'data: {image: "redis:8"}\n',
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
        pytest.param(GOOD + "\t\n", 9, 1, "tab", id="tab on an empty line"),
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
        pytest.param(GOOD + "----\n" + GOOD, 9, 1, "three dashes", id="four dashes"),
        pytest.param(NAMED + "\u3000\u3000x: 1", 5, 1, "no ordinary space", id="full-width space"),
        pytest.param(HEAD + "metadata:\n\u00a0 name: a", 4, 1, "no ordinary", id="no-break space"),
        pytest.param(NAMED + "x:\u00a0y\nz: 1", 5, 3, "no ordinary", id="no-break space, value"),
        pytest.param(NAMED + "x: {{ .v }}", 5, 5, "template", id="template"),
        pytest.param(HEAD + "metadata:\n  labels: {}", 4, 3, "no name", id="no name"),
        pytest.param(HEAD + "spec: {}", 1, 1, "no name", id="no metadata"),
        pytest.param(GOOD.replace("Pod", "pod"), 2, 7, "`Pod`?", id="kind in small letters"),
        pytest.param(GOOD.replace("Pod", "Podd"), 2, 7, "`Pod`?", id="kind misspelt"),
        pytest.param(GOOD.replace("Pod", "Deployment"), 1, 13, "`apps/v1`", id="version"),
        pytest.param(GOOD.replace("v1", "apps/v1beta2"), 1, 13, "`v1`", id="old version"),
        pytest.param(GOOD + env("yes"), 11, 14, 'Write `value: "yes"`.', id="env yes"),
        pytest.param(GOOD + env("8080"), 11, 14, 'Write `value: "8080"`.', id="env number"),
        pytest.param(GOOD + env("1.5"), 11, 14, "a number to YAML", id="env fraction"),
        pytest.param(GOOD + env("{a: b}"), 11, 14, "all of it", id="env mapping"),
        pytest.param(GOOD + env("“a”"), 11, 14, "curly", id="curly quotes"),
        pytest.param(GOOD + "    args: [a, 1]\n", 9, 15, 'Write `"1"`.', id="argument"),
        pytest.param(GOOD + "    args:\n    - echo a: b\n", 10, 7, "colon and a", id="colon"),
        pytest.param(GOOD + "    args: [a，b]\n", 9, 12, "full-width comma", id="comma"),
        pytest.param(NAMED + "  labels: {a: 1}\n", 5, 15, 'Write `a: "1"`.', id="label"),
        pytest.param(NAMED.replace("name: a", "name: 1"), 4, 9, 'Write `name: "1"`.', id="name"),
        pytest.param(CONFIG + "data: {a: true}\n", 5, 11, "true or false to", id="ConfigMap"),
        pytest.param(NAMED + "spec:\n  containers:\n    name: c\n", 7, 5, "a list", id="no dash"),
        pytest.param(GOOD + "    resources: {limits: {memory: 64mb}}", 9, 34, "64Mi", id="unit"),
        pytest.param(LIST + "- {kind: Pod, apiVersion: v2}", 4, 27, "no Pod", id="in a List"),
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


def test_a_text_of_many_tabs_is_read_in_one_go() -> None:
    script = "".join(f"    \techo {number}\n" for number in range(3000))
    assert find_trouble(CONFIG + "data:\n  run: |\n    set -e\n" + script) is None


def test_brackets_that_go_too_deep_are_refused_in_words() -> None:
    for brackets in ("[" * 5000 + "]" * 5000, "[" * 5000):
        trouble = find_trouble(NAMED + "x: " + brackets)
        assert trouble is not None
        assert "too deep" in trouble.render("en")


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


def test_every_manifest_of_the_course_and_of_every_case_is_free_of_trouble() -> None:
    root = Path(__file__).resolve().parents[3]
    files = [f for f in (root / "manifests").rglob("*.yaml") if "cluster" not in f.parts]
    files += [f for f in (root / "labs").rglob("*.yaml") if f.name not in ("lab.yaml", "case.yaml")]
    assert len(files) > 100
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
