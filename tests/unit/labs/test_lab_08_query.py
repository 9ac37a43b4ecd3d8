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

load_lab("08-termination-message")
query = sys.modules["checker_labs.08_termination_message.query"]
JSONPATH = '{.status.containerStatuses[?(@.name=="messager")].lastState.terminated.message}'
TEMPLATE = '{{range .status.containerStatuses}}{{if eq .name "messager"}}x{{end}}{{end}}'


def failed(message: str, *args: Any, **params: Any) -> None:
    raise refusal(message, *args, **params)


def bench(folder: Path) -> Any:
    own_text = partial(Files.own_text, SimpleNamespace(files=folder))
    return SimpleNamespace(files=folder, own_text=own_text, failed=failed)


def read(folder: Path, text: str) -> str:
    (folder / "query.txt").write_text(text, encoding="utf-8")
    return str(query.read_query(bench(folder)))


@pytest.mark.parametrize(
    "form", ["{0}\n", "jsonpath={0}", "jsonpath='{0}'\n", "-o jsonpath='{0}'", "-ojsonpath={0}"]
)
def test_jsonpath_is_known_in_every_form(tmp_path: Path, form: str) -> None:
    assert read(tmp_path, form.replace("{0}", JSONPATH)) == f"jsonpath={JSONPATH}"


@pytest.mark.parametrize("form", ["{0}", "go-template={0}\n", "-o go-template='{0}'"])
def test_go_template_is_known_in_every_form(tmp_path: Path, form: str) -> None:
    assert read(tmp_path, form.replace("{0}", TEMPLATE)) == f"go-template={TEMPLATE}"


@pytest.mark.parametrize("text", ["jsonpath-file=/etc/hostname", "-o go-template-file=/etc/group"])
def test_query_names_no_file_of_the_machine(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == f"jsonpath={text}"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_missing_or_empty_file_is_told(tmp_path: Path, text: str | None) -> None:
    with pytest.raises(Refusal, match="no-file"):
        read(tmp_path, text) if text is not None else query.read_query(bench(tmp_path))
