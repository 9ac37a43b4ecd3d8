"""`bench.later` and `bench.undo`: what a check did is undone, by itself or by the next run."""

from __future__ import annotations

from checker.cluster import API_ERRORS, Meaning, Step, meaning
from checker.observe.base import looking
from checker.observe.clean import clean
from checker.observe.exec import AGAIN, BROKEN
from checker.observe.objects import GetObjects
from checker.observe.outcome import CouldNotLook
from checker.observe.pod import view
from checker.observe.transport import Command, End, run
from checker.texts import Text

EXEC_SECONDS = 30.0
"""On a busy machine what a check did in a second may need many to be undone; git's part most."""
LEFT = Text(
    "检查程序改动过的东西没能恢复：{steps}。",
    "Something the checker changed could not be put back: {steps}.",
)
FOREIGN = Text(
    "以前的一次检查被强行终止，它改动过的东西还没有恢复：{steps}。",
    "An earlier check was killed, and what it changed has not been put back: {steps}.",
)
ACT = Text(
    "用 --behaviour 再评分一次；那时会先恢复。",
    "Grade again with --behaviour; that puts it back first.",
)
RESET = Text(
    "再检查一次；如果还是这样，用 podlab reset 重置这个实验。",
    "Check again; if it stays so, reset the lab with podlab reset.",
)


class Undo(GetObjects):
    """Undoing, by the journal on the Namespace."""

    def later(self, step: Step) -> None:
        """Write down how to undo what the check does next."""
        with looking():
            self.journal.write(step)

    def undo(self) -> None:
        """Undo all that the journal holds, the last act first; what was undone is struck out.

        CouldNotLook when the cluster does not answer (the steps stay for the next run), or when a
        step is refused (it is struck out: it would be refused for ever). So it is for a look, which
        undoes nothing: what it would see is not only what the learner made.
        """
        refused = []
        with looking():
            steps = self.journal.pending()
        if steps and self.connection.looks_only:
            raise CouldNotLook(FOREIGN.format(steps=", ".join(map(_told, steps))), ACT)
        for step in steps:
            if not self._undo(step):
                refused.append(_told(step))
            with looking():
                self.journal.strike(step)
        if refused:
            raise CouldNotLook(LEFT.format(steps=", ".join(refused)), RESET)

    def _undo(self, step: Step) -> bool:
        """Whether it is undone, or there is nothing to undo any more."""
        try:
            with looking():
                if step.way == "delete":
                    self.objects.delete(step.kind, step.name, grace=1)
                elif step.way == "patch":
                    self.objects.patch(step.kind, step.name, dict(step.body))
                else:
                    return self._exec(step)
        except API_ERRORS as error:
            return meaning(error).meaning is Meaning.absent
        return True

    def _exec(self, step: Step) -> bool:
        """Where that Pod is gone, or its container is down, there is nothing left to undo.

        A step that waited for a container that crashes for ever would block every check.
        """
        found = self.find("Pod", step.name)
        pod = view(found) if found else None
        if pod is None or pod.terminating or (step.uid and pod.uid != step.uid):
            return True
        container = pod.container(step.container or None)
        if container.state != "running":
            return True
        command = Command(self.namespace, step.name, container.name, step.argv)
        ran = run(self.connection, command, EXEC_SECONDS, self.clock)
        if ran.end is End.lost:
            raise CouldNotLook(BROKEN.format(pod=step.name, why=clean(ran.why, 200)), AGAIN)
        return ran.end is End.exit


def _told(step: Step) -> str:
    return f"{step.way} {step.kind} {step.name}"
