"""The learner's query is taken in any form that kubectl's users write it in, and reads no file."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checker.catalogue import load_lab
from checker.observe import Refusal
from checker.observe.files import Files
from checker.observe.verdicts import refusal
from checker.texts import Text
from checker.trouble import Trouble

load_lab("08-termination-message")
query = sys.modules["checker_labs.08_termination_message.query"]
JSONPATH = '{.status.containerStatuses[?(@.name=="messager")].lastState.terminated.message}'
TEMPLATE = '{{range .status.containerStatuses}}{{if eq .name "messager"}}x{{end}}{{end}}'


def failed(message: str, *args: Any, **params: Any) -> None:
    raise refusal(message, *args, **params)


def bench(folder: Path) -> Any:
    own_text = partial(Files.own_text, SimpleNamespace(files=folder))
    return SimpleNamespace(files=folder, own_text=own_text, failed=failed)


def asking(folder: Path) -> Any:
    connection = SimpleNamespace(context="kind-podlab", kubeconfig=folder / "kubeconfig")
    return SimpleNamespace(connection=connection, namespace="lab", failed=failed)


def read(folder: Path, text: str) -> str:
    (folder / "query.txt").write_text(text, encoding="utf-8")
    return str(query.read_query(bench(folder)))


@pytest.mark.parametrize(
    "form",
    [
        "{0}\n",
        "jsonpath={0}",
        "jsonpath='{0}'\n",
        "-o jsonpath='{0}'",
        "-ojsonpath={0}",
        "-o 'jsonpath={0}'",
        "-o=jsonpath='{0}'",
        "--output=jsonpath='{0}'",
        "--output jsonpath={0}",
        "-o jsonpath --template='{0}'",
    ],
)
def test_jsonpath_is_known_in_every_form(tmp_path: Path, form: str) -> None:
    assert read(tmp_path, form.replace("{0}", JSONPATH)) == f"jsonpath={JSONPATH}"


@pytest.mark.parametrize(
    "form",
    [
        "{0}",
        "go-template={0}\n",
        "-o go-template='{0}'",
        "-o=go-template={0}",
        '--output=go-template="{0}"',
        "-o go-template --template='{0}'",
        "-o=go-template --template '{0}'",
        "--template='{0}'",
    ],
)
def test_go_template_is_known_in_every_form(tmp_path: Path, form: str) -> None:
    assert read(tmp_path, form.replace("{0}", TEMPLATE)) == f"go-template={TEMPLATE}"


def test_quotes_inside_double_quotes_are_read_as_a_shell_does(tmp_path: Path) -> None:
    escaped = JSONPATH.replace('"', r"\"")
    assert read(tmp_path, f'-o jsonpath="{escaped}"') == f"jsonpath={JSONPATH}"


@pytest.mark.parametrize(
    "text",
    [
        "jsonpath-file=/etc/hostname",
        "-o go-template-file=/etc/group",
        "--output=go-template-file --template=/etc/group",
    ],
)
def test_query_names_no_file_of_the_machine(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == f"jsonpath={text}"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_missing_or_empty_file_is_told(tmp_path: Path, text: str | None) -> None:
    with pytest.raises(Refusal, match="no-file"):
        read(tmp_path, text) if text is not None else query.read_query(bench(tmp_path))


class Kubectl:
    """Prints this for a Pod by its name, and that for a list; None stands for a refusal."""

    def __init__(self, one: str | None, many: str | None) -> None:
        self.one, self.many = one, many

    def __call__(self, argv: list[str], **_: object) -> str:
        said = self.one if "pair-1" in argv else self.many
        if said is None:
            raise Trouble(Text("坏", "bad"), Text("改", "mend"), "error: it is no query")
        return said


@pytest.mark.parametrize(
    ("one", "many", "printed"),
    [
        ("gone", "", "gone"),
        ("", "gone", "gone"),
        (None, "gone\n", "gone"),
        ("gone too", "gone", "gone"),
        ("gone", None, "gone"),
        ("other", "", "other"),
        ("", "other", "other"),
        (None, "other", "other"),
        ("one", "many", "one"),
        ("", "", ""),
        ("", None, ""),
    ],
)
def test_query_is_for_one_pod_or_for_a_list(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    one: str | None,
    many: str | None,
    printed: str,
) -> None:
    monkeypatch.setattr(query, "run", Kubectl(one, many))
    asked = query.ask(asking(tmp_path), "pair-1", "jsonpath={}", "gone")
    assert asked.printed.strip() == printed
    assert ("-l app=pair" in asked.command) == (printed not in ("", (one or "").strip()))


@pytest.mark.parametrize("many", [None, ""])
def test_query_that_kubectl_refuses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: str | None
) -> None:
    monkeypatch.setattr(query, "run", Kubectl(None, many))
    with pytest.raises(Refusal, match="query-fails") as refused:
        query.ask(asking(tmp_path), "pair-1", "jsonpath={}", "gone")
    assert refused.value.params["detail"] == "error: it is no query"
