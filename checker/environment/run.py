"""Runs other programs: output line by line, nothing left running, failures with a reason.

Every child is the leader of a process group of its own, so that Ctrl-C, a time limit or an error
ends it together with what it started.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.environment.symptoms import explain
from checker.environment.wait import wait_until
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

TAIL_LINES = 12
GRACE_SECONDS = 10.0
LOOK_SECONDS = 0.02

_running: set[subprocess.Popen[str]] = set()
_lock = threading.Lock()
_stopping = threading.Event()


class Interrupted(Exception):
    """The program was ended because the whole command is being stopped."""


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
    on_line: Callable[[str], None] | None = None,
) -> str:
    """Run `argv` and return what it printed (both streams, in order).

    `env` is added to the environment, `timeout` is in seconds, `on_line` sees each line at once.
    Raises Trouble, with the program's last words, when it fails, is missing or takes too long.
    """
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    lines: list[str] = []
    with _started(argv, env, cwd) as process:
        too_slow = threading.Event()

        def give_up() -> None:
            too_slow.set()
            end(process)

        timer = threading.Timer(timeout or 0.0, give_up)
        if timeout:
            timer.start()
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(line)
                tail.append(line)
                if on_line:
                    on_line(line.rstrip("\n"))
            code = process.wait()
        finally:
            # Ctrl-C comes through here too: a timer left running would keep us from ending.
            timer.cancel()
    if _stopping.is_set():
        raise Interrupted(argv[0])
    if too_slow.is_set():
        timer.join()  # it goes on until all that the program started has ended
        raise _too_slow(argv, timeout or 0.0)
    if code != 0:
        raise explain(argv, "".join(tail))
    return "".join(lines)


def succeeds(argv: Sequence[str], *, env: Mapping[str, str] | None = None, timeout: float) -> bool:
    """Whether `argv` ends well within `timeout` seconds. Missing programs do not."""
    try:
        run(argv, env=env, timeout=timeout)
    except Trouble:
        return False
    return True


def query(
    argv: Sequence[str], *, env: Mapping[str, str] | None = None, timeout: float = 30.0
) -> str:
    """What `argv` prints on standard output, stripped; standard error is kept for the Trouble."""
    try:
        done = subprocess.run(
            list(argv),
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError:
        raise _missing(argv) from None
    except subprocess.TimeoutExpired:
        raise _too_slow(argv, timeout) from None
    if done.returncode != 0:
        raise explain(argv, done.stderr or done.stdout)
    return done.stdout.strip()


def stop_all() -> None:
    """End every program that was started here and is still running; none can start after it."""
    _stopping.set()
    with _lock:
        running = list(_running)
    for process in running:
        end(process)


def end(process: subprocess.Popen[Any], grace: float = GRACE_SECONDS) -> None:
    """Ask the process and all of its group to end, and after `grace` seconds make them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if _gone(process):
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        if wait_until(lambda: _gone(process), grace, every=LOOK_SECONDS):
            return


def _gone(process: subprocess.Popen[Any]) -> bool:
    """Whether the process has ended, and all that it started in its group."""
    if process.poll() is None:
        return False
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):  # macOS: only the dead are left
        return True
    return False


@contextlib.contextmanager
def _started(
    argv: Sequence[str], env: Mapping[str, str] | None, cwd: Path | None
) -> Iterator[subprocess.Popen[str]]:
    if _stopping.is_set():
        raise Interrupted(argv[0])
    try:
        process = subprocess.Popen(
            list(argv),
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except FileNotFoundError:
        raise _missing(argv) from None
    with _lock:
        _running.add(process)
    try:
        with process:
            # Who stops all may have looked just before this one was in the list.
            if _stopping.is_set():
                end(process)
                raise Interrupted(argv[0])
            yield process
    except BaseException:
        end(process)
        raise
    finally:
        with _lock:
            _running.discard(process)


def _missing(argv: Sequence[str]) -> Trouble:
    return Trouble(
        Text(f"找不到程序 {argv[0]}。", f"The program {argv[0]} is not installed."),
        Text(
            "运行 podlab doctor，它会列出缺少的东西和安装命令。",
            "Run podlab doctor: it lists what is missing and the command that installs it.",
        ),
        code=NOT_CHECKED,
    )


def _too_slow(argv: Sequence[str], seconds: float) -> Trouble:
    command = shlex.join(argv[:4])
    return Trouble(
        Text(
            f"“{command}”在 {seconds:.0f} 秒内没有结束，已经把它停掉。",
            f'"{command}" did not finish within {seconds:.0f} s and was stopped.',
        ),
        Text(
            "机器可能正忙；再试一次。如果还是这样，运行 podlab doctor。",
            "The machine may be busy: try once more. If it stays so, run podlab doctor.",
        ),
        code=NOT_CHECKED,
    )
