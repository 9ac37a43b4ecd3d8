"""The names a lesson's cells call. Each is one line over the room that does the work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from checker.cluster import SystemClock, Workspace, connect, learner_name
from checker.notebook import checking, lesson, sampling
from checker.notebook.plain import plainly, say
from checker.notebook.predictions import Predictions
from checker.notebook.recording import Recording
from checker.notebook.sampling import Way, desk_in
from checker.notebook.session import Session
from checker.notebook.timeline import TITLE, TimelinePicture
from checker.notebook.timeline.story import USUAL, tell
from checker.notebook.welcome import welcome
from checker.observe import Bench
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
            sampling.values,
            sampling.moments,
            sampling.numbers,
            sampling.memory,
            sampling.cpu,
            sampling.load,
            welcome,
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

    def recording(self, **ways: str | Way) -> Recording:
        """Record what happens in a `with` block, and what each of the ways sees meanwhile.

        A way is `values(…)`, `moments(…)`, `numbers(…)`, `memory(…)`, `cpu(…)`, `load(…)`, or a
        command alone: is it there?
        """
        desk = desk_in(self._session.environment("demo"), self._bench)
        return Recording(self._session.recorder, ways, desk)

    def mark(self, name: str, *answer: object) -> None:
        """Note a deed; with an answer, note what a read of `name` gave (None: no answer)."""
        recorder = self._session.recorder
        if not answer:
            recorder.mark(name)
            return
        value = None if answer[0] is None else str(answer[0])
        recorder.note("sample", name, form="read", value=value)

    def timeline(
        self,
        recording: Recording | None = None,
        *,
        only: str = "",
        lanes: str = " ".join(USUAL),
        events: str = "",
        zh: str = "",
        en: str = "",
        save: str | Path | None = None,
    ) -> TimelinePicture:
        """The picture of a recording, or of all since the lesson began.

        `only` names the workloads to show, `lanes` what to show of them, `events` the reasons of
        other Events to show, each apart by blanks; `zh` and `en` are the heading; `save` names a
        file to write the picture to, .svg or .png.
        """
        story = tell(
            self._session.recorder.record(),
            recording.start if recording else None,
            recording.end if recording else None,
            Text(zh or TITLE.zh, en or TITLE.en),
            only.split(),
            lanes.split(),
            events.split(),
        )
        picture = TimelinePicture(story)
        if save:
            picture.save(save)
        return picture

    def _bench(self) -> Bench:
        workspace = Workspace(self._session.begun(), "demo", learner_name())
        return Bench(connect(), workspace, clock=SystemClock())

    def _predictions(self) -> Predictions:
        return Predictions.of(self._session.begun(), learner_name())
