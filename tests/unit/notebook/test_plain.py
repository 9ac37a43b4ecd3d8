"""Errors reach the learner as sentences in the notebook's language."""

from __future__ import annotations

import pytest

from checker.notebook.plain import PlainError, UsageError, here, plainly, say
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

WHAT = Text("出了事。", "It happened.")
TODO = Text("这样做。", "Do this.")


@plainly
def fail(error: BaseException) -> None:
    raise error


def test_a_trouble_of_a_lower_room_becomes_words_without_a_traceback() -> None:
    with pytest.raises(PlainError) as caught:
        fail(Trouble(WHAT, TODO, "last words"))
    assert caught.value._render_traceback_() == ["It happened.", "  last words", "→ Do this."]
    assert caught.value.__suppress_context__


def test_an_error_of_ours_stays_what_it_is() -> None:
    with pytest.raises(UsageError):
        fail(UsageError(WHAT, TODO))


def test_an_interruption_is_an_error_in_words() -> None:
    with pytest.raises(PlainError, match="You interrupted the cell"):
        fail(KeyboardInterrupt())


def test_what_the_system_refuses_is_told_in_words_and_with_what_to_do() -> None:
    with pytest.raises(PlainError) as caught:
        fail(PermissionError(13, "Permission denied", "/course/work"))
    said = str(caught.value)
    assert "The system refused: [Errno 13] Permission denied: '/course/work'" in said
    assert "podlab doctor" in said
    assert caught.value.code == NOT_CHECKED


def test_an_error_nobody_foresaw_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError())


def test_the_folder_of_the_notebook_decides_the_language(capsys, chinese) -> None:
    assert here() == "zh"
    say(WHAT)
    assert capsys.readouterr().out == "出了事。\n"
    assert str(UsageError(WHAT, TODO)) == "出了事。\n→ 这样做。"


def test_elsewhere_the_environment_decides_the_language(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PODLAB_LANG", "zh")
    assert here() == "zh"
