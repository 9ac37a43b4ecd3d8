from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

RUN_SECONDS = 240


def open_notebook(page: Page, lab: str, path: str) -> None:
    page.goto(re.sub(r"/lab/tree/[^?]*", f"/lab/tree/{path}", lab) + "&reset")
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name=re.compile(r"\| Idle"))).to_be_visible(timeout=60_000)


def test_the_first_lesson_runs_to_its_end_without_an_error(
    page: Page, lab: str, copied: Callable[[str], str]
) -> None:
    open_notebook(page, lab, copied("zh/00-start"))
    expect(page.locator(".jp-Notebook h1")).to_be_visible()
    expect(page.get_by_text("official Jupyter news")).to_have_count(0)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    cells = page.locator(".jp-CodeCell")
    errors = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')
    numbered = cells.last.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]:"))
    expect(numbered.or_(errors).first).to_be_visible(timeout=RUN_SECONDS * 1000)
    assert errors.all_inner_texts() == []
    expect(page.locator(".podlab-card").first).to_be_visible()
    assert cells.count() > 0
