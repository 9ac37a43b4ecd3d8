"""A script's output arrives whole and in order, and nothing it started outlives it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from checker.notebook.process import Outcome, run


class Script:
    """Runs scripts in one folder and keeps what they wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[str] = []

    def __call__(self, text: str, seconds: float = 20) -> Outcome:
        env = {"PATH": os.environ["PATH"]}
        return run(text, env=env, folder=self.folder, seconds=seconds, write=self.written.append)

    @property
    def output(self) -> str:
        return "".join(self.written)


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return Script(tmp_path)


def is_alive(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be collected does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z", "X")


def all_end(pids: str) -> bool:
    """Whether every process ends; a killed orphan may take a moment to be gone."""
    patience = time.monotonic() + 10
    while any(is_alive(int(pid)) for pid in pids.split()):
        if time.monotonic() > patience:
            return False
        time.sleep(0.02)
    return bool(pids.split())


def test_a_script_that_ends_well_gives_zero_and_its_output(script: Script) -> None:
    assert script("echo one; echo two") == Outcome(0)
    assert script.output == "one\ntwo\n"


def test_both_streams_come_in_the_order_they_were_written(script: Script) -> None:
    script("echo 1; echo 2 >&2; echo 3; echo 4 >&2")
    assert script.output == "1\n2\n3\n4\n"


def test_lines_arrive_while_the_script_still_runs(script: Script, tmp_path: Path) -> None:
    """The script waits for a file that is made only when its first line has arrived."""

    def answer(text: str) -> None:
        script.written.append(text)
        (tmp_path / "seen").touch()

    waits = "echo first; until [ -e seen ]; do sleep 0.01; done; echo second"
    outcome = run(waits, env=os.environ, folder=tmp_path, seconds=20, write=answer)
    assert outcome == Outcome(0)
    assert script.output == "first\nsecond\n"


def test_a_character_split_between_two_reads_stays_whole(script: Script) -> None:
    script(r"printf '\xe4\xbd'; sleep 0.05; printf '\xa0\n'")
    assert script.output == "你\n"


def test_bytes_that_are_no_text_do_not_stop_the_output(script: Script) -> None:
    script(r"printf '\xff\xfe\n'; echo after")
    assert script.output.endswith("after\n")


def test_a_last_line_without_its_end_is_shown(script: Script) -> None:
    script("printf end")
    assert script.output == "end\n"


def test_a_failure_in_the_middle_ends_the_script_there(script: Script) -> None:
    outcome = script("echo one\nfalse\necho three")
    assert (outcome.code, script.output) == (1, "one\n")


def test_a_failure_on_the_left_of_a_pipe_counts(script: Script) -> None:
    assert script("false | cat").code == 1


def test_a_variable_that_is_not_set_is_an_error(script: Script) -> None:
    assert script("echo $not_set").code != 0


def test_the_command_that_failed_is_named_with_its_line(script: Script) -> None:
    outcome = script("echo one\n\nif false; then :; fi\ngrep -q needle /dev/null\n")
    assert outcome == Outcome(1, line=4, command="grep -q needle /dev/null")


def test_a_script_cannot_read_the_kernels_input(script: Script) -> None:
    assert script("read -r line || echo nothing").code == 0
    assert script.output == "nothing\n"


def test_at_its_limit_a_script_ends_with_all_it_started(script: Script) -> None:
    outcome = script("sleep 300 & echo $!; echo $$; wait", seconds=1)
    assert outcome.timed_out
    assert all_end(script.output)


def test_a_process_that_ignores_the_request_to_end_is_killed(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.notebook.process.TERMINATE_SECONDS", 0.1)
    outcome = script("trap '' TERM; echo $$; while :; do sleep 0.1; done", seconds=0.5)
    assert outcome.timed_out
    assert all_end(script.output)


def test_what_a_script_started_gets_time_to_tidy_up(script: Script) -> None:
    child = "trap 'sleep 0.3; touch tidied; exit' TERM; touch begun; while :; do sleep 0.1; done"
    outcome = script(f"bash -c {shlex.quote(child)}", seconds=1)
    assert outcome.timed_out
    assert (script.folder / "begun").exists()
    assert (script.folder / "tidied").exists()


def test_a_helper_left_in_the_background_ends_with_its_script(script: Script) -> None:
    assert script("sleep 300 & echo $!") == Outcome(0)
    assert all_end(script.output)


def test_a_limit_of_months_is_no_trouble(script: Script) -> None:
    assert script("true", seconds=1e9) == Outcome(0)


def test_endless_output_ends_at_the_limit(script: Script) -> None:
    kept: list[int] = []
    env = {"PATH": os.environ["PATH"]}
    outcome = run("yes", env=env, folder=script.folder, seconds=0.3, write=lambda t: kept.append(1))
    assert outcome.timed_out


def test_an_interrupted_script_ends_with_all_it_started(script: Script) -> None:
    def interrupt(text: str) -> None:
        script.written.append(text)
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    text = "sleep 300 & echo $! $$; wait"
    with pytest.raises(KeyboardInterrupt):
        run(text, env=os.environ, folder=script.folder, seconds=20, write=interrupt)
    assert all_end(script.output)
