"""A prediction is kept, compared calmly, and never stands in a lesson's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.catalogue import seal
from checker.notebook.predictions import NONE_KEPT, UNDECIDED, Predictions


@pytest.fixture
def ours() -> Predictions:
    return Predictions.of("01-toy", None)


def test_a_right_prediction_is_confirmed(ours) -> None:
    ours.predict("q1", "b")
    assert ours.reveal("q1", "b").en == "You said b, and so it is."


def test_a_wrong_prediction_is_set_beside_what_is_so(ours) -> None:
    ours.predict("q1", "a")
    assert ours.reveal("q1", "b").en.startswith("You said a; it is b.")


def test_without_a_prediction_the_answer_is_not_given_away(ours) -> None:
    assert ours.reveal("q1", "b") == NONE_KEPT.format(question="q1")


def test_a_sealed_answer_is_compared_as_the_letter_it_stands_for(ours) -> None:
    ours.predict("q1", "a")
    sealed = seal("01-toy", "q1", "b")
    assert ours.reveal("q1", sealed).en.startswith("You said a; it is b.")


def test_a_prediction_outlives_the_kernel(ours) -> None:
    ours.predict("q1", "b")
    assert Predictions.of("01-toy", None).reveal("q1", "b").en.startswith("You said b")


def test_the_last_prediction_counts(ours) -> None:
    ours.predict("q1", "a")
    ours.predict("q1", "c")
    assert ours.reveal("q1", "c").en.startswith("You said c, and")


def test_a_second_question_leaves_the_first_as_it_is(ours) -> None:
    ours.predict("q1", "a")
    ours.predict("q2", "b")
    assert ours.reveal("q1", "a").en == "You said a, and so it is."


def test_spelling_of_a_choice_does_not_matter(ours) -> None:
    ours.predict("q1", " B ")
    assert ours.reveal("q1", "b").en.startswith("You said b, and")


def test_learners_and_lessons_are_kept_apart(ours) -> None:
    ours.predict("q1", "a")
    Predictions.of("01-toy", "ann").predict("q1", "b")
    Predictions.of("02-toy", None).predict("q1", "c")
    assert ours.reveal("q1", "a").en == "You said a, and so it is."


@pytest.mark.parametrize("choice", ["", " ", "?"])
def test_no_choice_is_asked_for_and_not_kept(ours, choice: str) -> None:
    assert ours.predict("q1", choice) == UNDECIDED
    assert ours.reveal("q1", "b") == NONE_KEPT.format(question="q1")


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_a_spoilt_file_blocks_nothing(ours, content: str) -> None:
    ours.file.parent.mkdir(parents=True)
    ours.file.write_text(content)
    assert ours.reveal("q1", "b") == NONE_KEPT.format(question="q1")
    ours.predict("q1", "b")
    assert ours.reveal("q1", "b").en.startswith("You said b")


def test_predictions_lie_in_the_courses_own_state(ours, root: Path) -> None:
    ours.predict("q1", "b")
    assert ours.file == root / ".podlab" / "predictions" / "01-toy.json"
    assert ours.file.exists()
