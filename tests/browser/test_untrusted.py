"""What a learner's program says stays text in a card, also where it is HTML."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from checker.catalogue import load_lab
from tests.browser.notebook import Notebook, begin

LAB = load_lab("08-termination-message")
WORDS = '<img src=x onerror="window.taken=true"><script>window.taken=true</script>'
SAYING = 'echo "$reason" > /dev/termination-log'


def test_html_in_a_termination_message_stays_text(
    page: Page, lab: str, written: Callable[..., str]
) -> None:
    file = (LAB.folder / "solution" / "message.yaml").read_text("utf-8")
    assert SAYING in file
    quoted = WORDS.replace("'", "'\\''")
    evil = file.replace(SAYING, f"printf %s '{quoted}' > /dev/termination-log")
    cell = f"%%manifest message.yaml\n{evil}"
    path = written(f"en/{LAB.name}", begin(LAB.name), cell, "check(1)")
    notebook = Notebook(page, lab, path)
    notebook.run_all()
    card = notebook.cell(3).get_by_role("region", name=LAB.name)
    expect(card.locator("pre", has_text="onerror")).to_have_text(WORDS)
    expect(card.locator("p", has_text="onerror")).to_contain_text(WORDS)
    expect(card.locator("img, script")).to_have_count(0)
    assert page.evaluate("window.taken") is None
