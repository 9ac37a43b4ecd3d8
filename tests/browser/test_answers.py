"""A learner's way through a task: a wrong answer, what the card says of it, the answer mended."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from checker.catalogue import load_lab
from checker.model import Verdict
from checker.report import words
from checker.texts import Text
from tests.browser.notebook import Notebook, begin

LAB = load_lab("00-start")
WRONG = LAB.folder / "near_misses" / "answer-other-port" / "welcome.yaml"
RIGHT = LAB.folder / "solution" / "welcome.yaml"
ANEW = "%shell --lab kubectl delete pod welcome --ignore-not-found"


def test_a_wrong_answer_is_told_why_and_the_mended_one_passes(
    page: Page, lab: str, written: Callable[..., str]
) -> None:
    task = LAB.tasks[0]
    answers = [f"%%manifest welcome.yaml\n{file.read_text('utf-8')}" for file in (WRONG, RIGHT)]
    path = written(
        "zh/00-start", begin(LAB.name), ANEW, answers[0], "check(1)", answers[1], "check(1)"
    )
    notebook = Notebook(page, lab, path)
    notebook.run_all()
    wrong, right = (notebook.cell(number).get_by_role("region") for number in (4, 6))

    message = task.messages["nothing-listens"].format(service="welcome", target=80)
    expect(wrong.get_by_role("heading", level=4)).to_contain_text(words.NAME[Verdict.failed].zh)
    expect(wrong).to_contain_text(message.zh)
    expect(wrong).to_contain_text(score(0, task.points))

    expect(right.get_by_role("heading", level=4)).to_contain_text(words.NAME[Verdict.passed].zh)
    expect(right).to_contain_text(score(task.points, task.points))
    expect(right).not_to_contain_text(words.HINT.format(number=1, of=len(task.hints)).zh)


def score(earned: int, possible: int) -> str:
    filled: Text = words.SCORE.format(earned=earned, possible=possible)
    return filled.zh
