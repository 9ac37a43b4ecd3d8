"""The folder that a learner is handed: his key, how to use it, each lab's tasks and first files.

A learner may work in the very folder. So a lab's file is written once, and never over another; the
key and the words about it are written anew whenever they have changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from checker.catalogue import Lab, starter
from checker.classroom.keys import Key, context_name
from checker.classroom.plan import Desk
from checker.cluster import Workspace
from checker.observe.images import renamed
from checker.templates import templates
from checker.texts import Lang, Text
from checker.trouble import Trouble

KEY = "kubeconfig"
README = "README.md"
TASK = Text("{number}. {title}（{points} 分）", "{number}. {title} ({points} points)")

# Markdown that is read as it is: nothing to escape.
_TEMPLATES = templates("checker.classroom", html=False)


@dataclass(frozen=True)
class Handout:
    """Files by name. `fresh` are kept as they should be; `first` are put where none is yet."""

    fresh: Mapping[str, str]
    first: Mapping[str, str]


def handout(desk: Desk, labs: Sequence[Lab], key: Key) -> Handout:
    """What the learner of this desk is given for these labs, in his language."""
    lang = desk.pupil.lang
    first: dict[str, str] = {}
    for lab in labs:
        files = {name: file.read_text("utf-8") for name, file in starter(lab).files.items()}
        if script := starter(lab).steps:
            files[script.name] = script.read_text("utf-8")
        files["TASKS.md"] = _tasks(lab, desk, lang)
        first |= {f"{lab.name}/{name}": renamed(text) for name, text in files.items()}
    return Handout({KEY: key.text, README: _readme(desk, labs, key, lang)}, first)


def put(given: Handout, folder: Path) -> int:
    """Write what is missing or old, readable by the owner only; how many files that was.

    Raises Trouble for what cannot be written.
    """
    with _files_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        missing = {n: text for n, text in given.first.items() if not (folder / n).exists()}
        old = {n: text for n, text in given.fresh.items() if read_file(folder / n) != text}
        for name, text in (missing | old).items():
            _write(folder / name, text)
        return len(missing) + len(old)


def take_back(given: Handout, folder: Path) -> bool:
    """Remove the key and what is still as it was handed out. Whether anything stays.

    Raises Trouble for what cannot be removed.
    """
    with _files_of(folder):
        for name in given.fresh:
            (folder / name).unlink(missing_ok=True)
        for name, text in given.first.items():
            if read_file(folder / name) == text:
                (folder / name).unlink()
        for below in [*sorted(folder.rglob("*"), reverse=True), folder]:
            if below.is_dir() and not any(below.iterdir()):
                below.rmdir()
        return folder.is_dir()


def read_file(file: Path) -> str | None:
    """What stands in a file; None where there is none, or no text."""
    try:
        return file.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return None


@contextmanager
def _files_of(folder: Path) -> Iterator[None]:
    """Around work with files: what the system refuses is told as such, and not as the cluster's."""
    try:
        yield
    except OSError as error:
        said = f"{error.filename or folder}: {error.strerror}"
        raise Trouble(
            Text(f"文件写不了：{said}", f"A file cannot be written: {said}"),
            Text("用 --out 写出另一个文件夹。", "Name another folder with --out."),
        ) from error


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, "utf-8")
    draft.replace(file)


def _readme(desk: Desk, labs: Sequence[Lab], key: Key, lang: Lang) -> str:
    text = _TEMPLATES.get_template(f"README.{lang}.md.j2").render(
        name=desk.pupil.name,
        ends=f"{key.ends:%Y-%m-%d %H:%M}",
        labs=[
            {"name": lab.name, "title": lab.title.pick(lang), "commands": _commands(lab)}
            for lab in labs
        ],
        spaces=[
            {"context": context_name(space.lesson, space.part), "namespace": space.namespace}
            for space in desk.spaces
        ],
    )
    return renamed(text)


def _commands(lab: Lab) -> list[str]:
    """How the first files are applied."""
    case = starter(lab)
    team = any(name.startswith("team/") for name in case.files)
    said = [f"kubectl --context {context_name(lab.name, 'team')} apply -f team"] if team else []
    return [*said, "bash steps.sh" if case.steps else "kubectl apply -f ."]


def _tasks(lab: Lab, desk: Desk, lang: Lang) -> str:
    tasks = [
        {
            "head": TASK.format(number=each.number, title=each.title, points=each.points).pick(
                lang
            ),
            "text": each.text.pick(lang).strip(),
        }
        for each in lab.tasks
    ]
    text = _TEMPLATES.get_template("TASKS.md.j2").render(title=lab.title.pick(lang), tasks=tasks)
    for part in ("lab", "team"):
        general = Workspace(lab.name, part)
        own = replace(general, learner=desk.pupil.id)
        text = text.replace(f"`{general.namespace}`", f"`{own.namespace}`")
    return text
