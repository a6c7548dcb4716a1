"""Counting: each ballot once, each answer in its column, against a recount by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballot_form import BallotForm, Question, QuestionKind
from appraisal.tally.counting import Counts, count
from tests.tally.held import opened_ballots
from tests.tally.record_forms import CHOICE, EVERY_KIND, GRADES, SCORE, SELECTION, TICKS
from tests.world import THREE_QUESTIONS

THREE = BallotForm(THREE_QUESTIONS, 1, bounds=(), empty_spoils=False)
KINDS = BallotForm(EVERY_KIND, 1, bounds=(), empty_spoils=False)
PERSONS = BallotForm(SELECTION, 3, bounds=(), empty_spoils=False)
FORMS = {"three questions": THREE, "every kind": KINDS, "three persons": PERSONS}


def counted(form: BallotForm, *answers: Sequence[int]) -> tuple[tuple[Counts, ...], ...]:
    return count(form, opened_ballots(answers))


def test_grades_and_blanks_are_counted_question_by_question() -> None:
    assert counted(THREE, (1, 2, 0), (1, 5, 0), (4, 2, 0)) == (
        (
            Counts((2, 0, 0, 1, 0), blank=0, scale=((100, 2), (40, 1))),
            Counts((0, 2, 0, 0, 1), blank=0, scale=((80, 2),)),
            Counts((0, 0, 0, 0, 0), blank=3, scale=()),
        ),
    )


def test_who_does_not_know_is_counted_and_is_no_answer_on_the_scale() -> None:
    ((grades, *_),) = counted(KINDS, (5, 0, 0, 0, 0), (1, 0, 0, 0, 0))
    assert (grades.options, grades.blank, grades.answers) == ((1, 0, 0, 0, 1), 0, 1)


def test_every_item_of_a_list_is_counted_for_itself() -> None:
    ((_, ticks, _),) = counted(KINDS, (0, 1, 1, 0, 0), (0, 1, 0, 0, 0), (0, 0, 0, 0, 0))
    assert ticks == Counts((2, 1, 0), blank=1, scale=())
    assert ticks.answers == 0


def test_a_list_is_blank_where_nothing_of_it_is_ticked_and_not_where_one_item_is_not() -> None:
    ((_, ticks, _),) = counted(KINDS, (1, 0, 0, 0, 1), (2, 0, 0, 1, 1), (0, 1, 0, 0, 1))
    assert (ticks.options, ticks.blank) == ((1, 0, 1), 1)


def test_a_score_is_counted_in_its_band_and_keeps_its_points() -> None:
    """Bands from 9, from 6 and from 0; value n + 1 is n points, 0 is blank."""
    points = (10, 9, 8, 6, 5, 0)
    answers = [(0, 0, 0, 0, p + 1) for p in points]
    ((_, _, score),) = counted(KINDS, *answers, (0, 0, 0, 0, 0))
    assert score.options == (2, 2, 2)
    assert (score.blank, score.answers) == (1, 6)
    assert score.scale == ((10, 1), (9, 1), (8, 1), (6, 1), (5, 1), (0, 1))


def test_a_score_of_zero_is_an_answer_and_no_blank() -> None:
    ((_, _, score),) = counted(KINDS, (0, 0, 0, 0, 1))
    assert (score.options, score.blank, score.scale) == ((0, 0, 1), 0, ((0, 1),))


def test_every_person_of_a_ballot_is_counted_apart() -> None:
    found = counted(PERSONS, (1, 1, 2, 0, 4, 1), (1, 1, 3, 1, 0, 0))
    assert [grades.options for grades, _ in found] == [
        (2, 0, 0, 0, 0),
        (0, 1, 1, 0, 0),
        (0, 0, 0, 1, 0),
    ]
    assert [(choice.options, choice.blank) for _, choice in found] == [
        ((2,), 0),
        ((1,), 1),
        ((1,), 1),
    ]
    assert [choice.scale for _, choice in found] == [((100, 2),), ((100, 1),), ((100, 1),)]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_ballots_are_counted_as_none(form: BallotForm) -> None:
    found = counted(form)
    assert len(found) == form.subjects
    for questions in found:
        for question, counts in zip(form.instrument.questions, questions, strict=True):
            assert counts == Counts((0,) * len(question.options), 0, ())


def answers_to(form: BallotForm) -> st.SearchStrategy[list[tuple[int, ...]]]:
    ballot = st.tuples(*(st.integers(0, most) for most in form.places))
    return st.lists(ballot, max_size=40)


FORM_AND_BALLOTS = st.sampled_from(list(FORMS.values())).flatmap(
    lambda form: st.tuples(st.just(form), answers_to(form))
)


@given(FORM_AND_BALLOTS)
def test_against_a_naive_recount(given_: tuple[BallotForm, list[tuple[int, ...]]]) -> None:
    """One ballot at a time, one answer at a time."""
    form, ballots = given_
    found = count(form, opened_ballots(ballots))
    for subject, questions in enumerate(found):
        at = subject * form.width
        for question, counts in zip(form.instrument.questions, questions, strict=True):
            own = [ballot[at : at + len(question.places)] for ballot in ballots]
            at += len(question.places)
            assert_counts(question, own, counts)


def assert_counts(question: Question, answers: list[tuple[int, ...]], found: Counts) -> None:
    options: Counter[int] = Counter()
    points: Counter[int] = Counter()
    blank = 0
    for answer in answers:
        if not any(answer):
            blank += 1
        elif question.kind is QuestionKind.TICKS:
            options.update(i for i, ticked in enumerate(answer) if ticked)
        elif question.kind is QuestionKind.SCORE:
            given_points = answer[0] - 1
            points[given_points] += 1
            lowest = [option.at_least or 0 for option in question.options]
            options[min(i for i, least in enumerate(lowest) if given_points >= least)] += 1
        else:
            chosen = question.options[answer[0] - 1]
            options[answer[0] - 1] += 1
            if chosen.points is not None:
                points[chosen.points] += 1
    assert found.options == tuple(options[i] for i in range(len(question.options)))
    assert found.blank == blank
    given_scale: Counter[int] = Counter()
    for value, times in found.scale:
        assert times
        given_scale[value] += times
    assert given_scale == points
    assert list(found.scale) == sorted(found.scale, key=lambda part: -part[0])
    assert found.answers == sum(points.values())


@given(FORM_AND_BALLOTS, st.randoms(use_true_random=False))
def test_the_order_of_ballots_decides_nothing(
    given_: tuple[BallotForm, list[tuple[int, ...]]], chance: Random
) -> None:
    form, ballots = given_
    shuffled = list(ballots)
    chance.shuffle(shuffled)
    assert count(form, opened_ballots(shuffled)) == count(form, opened_ballots(ballots))


@given(answers_to(KINDS))
def test_columns_of_all_but_lists_add_up_to_the_ballots(ballots: list[tuple[int, ...]]) -> None:
    ((grades, ticks, score),) = counted(KINDS, *ballots)
    for counts in (grades, score):
        assert sum(counts.options) + counts.blank == len(ballots)
    assert max((*ticks.options, 0)) + ticks.blank <= len(ballots)


def test_a_form_knows_where_each_answer_stands() -> None:
    """Five grades; three items; 0 to 10 points; one choice."""
    assert GRADES.places == (5,)
    assert TICKS.places == (1, 1, 1)
    assert SCORE.places == (11,)
    assert CHOICE.places == (1,)
    assert (KINDS.width, KINDS.starts, KINDS.places) == (5, (0, 1, 4), (5, 1, 1, 1, 11))
    assert (PERSONS.width, PERSONS.size) == (2, 6)
    assert PERSONS.places == (5, 1) * 3
