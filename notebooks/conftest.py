"""Makes nbval fail closed. The one file of the course that touches nbval's insides.

nbval alone stays green when a cell outlives its time limit, runs on after a failure, waits half
an hour for a dead kernel, and compares nothing in a notebook stored without a run. Used by
`pytest --nbval notebooks/en`; the solved build takes a copy with it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from checker.authoring.outputs import sanitize_patterns
from checker.authoring.run import CELL_SECONDS, learner_of, tidy

KERNEL_SECONDS = 180  # for the kernel's start and stop, beside the cell's own time
LOOK_SECONDS = 1.0  # how often a waiting cell asks whether its kernel lives
NBVAL_CELL_SECONDS = 2000  # nbval's own default, which nobody asked for

failed_at = pytest.StashKey[str]()


class KernelDied(Exception):
    """The kernel's process ended while a cell waited for it."""


class Gate:
    """Counts what ran and what was compared, in the process that gives the verdict."""

    def __init__(self, config: pytest.Config) -> None:
        self.discovered = _discovered(config)
        self.executed = 0
        self.compared = dict.fromkeys(self.discovered, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a cell once it ran."""
        told = dict(report.user_properties)
        if report.when == "call" and "notebook" in told:
            self.executed += not report.skipped or bool(told["skips"])
            self.compared[str(told["notebook"])] += bool(told["compares"]) and report.passed

    def faults(self) -> Iterator[str]:
        """What makes the run red though no cell failed."""
        if missing := sum(self.discovered.values()) - self.executed:
            yield f"{missing} cells were not executed"
        for notebook, count in self.compared.items():
            if count == 0:
                yield f"{notebook}: no cell was compared"
        if not self.discovered:
            yield "there is no notebook"

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a run red in which too little happened."""
        if session.exitstatus == pytest.ExitCode.OK and any(self.faults()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the counts, and why they make the run red."""
        discovered, compared = sum(self.discovered.values()), sum(self.compared.values())
        terminalreporter.write_line(
            f"notebooks: {len(self.discovered)}, cells: {discovered} discovered, "
            f"{self.executed} executed, {compared} compared"
        )
        for fault in self.faults():
            terminalreporter.write_line(f"notebooks: RED, {fault}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Set what a plain `pytest --nbval notebooks/en` leaves open."""
    if not config.option.nbval:
        return
    if getattr(config.option, "dist", "no") not in ("no", "loadfile"):
        raise pytest.UsageError("Notebooks need --dist loadfile: a notebook is one kernel's story.")
    os.environ.setdefault("PODLAB_EXPECT", "unsolved")
    if config.option.nbval_cell_timeout == NBVAL_CELL_SECONDS:
        config.option.nbval_cell_timeout = float(CELL_SECONDS)
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(Path(__file__).with_name("sanitize.cfg"))
    sanitize_patterns(Path(config.option.nbval_sanitize_with))  # raises where nbval is silent
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.pluginmanager.register(Gate(config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each cell its time limit, and note what the gate will count."""
    for item in items:
        if isinstance(item, IPyNbCell):
            seconds = config.option.nbval_cell_timeout + KERNEL_SECONDS
            item.add_marker(pytest.mark.timeout(seconds))
            item.options["check_exception"] = False  # the tag says "may fail": no cell may
            item.user_properties += [
                ("notebook", _name(item.path)),
                ("skips", bool(item.options["skip"])),
                ("compares", _compares(item)),
            ]


def _compares(item: IPyNbCell) -> bool:
    # nbval compares a cell with an execution count only; nothing against nothing proves nothing.
    stored = item.cell.execution_count is not None and bool(item.cell.outputs)
    return bool(item.options["check"] and not item.options["skip"] and stored)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what follows a failure, and name the learner before the kernel starts."""
    if isinstance(item, IPyNbCell):
        if before := item.parent.stash.get(failed_at, None):
            pytest.skip(f"{before} failed, and a cell is worth nothing without those before it")
        os.environ["PODLAB_LEARNER"] = learner_of(item.path)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last cell of a notebook, take away what its lesson left on the cluster."""
    if isinstance(item, IPyNbCell) and (nextitem is None or nextitem.parent is not item.parent):
        tidy(learner_of(item.path))


def _watch(notebook: IPyNbFile) -> None:
    """Let a cell that waits for a message notice that its kernel is gone."""
    kernel = notebook.kernel
    wait = type(kernel).get_message

    def get_message(stream: str, timeout: float | None = None) -> Any:
        left = float("inf") if timeout is None else timeout
        while True:
            try:
                return wait(kernel, stream, timeout=min(left, LOOK_SECONDS))
            except Empty:
                left -= LOOK_SECONDS
                if not kernel.is_alive():
                    raise KernelDied("the kernel died in this cell") from None
                if left <= 0:
                    raise

    kernel.get_message = get_message


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a cell that nbval would pass: over its time, or stored without a run."""
    if isinstance(item, IPyNbCell):
        _watch(item.parent)
    result = yield
    if isinstance(item, IPyNbCell) and item.parent.timed_out:
        # `!command` swallows nbval's interrupt, and the cell would pass.
        pytest.fail(f"the cell took more than {item.config.option.nbval_cell_timeout:g} s")
    if isinstance(item, IPyNbCell) and item.options["check"] and item.cell.execution_count is None:
        pytest.fail("stored without a run, so nothing was compared: podlab author build --run")
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    """Remember the first cell of a notebook that failed."""
    report = yield
    if isinstance(item, IPyNbCell) and report.failed:
        item.parent.stash.setdefault(failed_at, item.name)
    return report


def _discovered(config: pytest.Config) -> dict[str, int]:
    """Code cells in the notebooks that were asked for, counted without pytest or nbval."""
    found: dict[str, int] = {}
    for argument in config.args:
        path = Path(config.invocation_params.dir, argument.partition("::")[0])
        for notebook in sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]:
            if ".ipynb_checkpoints" not in notebook.parts:
                cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
                found[_name(notebook)] = sum(cell["cell_type"] == "code" for cell in cells)
    return found


def _name(notebook: Path) -> str:
    return f"{notebook.parent.name}/{notebook.name}"
