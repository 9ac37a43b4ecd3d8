"""A card can be read in either theme: each of its words stands out from what lies behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.contrast import LEAST, contrasts
from tests.browser.notebook import Notebook

GOLDEN = Path(__file__).parents[1] / "unit" / "report" / "golden" / "en"
CARDS = [(GOLDEN / name).read_text("utf-8") for name in ("card.html", "running.html")]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_word_of_a_card_can_be_read(
    theme: str, page: Page, lab: str, written: Callable[..., str]
) -> None:
    cells = [f"from IPython.display import HTML\nHTML({card!r})" for card in CARDS]
    notebook = Notebook(page, lab, written("en/cards", *cells))
    notebook.menu("Settings", "Theme", theme)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    notebook.run_all()
    cards = page.get_by_role("region", name="01-toy")
    expect(cards).to_have_count(len(CARDS))
    for card in cards.all():
        card.evaluate("box => box.querySelectorAll('details').forEach(one => one.open = true)")
        seen = contrasts(card)
        assert len(seen) > 10
        assert [each for each in seen if each[1] < LEAST] == []
