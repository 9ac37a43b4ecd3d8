"""Keeps what a learner expects before a run, and compares it afterwards. Never graded.

A prediction outlives the kernel: it lies in a small file of the learner's and the lesson's own.
Nothing here raises for what a learner writes: a guess must never stand in a lesson's way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from checker.catalogue import unseal
from checker.paths import state_dir
from checker.texts import Text

UNDECIDED = Text(
    '在引号里写上你的选择（例如 "a"），再运行这个单元格；不选也可以继续。',
    'Write your choice between the quotation marks (like "a") and run the cell; you may also go '
    "on without one.",
)


NONE_KEPT = Text(
    "{question} 还没有预测：回到 predict(…) 写上你的选择，两个单元格都再运行一次；或者接着往下读。",
    "There is no prediction for {question}: write your choice in predict(…) and run both cells "
    "again, or read on.",
)


@dataclass(frozen=True)
class Predictions:
    """The predictions in one file: an answer for each question of `lesson`."""

    file: Path
    lesson: str

    @classmethod
    def of(cls, lesson: str, learner: str | None) -> Predictions:
        """Those of one learner in one lesson."""
        return cls(state_dir() / "predictions" / (learner or "") / f"{lesson}.json", lesson)

    def predict(self, question: str, choice: str) -> Text:
        """Keep a choice, in place of an earlier one. Returns what to tell the learner."""
        answer = _plain(choice)
        if not answer:
            return UNDECIDED
        kept = self._read() | {question: answer}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(".draft")
        draft.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self.file)
        return Text(
            f"记下了：{question} 选 {answer}。接着运行，看看是不是这样。",
            f"Noted: {answer} for {question}. Run on and see.",
        )

    def reveal(self, question: str, answer: str) -> Text:
        """Compare the choice that was kept with what is so. `answer` may be sealed.

        Without a choice the answer is not given away: the text that follows explains what is so,
        and the prediction can still be made.
        """
        right = unseal(self.lesson, question, _plain(answer))
        guess = self._read().get(question)
        if guess is None:
            return NONE_KEPT.format(question=question)
        if guess == right:
            return Text(f"你选的是 {guess}，结果正是这样。", f"You said {guess}, and so it is.")
        return Text(
            f"你选的是 {guess}，结果是 {right}。想一想，差别从哪里来。",
            f"You said {guess}; it is {right}. Think about where the difference comes from.",
        )

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # never made, or not ours any more: as if nothing was kept
            return {}
        return kept if isinstance(kept, dict) else {}


def _plain(choice: str) -> str:
    return str(choice).strip().strip("?？").lower()
