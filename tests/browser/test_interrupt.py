"""The stop button ends a check that is under way; the cell says so, and the kernel is free."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from checker.catalogue import load_lab
from checker.notebook.checking import STOPPED
from tests.browser.notebook import Notebook, begin

LAB = load_lab("00-start")
PORTS = "      ports:\n        - name: http\n"
NEVER = "      readinessProbe: {exec: {command: ['false']}}\n"  # the check waits for it to be Ready


def test_a_check_that_is_interrupted_ends_and_says_so(
    page: Page, lab: str, written: Callable[..., str]
) -> None:
    file = (LAB.folder / "solution" / "welcome.yaml").read_text("utf-8")
    assert PORTS in file
    anew = "%shell --lab kubectl delete pod welcome --ignore-not-found"
    waits = f"%%manifest welcome.yaml\n{file.replace(PORTS, NEVER + PORTS)}"
    path = written(f"en/{LAB.name}", begin(LAB.name), anew, waits, "check(1)")
    notebook = Notebook(page, lab, path)
    for number in (1, 2, 3):
        notebook.run(number)
    notebook.start(4)
    running = notebook.cell(4).get_by_role("region", name=f"Checking {LAB.name}")
    expect(running.get_by_role("progressbar", name="Time used")).to_be_visible(timeout=30_000)

    page.get_by_role("button", name="Interrupt the kernel").click()
    expect(notebook.errors).to_contain_text(STOPPED.en, timeout=30_000)
    expect(notebook.errors).not_to_contain_text("Traceback")
    expect(running).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile(r"\| Idle"))).to_be_visible()
