"""The keyboard alone reaches what a card keeps folded, and opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.notebook import Notebook, tab_to

GOLDEN = Path(__file__).parents[1] / "unit" / "report" / "golden" / "en"


def test_tab_reaches_evidence_and_hints_and_enter_opens_them(
    page: Page, lab: str, written: Callable[..., str]
) -> None:
    card = (GOLDEN / "card.html").read_text("utf-8")
    notebook = Notebook(
        page, lab, written("en/cards", f"from IPython.display import HTML\nHTML({card!r})")
    )
    shown = notebook.run(1).get_by_role("region", name="01-toy")
    page.keyboard.press("Escape")

    for summary, inside in [
        ("What was seen", "kubectl exec redis -- redis-cli ping"),
        ("Hint 1 of 3", "Where is the data written?"),
        ("Hint 2 of 3", "See /data with kubectl exec."),
    ]:
        words = shown.get_by_text(inside, exact=True)
        expect(words).to_be_hidden()
        tab_to(page, shown.locator("summary", has_text=summary).first)
        page.keyboard.press("Enter")
        expect(words).to_be_visible()
