"""Finds the manifests that a script is about to send, so that they can be looked at before.

A script can do anything; what is not plain from its text is left to kubectl.
"""

from __future__ import annotations

import glob
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

_SENDS = re.compile(r"\bkubectl\b[^|;&\n]*?\b(?:apply|create|replace)\b[^|;&\n]*")
_FILE = re.compile(r"(?:-f|--filename)(?:=|$)|-f(?=.)")
# Such a script may make the very file that it sends: what stands there now says nothing.
_WRITES = re.compile(r"(?<![0-9&])>(?!\s*(?:/dev/null|&))|\b(?:sed|cp|mv|tee|ln|rm|git|python3?)\b")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<bare>\w+))")
_ENDINGS = (".yaml", ".yml", ".json")


def files_sent(script: str, env: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """The files that `kubectl apply -f` and its like will read when this script runs in `folder`.

    Files that are not there are left out, and all of them where the script may change them first.
    """
    script = script.replace("\\\n", " ")
    if _WRITES.search(script):
        return ()
    found: dict[Path, None] = {}
    for command in _SENDS.findall(script):
        for word in _words_after_f(command):
            found |= dict.fromkeys(_files(word, env, folder))
    return tuple(found)


def _words_after_f(command: str) -> Iterator[str]:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:  # a quotation mark that ends in another part of the script
        return
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if flag := _FILE.match(word):
            value = word[flag.end() :] or after
            yield from value.split(",")


def _files(word: str, env: Mapping[str, str], folder: Path) -> Iterator[Path]:
    names = [found["braced"] or found["bare"] for found in _VARIABLE.finditer(word)]
    if any(name not in env for name in names):
        return
    plain = _VARIABLE.sub(lambda found: env[found["braced"] or found["bare"]], word)
    for path in sorted(glob.glob(str(folder / Path(plain).expanduser()))):
        file = Path(path)
        if file.is_dir():
            yield from (each for each in sorted(file.iterdir()) if each.suffix in _ENDINGS)
        elif file.is_file():
            yield file
