"""A shell cell ends well only if its command did, and says what to do when it did not."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from checker.notebook.magics import CourseMagics
from checker.notebook.plain import CommandError, NotReadyError, UsageError
from checker.notebook.session import Place, Session
from checker.notebook.shell import Limited


@pytest.fixture
def magics(session: Session) -> CourseMagics:
    return CourseMagics(session)


def test_a_command_shows_its_output_and_nothing_else(magics, capsys) -> None:
    magics.shell_line("echo one; echo two >&2")
    assert capsys.readouterr().out == "one\ntwo\n"


def test_a_command_runs_in_the_courses_folder(magics, root: Path, capsys) -> None:
    magics.shell_line("pwd -P")
    assert capsys.readouterr().out.strip() == str(root.resolve())


def test_kubectl_is_the_courses_own_and_sees_the_demo(magics, root, kubectl) -> None:
    magics.shell_line("kubectl get pods")
    assert kubectl.asked == [f"{root}/demo.kubeconfig get pods"]


def test_with_team_kubectl_sees_the_second_namespace(magics, root, kubectl, session) -> None:
    session.places["team"] = Place("team-01-toy", root, root / "team.kubeconfig")
    magics.shell_line("--team kubectl get pods")
    assert kubectl.asked == [f"{root}/team.kubeconfig get pods"]


def test_with_lab_kubectl_sees_the_lab(magics, root, kubectl) -> None:
    magics.shell_cell("--lab", "kubectl get pods\n")
    assert kubectl.asked == [f"{root}/lab.kubeconfig get pods"]


def test_work_is_the_folder_of_the_lab_in_both(magics, root, capsys) -> None:
    magics.shell_line("echo $WORK")
    magics.shell_line("--lab echo $WORK")
    assert capsys.readouterr().out == f"{root}/work/01-toy/lab\n" * 2


def test_programs_in_a_shell_speak_the_notebooks_language(magics, chinese, capsys) -> None:
    magics.shell_line("echo $PODLAB_LANG")
    assert capsys.readouterr().out == "zh\n"


def test_before_a_lesson_nothing_runs(capsys) -> None:
    with pytest.raises(NotReadyError, match="lesson"):
        CourseMagics(Session()).shell_line("echo one")
    assert capsys.readouterr().out == ""


def test_a_failure_raises_with_exit_code_line_and_command(magics) -> None:
    with pytest.raises(CommandError, match=r"exit code 1 \(line 2: grep -q a /dev/null\)"):
        magics.shell_cell("", "echo one\ngrep -q a /dev/null\necho two\n")


def test_a_failure_in_the_middle_of_a_pipe_raises(magics) -> None:
    with pytest.raises(CommandError):
        magics.shell_line("false | cat")


def test_a_planned_failure_is_called_planned(magics, capsys) -> None:
    magics.shell_line("--fails echo no >&2; exit 4")
    assert capsys.readouterr().out == "no\nAs planned: the command failed with exit code 4.\n"


def test_a_planned_failure_that_succeeds_raises(magics) -> None:
    with pytest.raises(CommandError, match="it succeeded"):
        magics.shell_line("--fails true")


def test_a_mistyped_command_is_no_planned_failure(magics) -> None:
    with pytest.raises(CommandError, match="check its spelling"):
        magics.shell_line("--fails kubctl get pods")


@pytest.mark.parametrize("planned", ["", "--fails "])
def test_at_its_limit_a_command_raises_and_says_which_limit(magics, planned: str) -> None:
    with pytest.raises(CommandError, match=r"--timeout 0\.2(?s:.*)--timeout 0\.4"):
        magics.shell_line(f"{planned}--timeout 0.2 sleep 60")


def test_an_interrupted_cell_raises_so_that_no_test_takes_it_for_good(magics, session) -> None:
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(CommandError, match="interrupted"):
        magics.shell_line("sleep 60")


@pytest.mark.parametrize("line", ["", "   ", "--fails", "--timeout 5"])
def test_a_line_without_a_command_is_refused(magics, line: str) -> None:
    with pytest.raises(UsageError):
        magics.shell_line(line)


def test_words_beside_the_options_of_a_cell_are_refused(magics) -> None:
    with pytest.raises(UsageError, match="lines below"):
        magics.shell_cell("--fails kubectl get pods", "true\n")


def test_output_stops_at_a_number_of_lines_nobody_reads(capsys) -> None:
    write = Limited(3)
    write("1\n2\n")
    write("3\n4\n5\n")
    write.close()
    assert capsys.readouterr().out == "1\n2\n3\n… and 2 more lines, not shown.\n"


def test_errors_are_chinese_in_the_chinese_notebook(magics, chinese) -> None:
    with pytest.raises(CommandError, match="退出码 1"):
        magics.shell_line("false")


def test_an_error_shows_its_words_without_a_traceback(magics) -> None:
    with pytest.raises(CommandError) as caught:
        magics.shell_line("false")
    shown = "\n".join(caught.value._render_traceback_())
    assert "exit code 1" in shown
    assert "Traceback" not in shown
    assert ".py" not in shown
