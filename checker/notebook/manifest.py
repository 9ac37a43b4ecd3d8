"""Takes a manifest from a cell to the cluster: looks at it first, then writes, then applies it."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from checker.notebook.options import Options
from checker.notebook.plain import INTERRUPTED, CommandError, ManifestError, UsageError
from checker.notebook.process import run
from checker.notebook.refusals import first_line, what_to_do
from checker.notebook.session import Place
from checker.notebook.shell import NOT_RUNNABLE, judge
from checker.notebook.yaml_trouble import Document, documents, find_trouble
from checker.paths import course_root
from checker.texts import Text

TEAM = "team/"
"""Before a manifest's name: it is for the lab's second namespace, and lies in that folder."""
_NAME = re.compile(rf"({TEAM})?[A-Za-z0-9][A-Za-z0-9._-]*\.ya?ml")
NOTHING_SENT = Text("什么都没有写入，也没有发送。", "Nothing was written, nothing was sent.")
EARLIER = ".earlier"
"""Folder beside the manifests for the text that a cell replaced; kubectl does not look into it."""


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
    look_at(text, place.namespace)
    file = place.folder / name
    write(file, text)
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
        raise refusal(said)
    sys.stdout.write(said)
    judge(outcome, options)


_ACCEPTED = re.compile(r" (created|configured|unchanged)$")


def look_at(text: str, namespace: str) -> None:
    """Raise ManifestError unless this is a sound manifest for `namespace`."""
    if trouble := find_trouble(text):
        raise ManifestError(
            Text(trouble.show("zh"), trouble.show("en")),
            Text("{cause}{nothing}", "{cause} {nothing}").format(
                cause=trouble.cause, nothing=NOTHING_SENT
            ),
        )
    for document in documents(text):
        if document.namespace not in ("", namespace):
            raise _other_namespace(document, namespace)


def write(file: Path, text: str) -> None:
    """Write the manifest; a different text that stood there before is kept beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.read_text(encoding="utf-8", errors="replace") != text:
        earlier = file.parent / EARLIER / file.name
        earlier.parent.mkdir(exist_ok=True)
        file.replace(earlier)
    file.write_text(text, encoding="utf-8")


def refusal(output: str) -> ManifestError:
    """What the cluster answered, and what to do about it."""
    return ManifestError(
        Text("集群没有接受这份清单：", "The cluster did not take this manifest:"),
        what_to_do(output),
        first_line(output) or "kubectl apply",
    )


def _other_namespace(document: Document, namespace: str) -> ManifestError:
    where = f"{document.kind}/{document.name}"
    return ManifestError(
        Text(
            f"第 {document.namespace_line} 行：{where} 写着 namespace: {document.namespace}，"
            f"而你的命名空间是 {namespace}。",
            f"Line {document.namespace_line}: {where} says namespace: {document.namespace}, but "
            f"your namespace is {namespace}.",
        ),
        Text(
            "删掉这一行：课程会把清单送到你自己的命名空间。{nothing}",
            "Remove this line: the course sends a manifest to your own namespace. {nothing}",
        ).format(nothing=NOTHING_SENT),
    )
