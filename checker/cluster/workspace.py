"""A workspace: one learner's namespace, folder and kubeconfig for one part of one lesson.

Names only: nothing here talks to the cluster or writes a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from checker.cluster.errors import ClusterError
from checker.paths import state_dir, work_dir
from checker.texts import Text

Part = Literal["demo", "lab", "team"]
"""`demo` for what the lesson shows, `lab` for what is graded; `team` is a second namespace of a
lab that has one: its files are those in the folder `team` of the lab's."""
LONGEST = 63
"""A namespace's name is a DNS label (RFC 1123)."""
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True)
class Workspace:
    """(learner, lesson, part). Without a learner it is the one of who sits at this machine."""

    lesson: str
    part: Part
    learner: str | None = None

    def __post_init__(self) -> None:
        words = [self.lesson] if self.learner is None else [self.lesson, self.learner]
        named = all(LABEL.fullmatch(word) for word in words) and self.part in get_args(Part)
        if not named or len(self.namespace) > LONGEST:
            raise ClusterError(
                Text(f"{self.namespace} 不能作命名空间的名字。", f"{self.namespace} is no name."),
                Text(
                    f"只用小写字母、数字和连字符，连同课名不超过 {LONGEST} 个字符。",
                    "A name has small letters, digits and hyphens only, and with the lesson's"
                    f" name at most {LONGEST} characters.",
                ),
                Text("换一个学员名（PODLAB_LEARNER）。", "Choose another PODLAB_LEARNER."),
            )

    @property
    def namespace(self) -> str:
        """`lab-01-storage`, or `lab-01-storage-ann` for the learner `ann`."""
        return "-".join(word for word in (self.part, self.lesson, self.learner) if word)

    @property
    def folder(self) -> Path:
        """Where the learner's files are."""
        words = ("lab", "team") if self.part == "team" else (self.part,)
        return (work_dir() / (self.learner or "") / self.lesson).joinpath(*words)

    def beside(self, part: Part) -> Workspace:
        """Another part of the same lesson, of the same learner."""
        return replace(self, part=part)

    @property
    def labels(self) -> dict[str, str]:
        """The labels by which the course knows its own namespaces."""
        mine = {"podlab/lesson": self.lesson, "podlab/part": self.part}
        return mine | ({"podlab/learner": self.learner} if self.learner else {})

    def kubeconfig(self, cluster: str) -> Path:
        """The kubeconfig whose context sets this namespace."""
        return state_dir() / cluster / "workspaces" / f"{self.namespace}.yaml"


def learner_name(environ: Mapping[str, str] = os.environ) -> str | None:
    """PODLAB_LEARNER, or None for who sits at this machine."""
    return environ.get("PODLAB_LEARNER") or None
