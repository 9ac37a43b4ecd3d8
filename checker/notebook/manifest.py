"""Takes a manifest to the cluster, from a cell or from its file: looks first, applies then."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path

from checker.notebook.looking import NOTHING_SENT, NOTHING_WRITTEN, look_at, refusal
from checker.notebook.options import Options
from checker.notebook.plain import INTERRUPTED, CommandError, UsageError, say
from checker.notebook.process import run
from checker.notebook.sent import files_sent
from checker.notebook.session import Place
from checker.notebook.shell import NOT_RUNNABLE, judge
from checker.paths import course_root
from checker.texts import Text

TEAM = "team/"
"""Before a manifest's name: it is for the lab's second namespace, and lies in that folder."""
EARLIER = ".earlier"
"""Folder beside the manifests for the text that a cell replaced; kubectl does not look into it."""
KEPT = Text(
    "{file} 里原来是别的内容，已经保存到 {kept}。",
    "{file} held another text; it is kept in {kept}.",
)
_written: dict[Path, str] = {}
"""What cells wrote last: it still stands in their notebook, and needs no copy."""
_NAME = re.compile(rf"({TEAM})?[A-Za-z0-9][A-Za-z0-9._-]*\.ya?ml")
_ACCEPTED = re.compile(r" (created|configured|unchanged)$")


def manifest_name(words: str) -> str:
    """The file name a `%%manifest` line gives. Raises UsageError for a path or another ending."""
    if _NAME.fullmatch(words):
        return words
    raise UsageError(
        Text(
            f"`{words}` 不能作清单的文件名。" if words else "%%manifest 后面要写文件名。",
            f"`{words}` is no name for a manifest." if words else "%%manifest needs a file name.",
        ),
        Text("例如：%%manifest redis.yaml", "For example: %%manifest redis.yaml"),
    )


def apply_manifest(
    name: str, text: str, place: Place, options: Options, env: Mapping[str, str]
) -> None:
    """Write `text` as `name` into the workspace's folder and apply it there.

    Raises ManifestError if it is no sound manifest (nothing is written then), is meant for another
    namespace, or is refused by the cluster.
    """
    look_at(text, place.namespace, NOTHING_WRITTEN)
    write(place.folder / name, text)
    _send(name, text, place, options, env)


def apply_file(name: str, place: Place, options: Options, env: Mapping[str, str]) -> None:
    """Apply the file `name` of the workspace's folder as it stands there.

    Raises UsageError if there is none, else as `apply_manifest`.
    """
    file = place.folder / name
    if not file.is_file():
        raise _no_file(name, place.folder)
    raw = file.read_bytes()
    look_at(raw, place.namespace, NOTHING_SENT)
    _send(name, raw.decode("utf-8"), place, options, env)


def _send(name: str, text: str, place: Place, options: Options, env: Mapping[str, str]) -> None:
    file = place.folder / name
    output: list[str] = []
    try:
        outcome = run(
            f"kubectl apply -f {shlex.quote(str(file))}",
            env=env,
            folder=course_root(),
            seconds=options.seconds,
            write=output.append,
        )
    except KeyboardInterrupt:
        raise CommandError(
            INTERRUPTED,
            Text(f"{name} 已经写好，可以再运行一次。", f"{name} is written; run the cell again."),
        ) from None
    said = "".join(output).replace(f'"{file}"', f'"{name}"')
    if outcome.code and outcome.code not in NOT_RUNNABLE and not options.fails:
        accepted = [line for line in said.splitlines() if _ACCEPTED.search(line)]
        print(*accepted, sep="\n", end="\n" if accepted else "", flush=True)
        raise refusal(said, text)
    sys.stdout.write(said)
    judge(outcome, options)


def look_at_sent(script: str, place: Place, env: Mapping[str, str]) -> None:
    """Look at the manifests that a script will send. Raises ManifestError before any is sent.

    The learner's own are to stay in the workspace's namespace; the course's may name another.
    """
    root = course_root()
    for file in files_sent(script, env, root):
        own = file.is_relative_to(place.folder)
        shown = str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
        look_at(file.read_bytes(), place.namespace if own else "", NOTHING_SENT, shown)


def write(file: Path, text: str) -> None:
    """Write the manifest. A different text there that no cell of this kernel wrote is kept."""
    file.parent.mkdir(parents=True, exist_ok=True)
    there = file.read_text(encoding="utf-8", errors="replace") if file.exists() else text
    if there not in (text, _written.get(file)):
        kept = _free(file.parent / EARLIER / file.name)
        kept.parent.mkdir(exist_ok=True)
        file.replace(kept)
        say(KEPT.format(file=file.name, kept=kept))
    file.write_text(text, encoding="utf-8")
    _written[file] = text


def _free(file: Path) -> Path:
    """`file`, or the first of file-2, file-3 … that is not there."""
    names = chain([file], (file.with_stem(f"{file.stem}-{number}") for number in count(2)))
    return next(name for name in names if not name.exists())


def _no_file(name: str, folder: Path) -> UsageError:
    there = ", ".join(sorted(each.name for each in folder.glob("*.y*ml"))) or "-"
    return UsageError(
        Text(f"没有文件 {folder / name}。", f"There is no file {folder / name}."),
        Text(f"那里有：{there}。", f"In that folder there is: {there}."),
    )
