"""Options that more than one command takes, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from checker.catalogue import find_lab, lab_names

ROSTER = typer.Option("--roster", metavar="FILE", help="CSV: id,name,language. 名单。")
Kubeconfig = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Of a cluster of yours. 你的集群。")
]
Context = Annotated[
    str | None, typer.Option(metavar="NAME", help="In that kubeconfig. 其中的 context。")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask. 不再询问。")]


def chosen_lessons(words: Sequence[str] | None) -> list[str]:
    """The lessons meant by `01,02` or by the option given twice; all of them for nothing."""
    names = [name.strip() for word in words or () for name in word.split(",") if name.strip()]
    return sorted({find_lab(name) for name in names}) if names else list(lab_names())
