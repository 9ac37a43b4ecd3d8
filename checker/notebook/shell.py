"""Shell cells that fail loudly: a command's end is the cell's end, and it has a limit."""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Mapping

from checker.notebook.options import Options
from checker.notebook.plain import AGAIN, CommandError, here, say
from checker.notebook.process import Outcome, Write, run
from checker.notebook.refusals import known, reason
from checker.notebook.yamlcheck import YamlTrouble, find_trouble
from checker.paths import course_root
from checker.texts import Text

MOST_LINES = 2000
"""More lines than anyone reads; past them a browser only gets slow."""

TAIL_LINES = 40
"""Lines in which the reason of a failure is looked for."""

NOT_RUNNABLE = (126, 127)
"""bash's exit codes for a command that cannot be run or found: a typo, never a planned failure."""


def run_shell(script: str, options: Options, env: Mapping[str, str]) -> None:
    """Run `script` in the course's folder and print its output as it comes.

    Raises CommandError when it fails, outlives its limit, is interrupted, or was to fail and
    did not.
    """
    write = Limited()
    try:
        outcome = run(script, env=env, folder=course_root(), seconds=options.seconds, write=write)
    except KeyboardInterrupt:
        raise _interrupted() from None
    write.close()
    judge(outcome, options, write.tail)


def judge(outcome: Outcome, options: Options, said: str = "") -> None:
    """Say that a failure was planned, or raise what the outcome means. `said`: the last lines."""
    if outcome.timed_out:
        raise _out_of_time(options.seconds)
    if outcome.code == 0 and options.fails:
        raise _did_not_fail()
    if outcome.code == 0:
        return
    if not options.fails or outcome.code in NOT_RUNNABLE:
        raise _failed(outcome, said)
    say(
        Text(
            f"不出所料：命令失败了，退出码 {outcome.code}。",
            f"As planned: the command failed with exit code {outcome.code}.",
        )
    )


class Limited:
    """Prints lines, and stops at a number nobody would read."""

    def __init__(self, most: int = MOST_LINES, write: Write | None = None) -> None:
        self._left = most
        self._dropped = 0
        self._write = write
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)

    @property
    def tail(self) -> str:
        """The last lines, shown or not."""
        return "".join(self._tail)

    def __call__(self, lines: str) -> None:
        """Print these whole lines, as many as are left."""
        parts = lines.splitlines(keepends=True)
        self._tail.extend(parts)
        shown = parts[: self._left]
        self._left -= len(shown)
        self._dropped += len(parts) - len(shown)
        if shown:
            out = self._write or sys.stdout.write
            out("".join(shown))
            sys.stdout.flush()

    def close(self) -> None:
        """Say how much was left out."""
        if self._dropped:
            say(
                Text(
                    f"……后面还有 {self._dropped} 行，没有显示。",
                    f"… and {self._dropped} more lines, not shown.",
                )
            )


def _interrupted() -> CommandError:
    return CommandError(
        Text(
            "你中断了单元格，命令和它启动的一切都已结束。",
            "You interrupted the cell; the command and all it started have ended.",
        ),
        AGAIN,
    )


def _out_of_time(seconds: float) -> CommandError:
    return CommandError(
        Text(
            f"命令过了 {seconds:g} 秒还没结束，所以它和它启动的一切都被停下了"
            f"（限时 --timeout {seconds:g}）。",
            f"The command had not ended after {seconds:g} seconds, so it was stopped with all it "
            f"had started (limit: --timeout {seconds:g}).",
        ),
        Text(
            f"先看它在等什么：%shell kubectl get pods,events。如果它本来就要这么久，"
            f"就放宽限时：--timeout {seconds * 2:g}。",
            f"See what it waits for: %shell kubectl get pods,events. If it does need longer, give "
            f"it more: --timeout {seconds * 2:g}.",
        ),
    )


def _did_not_fail() -> CommandError:
    return CommandError(
        Text(
            "这条命令本该失败（--fails），却成功了。",
            "This command was to fail (--fails), and it succeeded.",
        ),
        Text(
            "多半是前面的某一步没有做，或者集群里还留着旧的对象：从 lesson(…) 那个单元格重新开始。",
            "A step before it was probably left out, or old objects are still there: start again "
            "from the cell with lesson(…).",
        ),
    )


_PARSING = re.compile(r"error parsing (?P<file>\S+): error converting YAML")


def _failed(outcome: Outcome, said: str) -> CommandError:
    shown = outcome.command.splitlines()[0][:80] if outcome.command else ""
    where = Text("", "")
    if shown:
        where = Text(f"（第 {outcome.line} 行：{shown}）", f" (line {outcome.line}: {shown})")
    if outcome.code in NOT_RUNNABLE:
        todo = Text(
            "这条命令不存在或不能运行：检查有没有拼错。",
            "There is no such command, or it cannot be run: check its spelling.",
        )
    else:
        todo = (reason(said) and known(said)) or Text(
            "先读上面的最后几行，改好之后再运行这个单元格。",
            "Read the last lines above, fix the cause, run the cell again.",
        )
    detail = ""
    if trouble := _in_manifest(said):
        detail, todo = trouble.show(here()), trouble.cause
    return CommandError(
        Text(
            "命令失败了，退出码 {code}{where}。", "The command failed with exit code {code}{where}."
        ).format(code=outcome.code, where=where),
        todo,
        detail,
    )


def _in_manifest(said: str) -> YamlTrouble | None:
    """The trouble in a manifest that kubectl could not read, in better words than kubectl's."""
    found = _PARSING.search(said)
    file = course_root() / found["file"] if found else None
    return find_trouble(file.read_bytes()) if file and file.is_file() else None
