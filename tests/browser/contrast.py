"""How far words stand out from what lies behind them, by the measure of the WCAG."""

from __future__ import annotations

from playwright.sync_api import Locator

LEAST = 4.5
# Each piece of text that is drawn, its ratio, and its two colours. What is behind a text is the
# nearest ancestor with a colour that covers; one that lets through a part is refused, not guessed.
LOOK = """
box => {
  const parts = colour => {
    const numbers = colour.match(/[\\d.]+/g).map(Number);
    return numbers.length < 4 ? [...numbers, 1] : numbers;
  };
  const light = colour => {
    const [red, green, blue] = parts(colour).slice(0, 3).map(part => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      const covers = parts(colour)[3];
      if (covers === 1) return colour;
      if (covers > 0) throw new Error(`a colour that lets through: ${colour}`);
    }
    throw new Error("nothing behind");
  };
  const found = [];
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const words = texts.currentNode.data.trim();
    if (!words || element.closest("style") || !element.checkVisibility()) continue;
    const colours = [getComputedStyle(element).color, behind(element)];
    const [low, high] = colours.map(light).sort((a, b) => a - b);
    found.push([words, (high + 0.05) / (low + 0.05), ...colours]);
  }
  return found;
}
"""


def contrasts(box: Locator) -> list[tuple[str, float, str, str]]:
    """Each text in the box that is to be seen: its words, their contrast, both colours."""
    return [tuple(each) for each in box.evaluate(LOOK)]
