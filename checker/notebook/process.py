"""Runs one bash script to its end or to its limit. Free of IPython and of the cluster.

The script leads a process group of its own, and the group ends with it: a helper left in the
background would go on writing into a notebook nobody looks at. Both streams share one pipe,
since two pipes lose the order in which a person would have read them.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import tempfile
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from checker.environment.run import end

TERMINATE_SECONDS = 2.0
"""A group asked to end gets this long before it is killed."""

DRAIN_SECONDS = 0.3
"""After bash has ended, what its children still write is read for this long."""

MOST_SECONDS = 3600.0
"""No wait of the system may be longer than some weeks, so a long one is made of parts."""

GLANCE_SECONDS = 0.2
"""How often a script that may be given up asks whether it is."""

# The trap notes which command ended the script: `grep -q` and `test` say nothing themselves.
# It stands on the script's first line, so that line numbers stay those of the cell.
PROLOGUE = 'set -euo pipefail; trap \'printf "%s\\t%s\\n" "$LINENO" "$BASH_COMMAND" >&{fd}\' ERR; '

Write = Callable[[str], object]


@dataclass(frozen=True)
class Outcome:
    """How a script ended. `code` is as bash gives it; a script that was ended has none."""

    code: int | None
    line: int | None = None
    command: str = ""

    @property
    def timed_out(self) -> bool:
        """Whether the limit ended it."""
        return self.code is None


def run(
    script: str,
    *,
    env: Mapping[str, str],
    folder: Path,
    seconds: float,
    write: Write,
    give_up: threading.Event | None = None,
) -> Outcome:
    """Run `script` under `set -euo pipefail` in `folder`; give every whole line to `write`.

    `seconds` is the limit for all of it; another thread may set `give_up` to end it before.
    KeyboardInterrupt ends the group and is raised again.
    """
    with tempfile.TemporaryFile() as note:
        process = subprocess.Popen(
            ["bash", "-c", PROLOGUE.format(fd=note.fileno()) + script],
            env=dict(env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(note.fileno(),),
        )
        try:
            in_time = _follow(process, time.monotonic() + seconds, _Lines(write), give_up)
        finally:
            end(process, TERMINATE_SECONDS)
            _output(process).close()
        if not in_time:
            return Outcome(None)
        return Outcome(process.returncode, *_place(note))


def _follow(
    process: subprocess.Popen[bytes],
    deadline: float,
    lines: _Lines,
    give_up: threading.Event | None,
) -> bool:
    """Pass the output on until the script has ended: True. False when something else came first."""
    bell, ring = os.pipe()
    threading.Thread(target=_await, args=(process, ring), daemon=True).start()
    ended = False
    with selectors.DefaultSelector() as eyes, open(bell, "rb", buffering=0) as ear:
        eyes.register(ear, selectors.EVENT_READ)
        eyes.register(_output(process), selectors.EVENT_READ)
        while eyes.get_map() and (left := deadline - time.monotonic()) > 0:
            if give_up and give_up.is_set():
                break
            for key, _ in eyes.select(min(left, GLANCE_SECONDS if give_up else MOST_SECONDS)):
                if chunk := os.read(key.fd, 65536):
                    lines.take(chunk)
                    continue
                eyes.unregister(key.fileobj)
                if key.fileobj is ear:
                    ended = True
                    deadline = min(deadline, time.monotonic() + DRAIN_SECONDS)
    lines.finish()
    return ended


def _await(process: subprocess.Popen[bytes], ring: int) -> None:
    process.wait()
    os.close(ring)


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdout is None:
        raise ValueError("the process was started without a pipe for its output")
    return process.stdout


class _Lines:
    """Cuts bytes into whole lines of text; a character split between two reads stays whole."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""

    def take(self, chunk: bytes) -> None:
        whole, line_end, self._rest = (self._rest + self._decode(chunk)).rpartition("\n")
        if line_end:
            self._write(whole + line_end)

    def finish(self) -> None:
        if rest := self._rest + self._decode(b"", True):
            self._write(rest + "\n")
        self._rest = ""


def _place(note: IO[bytes]) -> tuple[int | None, str]:
    """Line and command that ended the script, from the note its trap left."""
    note.seek(0)
    line, _, command = note.read().decode("utf-8", "replace").partition("\t")
    return (int(line), command.strip()) if line.isdigit() else (None, "")
