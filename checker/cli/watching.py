"""What a person sees while a lab is checked: the task, what it waits for, and the time.

It goes to standard error and leaves nothing behind: the report that follows says it all.
"""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from checker.grading import Event, TaskFinished, TaskStarted, Waiting
from checker.report.clean import clean
from checker.texts import Lang, Text

LIMIT = Text("最多 {seconds:.0f} 秒", "at most {seconds:.0f} s")


class Watching:
    """`with Watching(lang) as watching: grade(…, on_event=watching.tell)`."""

    def __init__(self, lang: Lang, console: Console | None = None) -> None:
        self._lang = lang
        self._rows: dict[str, tuple[TaskID, str]] = {}
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[limit]}"),
            console=console or Console(file=sys.stderr, highlight=False),
            transient=True,
        )

    def __enter__(self) -> Watching:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def tell(self, event: Event) -> None:
        """Show one event of grading."""
        match event:
            case TaskStarted():
                head = f"{event.number} {event.task}  {self._words(event.title)}"
                limit = LIMIT.format(seconds=event.deadline).pick(self._lang)
                row = self._progress.add_task(head, total=None, limit=limit)
                self._rows[event.task] = (row, head)
            case Waiting() if event.task in self._rows:
                row, head = self._rows[event.task]
                words = f"{head} · {self._words(event.what)}"
                self._progress.update(row, description=words)
            case TaskFinished() if event.result.task in self._rows:
                self._progress.remove_task(self._rows.pop(event.result.task)[0])

    def _words(self, text: Text) -> str:
        return escape(clean(text.pick(self._lang)))
