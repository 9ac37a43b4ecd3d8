from __future__ import annotations

import pytest

from checker.catalogue import seal, seal_reveals, unseal


@pytest.mark.parametrize("letter", "abcd")
def test_a_seal_stands_for_its_letter_and_shows_nothing_of_it(letter: str) -> None:
    sealed = seal("01-storage", "q1", letter)
    assert unseal("01-storage", "q1", sealed) == letter
    assert sealed != letter


def test_one_letter_has_another_seal_in_each_question_and_lesson() -> None:
    seals = {seal(lesson, question, "b") for lesson in ("01", "02") for question in ("q1", "q2")}
    assert len(seals) == 4


def test_a_word_that_is_no_seal_stands_for_itself() -> None:
    assert unseal("01-storage", "q1", "b") == "b"


def test_the_answers_in_a_cell_are_sealed_and_nothing_else_is() -> None:
    code = '%shell echo \'reveal("q1", "b")\'\nreveal("q1", "b")\npredict("q1", "a")'
    first, second, third = seal_reveals("01", code).splitlines()
    assert first == code.splitlines()[0]
    assert second == f'reveal("q1", "{seal("01", "q1", "b")}")'
    assert third == 'predict("q1", "a")'
