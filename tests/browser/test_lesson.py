from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.notebook import Notebook


def test_the_first_lesson_runs_to_its_end_without_an_error(
    page: Page, lab: str, copied: Callable[[str], str]
) -> None:
    notebook = Notebook(page, lab, copied("zh/00-start"))
    expect(page.locator(".jp-Notebook h1")).to_be_visible()
    expect(page.get_by_text("official Jupyter news")).to_have_count(0)
    assert page.locator(".jp-CodeCell").count() > 0
    notebook.run_all()
    expect(page.locator(".podlab-card").first).to_be_visible()
