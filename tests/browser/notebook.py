"""A notebook open in JupyterLab, and what a learner does with it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

OPEN_MS = 60_000
RUN_MS = 240_000
RAN = re.compile(r"\[\d+\]:")
# JupyterLab shows an error now as the one and now as the other; either is red.
ERROR = ":is([data-mime-type='application/vnd.jupyter.error'], [data-mime-type$='.stderr'])"
MOST_TABS = 40


def begin(lesson: str) -> str:
    """The first cell of a lesson's notebook."""
    return f'%load_ext checker.notebook\nlesson("{lesson}")'


class Notebook:
    """The notebook in front."""

    def __init__(self, page: Page, lab: str, path: str) -> None:
        """Open the notebook at `path` and wait until its kernel answers."""
        self.page = page
        self.errors = page.locator(ERROR)
        page.goto(re.sub(r"/lab/tree/[^?]*", f"/lab/tree/{path}", lab) + "&reset")
        expect(page.locator(".jp-Notebook")).to_be_visible(timeout=OPEN_MS)
        idle = page.get_by_role("button", name=re.compile(r"\| Idle"))
        expect(idle).to_be_visible(timeout=OPEN_MS)

    def cell(self, number: int) -> Locator:
        """A code cell with its outputs; the first is 1, the last -1."""
        return self.page.locator(".jp-CodeCell").nth(number - 1 if number > 0 else number)

    def menu(self, bar: str, *entries: str) -> None:
        """Choose an entry, by the names on the way to it from the menu bar."""
        self.page.get_by_role("menuitem", name=bar, exact=True).click()
        for entry in entries:  # one that leads to others has no role
            self.page.locator(".lm-Menu").get_by_text(entry, exact=True).click()

    def run_all(self) -> None:
        """Run every cell to the end. Fails with the words of the first that ends in an error."""
        self.menu("Run", "Run All Cells")
        self.await_end(-1)

    def start(self, number: int) -> None:
        """Begin to run a cell; it stays the one that is selected."""
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def run(self, number: int) -> Locator:
        """Run a cell to its end, which must be no error."""
        self.start(number)
        self.await_end(number)
        return self.cell(number)

    def await_end(self, number: int) -> None:
        """Wait until a cell has its number, or any has an error, which fails."""
        ran = self.cell(number).locator(".jp-InputPrompt", has_text=RAN)
        expect(ran.or_(self.errors).first).to_be_visible(timeout=RUN_MS)
        assert self.errors.all_inner_texts() == []


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"{MOST_TABS} times Tab do not lead to {wanted}")
