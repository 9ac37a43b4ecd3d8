"""What a person sees while a command works: progress, sentences, errors. One look for all."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from checker.texts import Lang, Text

SHORT_SECONDS = 1.0  # a step that took less is not worth a line


def say(words: Text, lang: Lang) -> None:
    """An answer, on standard output."""
    print(words.pick(lang))


class _Step:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self.progress = progress
        self.task = task

    def at(self, fraction: float) -> None:
        self.progress.update(self.task, total=1.0, completed=fraction)


class Screen:
    """Shows steps as bars while they last, and as one line each when they are done.

    All of it goes to standard error: standard output is for answers and for `--json`.
    """

    def __init__(self, lang: Lang, console: Console | None = None) -> None:
        self.lang = lang
        self.console = console or Console(file=sys.stderr, highlight=False)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )

    @contextlib.contextmanager
    def step(self, title: Text) -> Iterator[_Step]:
        """Show the step while the context lasts; leave a line with its seconds."""
        words = title.pick(self.lang)
        if not self.console.is_terminal:
            self.console.print(f"  {words} …", markup=False)
        began = time.monotonic()
        task = self._progress.add_task(escape(words), total=None)
        if not self._progress.live.is_started:
            self._progress.start()
        try:
            yield _Step(self._progress, task)
            self._done(words, time.monotonic() - began)
        finally:
            self._progress.remove_task(task)
            if not self._progress.task_ids:
                self._progress.stop()

    def note(self, words: Text) -> None:
        """Say one sentence that stays."""
        self.console.print(words.pick(self.lang), soft_wrap=True, markup=False)

    def _done(self, words: str, seconds: float) -> None:
        if seconds >= SHORT_SECONDS:
            done = f"[green]✓[/green] {escape(words)} [dim]{seconds:.0f} s[/dim]"
            self.console.print(done)
