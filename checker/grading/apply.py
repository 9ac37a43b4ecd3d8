"""Applies the files of a work folder to its namespace, the same way for learners and for gates.

`steps.sh`, where a case has one, does the applying; else every `*.yaml` goes to `kubectl apply`.
Files in the folder `team` go to the lab's second namespace, before the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checker.catalogue import Case
from checker.environment.run import run
from checker.environment.tools import tools_path
from checker.texts import Text
from checker.trouble import NOT_SO, Trouble

SECONDS = 300.0
"""Longest time for a case's steps; a solution that waits for a rollout may need minutes."""

QUOTA_BUSY = "Operation cannot be fulfilled on resourcequotas"
"""Said when many objects are made at once and all are counted: it asks to try again."""
TRIES = 3

Run = Callable[..., str]


@dataclass(frozen=True)
class Ground:
    """A folder, and the kubeconfig that leads to the namespace where its files belong."""

    folder: Path
    kubeconfig: Path


def apply_case(case: Case, *grounds: Ground, run: Run = run) -> str:
    """Bring the case's files, already in their folders, to the cluster; returns what kubectl said.

    The last ground is the lab's own. Raises Trouble when something fails, or when all works
    although the case says that it must not.
    """
    steps = ["bash", "-euo", "pipefail", str(case.steps)] if case.steps else None
    said, refused = [], False
    for ground in grounds:
        argv = steps if steps and ground is grounds[-1] else _apply(ground.folder)
        try:
            said.append(_run(argv, ground, run))
        except Trouble as trouble:
            if not trouble.detail:  # kubectl is missing or did not end: nothing was refused
                raise
            said.append(trouble.detail)
            refused = True
    output = "\n".join(words.rstrip("\n") for words in said if words)
    if refused and case.applies:
        raise _not_taken(case, output)
    if not refused and not case.applies:
        raise _taken(case, output)
    return output


def apply_folder(ground: Ground, run: Run = run) -> bool:
    """Bring a learner's own files back to an empty namespace; whether all of them were taken.

    They may be half done: what cannot be applied is the learner's next step, and no error here.
    """
    try:
        _run(_apply(ground.folder), ground, run)
    except Trouble:
        return False
    return True


def _run(argv: list[str], ground: Ground, run: Run) -> str:
    if not argv:
        return ""
    for left in reversed(range(TRIES)):
        try:
            return run(argv, env=_environ(ground.kubeconfig), cwd=ground.folder, timeout=SECONDS)
        except Trouble as trouble:
            # To apply again is no harm; steps may be no such thing.
            if not left or argv[0] != "kubectl" or QUOTA_BUSY not in trouble.detail:
                raise
    raise AssertionError("the last try returns or raises")


def _environ(kubeconfig: Path) -> dict[str, str]:
    path = f"{tools_path()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"KUBECONFIG": str(kubeconfig), "PATH": path}


def _apply(folder: Path) -> list[str]:
    names = sorted(file.name for file in folder.glob("*.yaml"))
    files = [word for name in names for word in ("-f", name)]
    return ["kubectl", "apply", *files] if files else []


def _not_taken(case: Case, output: str) -> Trouble:
    return Trouble(
        Text(f"{case.id} 的文件没有全部应用成功。", f"Not all files of {case.id} were applied."),
        Text(
            "读一读上面 kubectl 的答复；集群在运行吗？用 podlab status 看一看。",
            "Read kubectl's answer above. Does the cluster run? podlab status tells.",
        ),
        output,
    )


def _taken(case: Case, output: str) -> Trouble:
    return Trouble(
        Text(f"{case.id} 应当被拒绝，却被接受了。", f"{case.id} was accepted, not refused."),
        Text("更正 case.yaml 的 applies。", "Correct `applies` in its case.yaml."),
        output,
        NOT_SO,
    )
