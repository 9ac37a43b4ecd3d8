from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from checker.environment import run
from checker.environment.symptoms import explain
from checker.environment.wait import wait_until
from checker.trouble import Trouble


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_lines_are_seen_as_they_come_and_returned() -> None:
    seen: list[str] = []
    assert run.run(["sh", "-c", "echo a; echo b >&2"], on_line=seen.append) == "a\nb\n"
    assert seen == ["a", "b"]


def test_a_failure_carries_the_programs_last_words() -> None:
    with pytest.raises(Trouble) as trouble:
        run.run(["sh", "-c", "echo the reason; exit 7"])
    assert trouble.value.detail == "the reason"


def test_a_missing_program_is_named() -> None:
    with pytest.raises(Trouble, match="no-such-program is not installed"):
        run.run(["no-such-program"])
    with pytest.raises(Trouble, match="no-such-program is not installed"):
        run.query(["no-such-program"])


def test_a_program_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with pytest.raises(Trouble, match=r"did not finish within 1 s"):
        run.run(["sh", "-c", f"sleep 60 & echo $! $$ > {pids}; wait"], timeout=0.5 + 0.5)
    started = [int(pid) for pid in pids.read_text().split()]
    assert len(started) == 2
    assert not any(alive(pid) for pid in started)


def test_ctrl_c_ends_what_runs_in_another_thread_and_lets_nothing_start(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    caught: list[BaseException] = []

    def work() -> None:
        try:
            run.run(["sh", "-c", f"echo $$ > {pids}; sleep 60"])
        except run.Interrupted as interrupted:
            caught.append(interrupted)

    thread = threading.Thread(target=work)
    thread.start()
    assert wait_until(lambda: pids.exists() and pids.read_text() != "", 10)
    run.stop_all()
    thread.join(20)
    assert not alive(int(pids.read_text()))
    assert caught
    with pytest.raises(run.Interrupted):
        run.run(["true"])


def test_ctrl_c_ends_what_starts_at_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    popen = subprocess.Popen

    def stopped_meanwhile(*words: object, **more: object) -> object:
        process = popen(*words, **more)
        started.append(process.pid)
        run.stop_all()
        return process

    monkeypatch.setattr(run.subprocess, "Popen", stopped_meanwhile)
    with pytest.raises(run.Interrupted):
        run.run(["sleep", "60"])
    assert started
    assert not alive(started[0])


def timers() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if isinstance(each, threading.Timer)]


def test_an_interrupted_program_leaves_no_timer_that_keeps_us_from_ending() -> None:
    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.run(["sh", "-c", "echo a; sleep 60"], timeout=300.0, on_line=interrupt)
    assert wait_until(lambda: not timers(), 10)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("write /x: no space left on device", "disk is full"),
        ("dial tcp: lookup example on 10.0.0.1:53: no such host", "network is down"),
        ("read: connection reset by peer", "network is down"),
        ("E: Failed to fetch stable/Release", "network is down"),
        ("mkdir /var/x: permission denied", "not allowed"),
        ("listen tcp 127.0.0.1:80: bind: address already in use", "uses the port"),
        ("segfault", "This command failed: tool build"),
    ],
)
def test_the_last_words_of_a_program_are_explained(words: str, meaning: str) -> None:
    trouble = explain(["tool", "build"], words)
    assert meaning in trouble.what.en
    assert trouble.detail == words
    assert trouble.what.zh != trouble.what.en


def test_waiting_ends_at_its_deadline_and_not_before() -> None:
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    looks: list[float] = []
    assert not wait_until(lambda: bool(looks.append(now)), 2.0, clock=lambda: now, sleep=sleep)
    assert looks[-1] == 2.0
    assert wait_until(lambda: now >= 3.0, 5.0, clock=lambda: now, sleep=sleep)
