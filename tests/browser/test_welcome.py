"""The welcome page as `podlab lab` opens it, in both languages, by mouse and by keyboard alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from checker.catalogue import load_lab
from checker.cluster import Connection, Workspace, remove
from checker.grading import Progress
from checker.notebook.welcome import words
from checker.notebook.welcome.lessons import State, lessons
from checker.paths import cluster_name
from checker.texts import Lang
from checker.trouble import NOT_SO
from tests.browser.notebook import tab_to

ROOT = Path(__file__).resolve().parents[2]
LEARNER = "browser"
LESSON = "00-start"


@pytest.fixture
def untouched(connection: Connection) -> Iterator[Workspace]:
    """The lab of a learner who has not begun it; gone afterwards."""
    workspace = Workspace(LESSON, "lab", LEARNER)

    def wipe() -> None:
        remove(connection, workspace)
        Progress.of(cluster_name(), workspace.namespace).forget()
        shutil.rmtree(ROOT / "work" / LEARNER, ignore_errors=True)

    wipe()
    yield workspace
    wipe()


def shown(page: Page, lang: Lang) -> Locator:
    """The page of that language, once it has all lessons and has heard from the cluster."""
    box = page.locator(f".podlab-page:has(.podlab-line[lang={lang}])")
    titles = [f"{each.number} {each.title}" for each in lessons(lang)]
    assert len(titles) >= 10
    expect(box.locator(".podlab-title")).to_have_text(titles, timeout=90_000)
    expect(box.locator(".podlab-good")).to_contain_text("Kubernetes v", timeout=30_000)
    return box


def expect_open(page: Page, path: str) -> None:
    """That notebook is in front."""
    tab = page.locator(".lm-DockPanel-tabBar .lm-mod-current")
    expect(tab).to_have_attribute("title", re.compile(f"Path: {path}"), timeout=30_000)


def podlab(*argv: str) -> int:
    environ = {**os.environ, "PODLAB_LEARNER": LEARNER}
    command = [sys.executable, "-m", "checker", *argv]
    return subprocess.run(command, cwd=ROOT, env=environ, timeout=120, check=False).returncode


def test_the_course_opens_at_the_learners_page_where_one_opens_lessons_and_changes_language(
    page: Page, lab: str
) -> None:
    assert "/lab/tree/notebooks/zh/welcome.ipynb?" in lab
    page.goto(lab + "&reset")
    box = shown(page, "zh")
    box.get_by_role("link", name=re.compile("04 ")).click()
    expect_open(page, "notebooks/zh/04-sidecar.ipynb")
    page.locator(".lm-DockPanel-tabBar").get_by_text("welcome.ipynb").click()
    box.get_by_role("link", name="English").click()
    expect_open(page, "notebooks/en/welcome.ipynb")
    shown(page, "en")


def test_the_keyboard_alone_shows_a_result_keeps_a_lab_resets_it_and_opens_its_lesson(
    page: Page, lab: str, untouched: Workspace
) -> None:
    page.goto(lab.replace("/zh/", "/en/") + "&reset")
    row = shown(page, "en").locator(".widget-vbox:has(.podlab-lesson)").first
    result = row.get_by_role("button", name=words.RESULT.en, exact=True)
    reset = row.get_by_role("button", name=words.RESET.en, exact=True)
    expect(row).to_contain_text(words.STATE[State.new].en)
    enabled = result.or_(reset).and_(page.locator(":enabled"))
    expect(enabled).to_have_count(0, timeout=15_000)  # one look of the page, and one more

    assert podlab("start", LESSON) == 0
    assert podlab("check", LESSON) == NOT_SO
    score = f"0/{load_lab(LESSON).points} "
    expect(row).to_contain_text(score, timeout=15_000)

    tab_to(page, result)
    page.keyboard.press("Enter")
    expect(row.locator(".podlab-card")).to_be_visible()
    expect(row.get_by_role("button", name=words.CLOSE.en)).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".podlab-card")).to_have_count(0)

    expect(result).to_be_focused()
    tab_to(page, reset)
    page.keyboard.press("Enter")
    expect(row.locator(".podlab-panel")).to_contain_text(untouched.namespace)
    expect(row.get_by_role("button", name=words.NO.en)).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".podlab-panel")).to_have_count(0)
    expect(row).to_contain_text(score)

    expect(reset).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name=words.NO.en)).to_be_focused()
    tab_to(page, row.get_by_role("button", name=words.YES.en))
    page.keyboard.press("Enter")
    expect(row).to_contain_text(words.STATE[State.started].en, timeout=90_000)
    expect(row.locator(".podlab-bad")).to_have_count(0)

    tab_to(page, row.get_by_role("link"))
    page.keyboard.press("Enter")
    expect_open(page, f"notebooks/en/{LESSON}.ipynb")
