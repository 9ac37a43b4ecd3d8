from __future__ import annotations

import re

from playwright.sync_api import Page, expect

RUN_SECONDS = 240


def open_notebook(page: Page, lab: str, path: str) -> None:
    page.goto(re.sub(r"/lab/tree/[^?]*", f"/lab/tree/{path}", lab) + "&reset")
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
    expect(page.get_by_title(re.compile("Idle"))).to_be_visible(timeout=60_000)


def test_the_first_lesson_runs_to_its_end_without_an_error(page: Page, lab: str) -> None:
    open_notebook(page, lab, "notebooks/zh/00-start.ipynb")
    expect(page.locator(".jp-Notebook h1")).to_be_visible()
    expect(page.get_by_text("official Jupyter news")).to_have_count(0)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    numbered = page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(r"\[\d+\]:"))
    cells = page.locator(".jp-CodeCell")
    expect(page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")).to_have_text(
        re.compile(r"\[\d+\]:"), timeout=RUN_SECONDS * 1000
    )
    assert cells.count() > 0
    assert numbered.count() == cells.count()
    errors = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')
    expect(errors).to_have_count(0)
    expect(page.locator(".podlab-card").first).to_be_visible()
