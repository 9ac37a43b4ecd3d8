"""What a notebook's cells share: the lesson, its two workspaces, the recorder that listens.

One kernel has one session.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from checker.cluster import Part
from checker.environment.tools import tools_path
from checker.notebook.plain import NotReadyError, here
from checker.observe import Recorder
from checker.texts import Text


@dataclass(frozen=True)
class Place:
    """A workspace as a shell cell sees it: `kubeconfig` leads to `namespace` and nowhere else."""

    namespace: str
    folder: Path
    kubeconfig: Path


@dataclass
class Session:
    """The state between two cells. Nothing is known before `lesson(...)` has run.

    `carry_on` is asked once before a cell is told so: a kernel that was restarted knows nothing,
    and the lesson is still there.
    """

    lesson: str = ""
    places: dict[Part, Place] = field(default_factory=dict)
    listening: Recorder | None = None
    carry_on: Callable[[Session], None] | None = None

    def begin(
        self,
        lesson: str,
        demo: Place,
        lab: Place,
        listening: Recorder,
        team: Place | None = None,
    ) -> None:
        """Another lesson, or the same one anew. `team`: the lab's second namespace, if any."""
        if self.listening:
            self.listening.stop()
        self.lesson = lesson
        self.places = {"demo": demo, "lab": lab}
        if team:
            self.places["team"] = team
        self.listening = listening

    def begun(self) -> str:
        """The lesson's name. Raises NotReadyError before one has begun."""
        if not self.lesson and self.carry_on:
            self.carry_on(self)
        if not self.lesson:
            raise NotReadyError(
                Text(
                    "还没有选定课程，不知道该去哪个集群。",
                    "No lesson has begun, so it is not known which cluster is meant.",
                ),
                Text("先运行写着 lesson(…) 的那个单元格。", "Run the cell with lesson(…) first."),
            )
        return self.lesson

    @property
    def recorder(self) -> Recorder:
        """What listens to the demo. Raises NotReadyError before a lesson has begun."""
        self.begun()
        if self.listening is None:
            raise ValueError("a lesson has begun and nothing listens")
        return self.listening

    def place(self, part: Part) -> Place:
        """The workspace of this part.

        Raises NotReadyError before a lesson has begun, or when its lab has no such part.
        """
        self.begun()
        if part in self.places:
            return self.places[part]
        raise NotReadyError(
            Text("这个实验没有第二个命名空间。", "This lab has no second namespace."),
            Text(
                "去掉 --team 或 team/，再运行一次。", "Leave out --team or team/, and run it again."
            ),
        )

    def environment(self, part: Part) -> dict[str, str]:
        """Variables of a shell in this part: the pinned cluster, the course's own tools.

        `WORK` is the folder of the learner's lab, wherever the shell is.
        """
        tools = str(tools_path())
        path = [entry for entry in os.environ.get("PATH", "").split(os.pathsep) if entry != tools]
        return os.environ | {
            "KUBECONFIG": str(self.place(part).kubeconfig),
            "PATH": os.pathsep.join([tools, *path]),
            "WORK": str(self.place("lab").folder),
            "PODLAB_LANG": here(),
        }
