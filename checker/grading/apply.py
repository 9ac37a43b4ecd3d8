"""Applies the files of a work folder to its namespace, the same way for learners and for gates.

`steps.sh`, where a case has one, does the applying; else every `*.yaml` goes to `kubectl apply`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from checker.catalogue import Case
from checker.environment.run import run
from checker.environment.tools import tools_path
from checker.texts import Text
from checker.trouble import NOT_SO, Trouble

SECONDS = 300.0
"""Longest time for a case's steps; a solution that waits for a rollout may need minutes."""

Run = Callable[..., str]


def apply_case(case: Case, folder: Path, kubeconfig: Path, run: Run = run) -> str:
    """Bring the case's files, already in `folder`, to the cluster; returns what kubectl said.

    Raises Trouble when that fails, or when it works although the case says that it must not.
    """
    argv = _command(case, folder)
    if not argv:
        return ""
    try:
        output = run(argv, env=_environ(kubeconfig), cwd=folder, timeout=SECONDS)
    except Trouble as trouble:
        if not trouble.detail:  # kubectl is missing or did not end: nothing was refused
            raise
        if case.applies:
            raise _not_taken(case, trouble.detail) from trouble
        return trouble.detail
    if not case.applies:
        raise _taken(case, output)
    return output


def apply_folder(folder: Path, kubeconfig: Path, run: Run = run) -> bool:
    """Bring a learner's own files back to an empty namespace; whether all of them were taken.

    They may be half done: what cannot be applied is the learner's next step, and no error here.
    """
    argv = _apply(folder)
    try:
        if argv:
            run(argv, env=_environ(kubeconfig), cwd=folder, timeout=SECONDS)
    except Trouble:
        return False
    return True


def _command(case: Case, folder: Path) -> list[str]:
    if case.steps:
        return ["bash", "-euo", "pipefail", str(case.steps)]
    return _apply(folder)


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
