"""What a teacher sees while a class is graded: how far it is, and what came out so far.

It goes to standard error. Where no terminal is, each learner and lab that is done has a line.
"""

from __future__ import annotations

import sys
from collections import Counter
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from checker.model import LabReport, Pair, Verdict
from checker.report import words
from checker.texts import Lang, Text

GRADING = Text("评分", "Grading")


class ClassWatching:
    """`with ClassWatching(lang, total) as watching: … watching.tell(pair, report)`."""

    def __init__(self, lang: Lang, total: int, console: Console | None = None) -> None:
        self._lang = lang
        self._total = total
        self._verdicts: Counter[Verdict] = Counter()
        self._done = 0
        self._console = console or Console(file=sys.stderr, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._row = self._progress.add_task(GRADING.pick(lang), total=total)

    def __enter__(self) -> ClassWatching:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self._progress.stop()

    def tell(self, pair: Pair, report: LabReport) -> None:
        """One learner has been graded in one lab."""
        self._done += 1
        self._verdicts.update(result.verdict for result in report.results)
        so_far = " ".join(f"{words.SYMBOL[each]} {self._verdicts[each]}" for each in Verdict)
        if self._console.is_terminal:
            last = f"{pair[0]} {pair[1]}"
            head = f"{GRADING.pick(self._lang)} {so_far} · {last}"
            self._progress.update(self._row, advance=1, description=escape(head))
            return
        signs = "".join(words.SYMBOL[result.verdict] for result in report.results)
        line = f"{self._done}/{self._total} {pair[0]} {pair[1]} {signs}"
        self._console.print(escape(line), soft_wrap=True)
