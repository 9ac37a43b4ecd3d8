"""The names a lesson's cells call. Each is one line over the room that does the work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from checker.cluster import learner_name
from checker.notebook import checking, lesson
from checker.notebook.plain import plainly, say
from checker.notebook.predictions import Predictions
from checker.notebook.recording import Recording, ask_in
from checker.notebook.session import Session
from checker.notebook.timeline import TITLE, TimelinePicture
from checker.notebook.timeline.story import ANSWER, tell
from checker.texts import Text


class Names:
    """The names, on one session. None of them returns a value that a cell would print twice."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def given(self) -> dict[str, Callable[..., Any]]:
        """Name and function of all that a lesson's cells may call."""
        public = (
            self.lesson,
            self.check,
            self.hint,
            self.reset,
            self.predict,
            self.reveal,
            self.recording,
            self.mark,
            self.timeline,
        )
        return {function.__name__: plainly(function) for function in public}

    def lesson(self, name: str) -> None:
        """Begin a lesson: a clean demo, your lab as you left it."""
        lesson.begin(self._session, name)

    def check(self, task: str | int | None = None) -> None:
        """Judge the lab, or one task with what it needs, and show a card."""
        checking.check(self._session.begun(), task)

    def hint(self, task: str | int | None = None) -> None:
        """Show the next hint for a task, or for the first one that has not passed."""
        say(checking.hint(self._session.begun(), task))

    def reset(self) -> None:
        """Begin the lab anew; a copy of your files is kept."""
        checking.reset(self._session.begun())

    def predict(self, question: str, choice: str) -> None:
        """Keep what you expect, before you look."""
        say(self._predictions().predict(question, choice))

    def reveal(self, question: str, answer: str) -> None:
        """Compare what you expected with what is so."""
        say(self._predictions().reveal(question, answer))

    def recording(self, **questions: str) -> Recording:
        """Record what happens in a `with` block; each question is a command, asked every second."""
        environment = self._session.environment("demo")
        return Recording(self._session.recorder, questions, ask_in(environment))

    def mark(self, name: str, *answer: object) -> None:
        """Note a deed; with an answer, note what a read of `name` gave (None: no answer)."""
        recorder = self._session.recorder
        if not answer:
            recorder.mark(name)
            return
        value = answer[0]
        recorder.mark(name, **{ANSWER: None if value is None else str(value)})

    def timeline(
        self,
        recording: Recording | None = None,
        *,
        only: str = "",
        zh: str = "",
        en: str = "",
        save: str | Path | None = None,
    ) -> TimelinePicture:
        """The picture of a recording, or of all since the lesson began.

        `only` names the workloads to show, apart by blanks; `zh` and `en` are its heading; `save`
        names a file to write it to, .svg or .png.
        """
        heading = Text(zh or TITLE.zh, en or TITLE.en)
        record = self._session.recorder.record()
        start, end = (recording.start, recording.end) if recording else (None, None)
        picture = TimelinePicture(tell(record, start, end, heading, only.split()))
        if save:
            picture.save(save)
        return picture

    def _predictions(self) -> Predictions:
        return Predictions.of(self._session.begun(), learner_name())
