from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from checker.cli import app, course, ends
from checker.texts import Text
from checker.trouble import Trouble


def podlab(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checker", *words],
        env={"PATH": "/nowhere", "HOME": "/nowhere", "LANG": "C.UTF-8", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def names() -> list[str]:
    every = [command.name or command.callback.__name__ for command in app.app.registered_commands]
    return [name for name in every if name != "author"]  # it hands its help on


def test_there_are_commands() -> None:
    assert {"new", "up", "down", "status", "doctor", "lab", "shell", "purge"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_every_commands_help_shows_an_example(name: str) -> None:
    shown = CliRunner().invoke(app.app, [name, "--help"])
    assert shown.exit_code == 0
    assert "Example: podlab" in shown.stdout


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["check", "storage", "--lang", "zh"], ["--lang", "zh", "check", "storage"]),
        (["up", "--lang=en"], ["--lang=en", "up"]),
        (["shell", "-c", "x --lang zh"], ["shell", "-c", "x --lang zh"]),
        (["shell", "-c", "--lang", "zh"], ["shell", "-c", "--lang", "zh"]),
        (["up"], ["up"]),
    ],
)
def test_the_language_may_stand_anywhere(typed: list[str], read: list[str]) -> None:
    assert app.language_first(typed) == read


def test_a_wrong_word_is_a_usage_error() -> None:
    assert podlab("upp").returncode == 2
    assert podlab("--lang", "fr", "doctor").returncode == 2


def test_a_command_starts_without_the_classes_of_the_cluster() -> None:
    """The Kubernetes library loads a class when it is asked for; all together take seconds."""
    tells = """if True:
        import sys
        import checker.cli.app
        from checker.catalogue import lab_names, load_lab
        labs = [load_lab(name) for name in lab_names()]
        print(len(labs), *(name for name in sys.modules if name.startswith("kubernetes.")))
        """
    told = subprocess.run([sys.executable, "-c", tells], capture_output=True, text=True, check=True)
    labs, *loaded = told.stdout.split()
    assert int(labs) > 0
    heavy = ("kubernetes.client.api.", "kubernetes.client.models.")
    # The version of the cluster is asked for at every connection; its class is small.
    small = {"kubernetes.client.api.version_api", "kubernetes.client.models.version_info"}
    assert [name for name in loaded if name.startswith(heavy) and name not in small] == []


def test_without_an_engine_a_command_says_what_to_do_in_the_readers_language() -> None:
    english = podlab("--lang", "en", "up")
    chinese = podlab("--lang", "zh", "up")
    assert (english.returncode, chinese.returncode) == (3, 3)
    assert "No container engine works" in english.stderr
    assert "没有可用的容器引擎" in chinese.stderr
    assert "→ " in english.stderr
    assert "Traceback" not in english.stderr + chinese.stderr


def test_the_version_is_told_anywhere(tmp_path: Path) -> None:
    shown = podlab("--version", PODLAB_COURSE=str(tmp_path / "typo"))
    assert (shown.returncode, shown.stdout) == (0, f"podlab {metadata.version('podlab')}\n")


def test_a_course_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    said = podlab("start", "00", PODLAB_COURSE=str(tmp_path / "typo"))
    assert said.returncode == 2
    assert "typo" in said.stderr
    assert "→ " in said.stderr


def test_what_the_course_starts_stays_with_this_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODLAB_COURSE", str(tmp_path))
    environ = course.course_environ()
    monkeypatch.chdir("/")
    assert environ["PODLAB_COURSE"] == str(tmp_path)
    assert environ["PATH"].startswith(str(tmp_path / ".podlab" / "bin"))


def test_trouble_ends_with_its_own_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Trouble(Text.same("it broke"), Text.same("mend it"), "last words", code=1)

    monkeypatch.setattr(ends, "stop_all", lambda: None)
    with pytest.raises(SystemExit) as ended:
        ends.end_in_words(fail, [])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "it broke\n  last words\n→ mend it\n"


def test_ctrl_c_ends_what_runs_and_says_that_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = []
    interrupted = typer.Typer()

    @interrupted.command()
    def work() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ends, "stop_all", lambda: stopped.append(True))
    with pytest.raises(SystemExit) as ended:
        ends.end_in_words(interrupted, [])
    assert ended.value.code == 130
    assert stopped
    assert "kept" in capsys.readouterr().err


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        assert course.free_port(port) > port


def test_when_every_port_is_taken_the_error_names_another_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(course, "PORTS_TRIED", 0)
    with pytest.raises(Trouble, match="all taken") as trouble:
        course.free_port(9000)
    assert "--port" in trouble.value.todo.en


def test_the_authors_program_takes_the_commands_place_and_gets_its_signals_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, words: began.append([program, *words]))
    CliRunner().invoke(app.app, ["author", "build", "--check"])
    words = [sys.executable, "-m", "checker.cli.authoring", "build", "--check"]
    assert began == [[sys.executable, *words]]


@pytest.mark.parametrize("port", ["0", "65536"])
def test_a_port_that_is_none_is_a_usage_error(port: str) -> None:
    assert podlab("lab", "--port", port).returncode == 2


def test_the_last_ports_are_tried_and_none_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(probe: socket.socket, place: tuple[str, int]) -> None:
        assert place[1] <= 65535
        raise OSError

    monkeypatch.setattr(course.socket.socket, "bind", taken)
    with pytest.raises(Trouble, match="65530 to 65535"):
        course.free_port(65530)
