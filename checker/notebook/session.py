"""What a notebook's cells share: the lesson, its two workspaces, the recording that runs.

One kernel has one session.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from checker.environment.tools import tools_path
from checker.notebook.plain import NotReadyError, here
from checker.texts import Text

Part = Literal["demo", "lab"]


@dataclass(frozen=True)
class Place:
    """A workspace as a shell cell sees it: `kubeconfig` leads to `namespace` and nowhere else."""

    namespace: str
    folder: Path
    kubeconfig: Path


@dataclass
class Session:
    """The state between two cells. Nothing is known before `lesson(...)` has run."""

    lesson: str = ""
    places: dict[Part, Place] = field(default_factory=dict)

    def place(self, part: Part) -> Place:
        """The workspace of this part. Raises NotReadyError before a lesson has begun."""
        if place := self.places.get(part):
            return place
        raise NotReadyError(
            Text(
                "还没有选定课程，命令不知道该去哪个集群。",
                "No lesson has begun, so a command would not know its cluster.",
            ),
            Text(
                "先运行写着 lesson(…) 的那个单元格。",
                "Run the cell with lesson(…) first.",
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
