"""Runs a built notebook on the live cluster and keeps what it printed. Fails on any error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from checker.authoring.errors import AuthoringError
from checker.authoring.source import Source
from checker.cluster import connect, remove_learner
from checker.texts import Lang
from checker.trouble import Trouble

CELL_SECONDS = 900
"""The longest a cell may take: the slowest check waits 330 s, a lab has several."""


class RunError(AuthoringError):
    """A notebook that did not run to its end; carries what the cell said."""


def learner_of(notebook: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The learner's name under which a notebook runs in CI, such as `ci-en-01`.

    Each notebook has its own, so that notebooks run side by side on one cluster. It is the
    same for the stored outputs and for nbval; a solved notebook has another.
    """
    who = "solved" if environ.get("PODLAB_EXPECT") == "solved" else "ci"
    return f"{who}-{notebook.parent.name}-{notebook.stem.partition('-')[0]}"


def tidy(learner: str) -> None:
    """Take away what a notebook's run left on the cluster and in `work/`, if there is a cluster.

    Ten lessons' Pods would fill the node.
    """
    with suppress(Trouble):
        remove_learner(connect(), learner)


def run(
    notebook: NotebookNode, source: Source, lang: Lang, folder: Path, cell_seconds: int
) -> None:
    """Run `notebook` in `folder` and put the outputs into it. Raises RunError.

    `folder` is the kernel's working directory (`notebooks/zh`), which decides the language.
    """
    environ = {**os.environ, "PODLAB_EXPECT": "unsolved"}
    environ["PODLAB_LEARNER"] = learner_of(folder / f"{source.lesson}.ipynb", environ)
    client = NotebookClient(
        notebook,
        timeout=cell_seconds,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        force_raise_errors=True,  # a tag or setting that excuses errors excuses none here
        store_widget_state=False,
    )
    kept = dict(notebook.metadata)
    try:
        client.execute(env=environ)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise RunError(f"{source.lesson} ({lang}) did not run to its end.\n{error}") from error
    finally:
        tidy(environ["PODLAB_LEARNER"])
        notebook.metadata.clear()
        notebook.metadata.update(kept)  # nbclient notes the kernel's Python version
