"""The file of a run: JSON lines, first what is to be done, then a line for each learner and lab.

A line is written when it is known and never changed. Of two lines of the same learner and lab the
later one counts, task by task, where it decides; half a line, left by a run that was killed, counts
as none.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from checker.model import ClassRun, LabReport, Pair, RunHead
from checker.paths import course_root
from checker.texts import Text
from checker.trouble import NOT_CHECKED, USAGE, Trouble

FORMAT = "podlab class run 1"
ENDING = ".jsonl"


def results_dir() -> Path:
    """`results/`: what came of grading. Never deleted by the course."""
    return course_root() / "results"


def runs_in(folder: Path) -> list[Path]:
    """The files of all runs in a folder, the oldest first."""
    return sorted(folder.glob(f"*{ENDING}"), key=lambda file: file.stem)


def latest(folder: Path) -> Iterator[tuple[Path, ClassRun]]:
    """All runs in a folder with their files, the last first. What is no run is passed over."""
    for path in reversed(runs_in(folder)):
        with suppress(Trouble):
            yield path, read_run(path)


def read_run(file: Path) -> ClassRun:
    """What a run has come to. Raises Trouble for a file that is none."""
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        what = Text(f"读不到：{error.strerror}", f"cannot be read: {error.strerror}")
        raise _no_run(file, what) from error
    head = _head(file, lines[0])
    reports: dict[Pair, LabReport] = {}
    torn = 0
    for line in filter(None, lines[1:]):
        try:
            row = json.loads(line)
            pair, report = (row["pupil"], row["lab"]), LabReport.from_dict(row["report"])
            reports[pair] = report.over(reports.get(pair, report))
        except (ValueError, KeyError, TypeError):
            torn += 1
    return ClassRun(head, reports, torn)


class RunFile:
    """A run's file, open for more lines. A context manager; it belongs to one process at a time."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise _taken(path) from error

    @classmethod
    def create(cls, folder: Path, head: RunHead) -> RunFile:
        """Begin a run in a file of its own, named after date and time."""
        stamp = f"{head.started_at.astimezone():%Y-%m-%dT%H-%M-%S}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            made = _new(folder, stamp)
        except OSError as error:
            raise _unwritable(folder, error) from error
        try:
            made.write({"format": FORMAT} | head.to_dict())
        except BaseException as error:
            made.__exit__(type(error), error, None)
            made.path.unlink()  # without its head it is no run
            raise
        return made

    @classmethod
    def reopen(cls, path: Path) -> RunFile:
        """Go on with a run. What is there stays; half a line at its end is closed."""
        try:
            torn = not path.read_bytes().endswith(b"\n")
            made = cls(path, path.open("ab"))
        except OSError as error:
            raise _unwritable(path, error) from error
        if torn:
            made.end_line()
        return made

    def keep(self, pair: Pair, report: LabReport) -> None:
        """Write down what came of one learner and lab."""
        self.write({"pupil": pair[0], "lab": pair[1], "report": report.to_dict()})

    def write(self, row: dict[str, Any]) -> None:
        """One line, at once. Raises Trouble when the disk is full."""
        # Half a surrogate pair cannot be written as UTF-8; escaped as Python does, it is JSON.
        text = json.dumps(row, ensure_ascii=False)
        try:
            self._file.write(text.encode("utf-8", "backslashreplace"))
            self.end_line()
        except OSError as error:
            raise _no_room(self.path, error) from error

    def end_line(self) -> None:
        """The end of a line, and out with it."""
        self._file.write(b"\n")
        self._file.flush()

    def __enter__(self) -> RunFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What could not be written is tried once more here, and was told already.
        with suppress(OSError) if error else nullcontext():
            self._file.close()


def _new(folder: Path, stamp: str) -> RunFile:
    for number in count(1):
        path = folder / f"{stamp if number == 1 else f'{stamp}-{number}'}{ENDING}"
        try:
            return RunFile(path, path.open("xb"))
        except FileExistsError:
            continue
    raise AssertionError("there is a name for each number")


def _head(file: Path, line: bytes) -> RunHead:
    try:
        data = json.loads(line)
        known = data["format"] == FORMAT
        if known:
            return RunHead.from_dict(data)
    except (ValueError, KeyError, TypeError) as error:
        what = Text("不是一次评分的文件", "is not the file of a run")
        raise _no_run(file, what) from error
    what = Text(f"的格式是 {data['format']!r}", f"is of the form {data['format']!r}")
    raise _no_run(file, what)


def _no_run(file: Path, what: Text) -> Trouble:
    return Trouble(
        Text(f"{file} {what.zh}。", f"{file} {what.en}."),
        Text(
            "指定 podlab class grade 写出的文件，例如 results/2026-01-31T09-00-00.jsonl。",
            "Name a file that podlab class grade wrote, as results/2026-01-31T09-00-00.jsonl.",
        ),
        code=USAGE,
    )


def _taken(path: Path) -> Trouble:
    return Trouble(
        Text(f"另一个进程正在写 {path}。", f"Another process is writing to {path}."),
        Text("等它结束，或者用 --new 重新开始。", "Wait for its end, or begin anew with --new."),
    )


def _unwritable(path: Path, error: OSError) -> Trouble:
    return Trouble(
        Text(f"写不了 {path}：{error.strerror}。", f"{path} cannot be written: {error.strerror}."),
        Text("用 --out 指定另一个文件夹。", "Name another folder with --out."),
        code=USAGE,
    )


def _no_room(path: Path, error: OSError) -> Trouble:
    return Trouble(
        Text(
            f"写不完 {path}：{error.strerror}。已经写好的成绩还在。",
            f"{path} cannot be written to its end: {error.strerror}. What was written stays.",
        ),
        Text(
            f"腾出磁盘空间，再接着做：podlab class grade --resume {path}",
            f"Make room on the disk and go on: podlab class grade --resume {path}",
        ),
        code=NOT_CHECKED,
    )
