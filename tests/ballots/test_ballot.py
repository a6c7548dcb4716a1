"""The ballot in plain: its bytes, and for which of several reasons it is spoilt (protocol §4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballot_form import BallotForm, Limit, SubjectKind, bounds_of
from appraisal.ballots.ballot import (
    Ballot,
    Spoilt,
    SpoiltError,
    ballot_size,
    decode_ballot,
    encode_ballot,
    fault_of,
)
from tests.tally.record_forms import EVERY_KIND, SELECTION
from tests.world import THREE_QUESTIONS

PERSON, ORGANISATION = SubjectKind.PERSON, SubjectKind.ORGANISATION
THREE = BallotForm(THREE_QUESTIONS, 1, bounds=(), empty_spoils=False)
KINDS = BallotForm(EVERY_KIND, 1, bounds=(), empty_spoils=False)


def selection(
    *limits: Limit, kinds: Sequence[SubjectKind] = (PERSON,) * 4, empty_spoils: bool = False
) -> BallotForm:
    """A grade and a choice about each of these subjects, of seven members."""
    instrument = replace(SELECTION, limits=limits)
    bounds = bounds_of(instrument, tuple(kinds), members=7)
    return BallotForm(instrument, len(kinds), bounds, empty_spoils)


EXCELLENT = Limit(0, 0, least=0, share=(1, 3))
"""优秀 for at most a third of seven members, two."""
CHOOSE_TWO = Limit(1, 0, least=2, most=2)


# --- bytes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "answers"),
    [
        (THREE, (0, 0, 0)),
        (THREE, (5, 5, 5)),
        (THREE, (1, 2, 3)),
        (KINDS, (5, 1, 1, 0, 11)),
        (selection(CHOOSE_TWO), (1, 1, 5, 0, 0, 1, 2, 0)),
    ],
)
def test_ballots_have_one_form(form: BallotForm, answers: tuple[int, ...]) -> None:
    ballot = Ballot(b"\xab" * 16, answers)
    assert encode_ballot(ballot) == b"\x01" + b"\xab" * 16 + bytes(answers)
    assert len(encode_ballot(ballot)) == ballot_size(form)
    assert decode_ballot(encode_ballot(ballot), form) == ballot


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Spoilt.NOT_A_BALLOT),
        (b"\x02" + bytes(19), Spoilt.NOT_A_BALLOT),
        (b"\x01" + bytes(18), Spoilt.NOT_A_BALLOT),
        (b"\x01" + bytes(20), Spoilt.NOT_A_BALLOT),
        (b"\x01" + bytes(16) + b"\x06\x00\x00", Spoilt.ANSWER_OUT_OF_RANGE),
        (b"\x01" + bytes(16) + b"\x00\x00\xff", Spoilt.ANSWER_OUT_OF_RANGE),
        # Another first byte comes before everything else.
        (b"\x02" + bytes(16) + b"\xff\xff\xff", Spoilt.NOT_A_BALLOT),
    ],
)
def test_spoilt_ballots(data: bytes, reason: Spoilt) -> None:
    with pytest.raises(SpoiltError) as raised:
        decode_ballot(data, THREE)
    assert raised.value.reason is reason


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((5, 1, 1, 0, 11), None),
        # A grade beyond the fifth, an item ticked twice, 11 of 10 points.
        ((6, 1, 1, 0, 11), Spoilt.ANSWER_OUT_OF_RANGE),
        ((5, 2, 0, 0, 11), Spoilt.ANSWER_OUT_OF_RANGE),
        ((5, 0, 0, 2, 11), Spoilt.ANSWER_OUT_OF_RANGE),
        ((5, 1, 1, 0, 12), Spoilt.ANSWER_OUT_OF_RANGE),
        ((5, 1, 1, 1, 11), Spoilt.TOO_MANY),
        ((0, 1, 1, 1, 0), Spoilt.TOO_MANY),
        ((0, 0, 0, 0, 0), None),
        # Beyond its place and too many: the first that holds.
        ((5, 1, 1, 1, 12), Spoilt.ANSWER_OUT_OF_RANGE),
    ],
)
def test_answers_to_every_kind_of_question(answers: tuple[int, ...], reason: Spoilt | None) -> None:
    assert fault_of(answers, KINDS) is reason


def test_any_number_of_items_may_be_ticked_where_no_most_is_said() -> None:
    grades, ticks, score = EVERY_KIND.questions
    instrument = replace(EVERY_KIND, questions=(grades, replace(ticks, most=None), score))
    form = BallotForm(instrument, 1, bounds=(), empty_spoils=False)
    assert fault_of((0, 1, 1, 1, 0), form) is None


def test_ticks_are_counted_for_each_subject_apart() -> None:
    _, ticks, _ = EVERY_KIND.questions
    instrument = replace(EVERY_KIND, questions=(ticks,))
    form = BallotForm(instrument, 2, bounds=(), empty_spoils=False)
    assert fault_of((1, 1, 0, 0, 1, 1), form) is None
    assert fault_of((1, 1, 0, 1, 1, 1), form) is Spoilt.TOO_MANY


@pytest.mark.parametrize("form", [THREE, KINDS, selection(EXCELLENT, CHOOSE_TWO)])
@given(data=st.data())
def test_any_byte_beyond_its_place_spoils_the_ballot(form: BallotForm, data: st.DataObject) -> None:
    answers = [data.draw(st.integers(0, most)) for most in form.places]
    place = data.draw(st.integers(0, form.size - 1))
    answers[place] = data.draw(st.integers(form.places[place] + 1, 255))
    assert fault_of(answers, form) is Spoilt.ANSWER_OUT_OF_RANGE


# --- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((1, 1, 1, 1, 2, 0, 2, 0), None),
        ((1, 1, 1, 1, 1, 0, 2, 0), Spoilt.TOO_MANY),
        ((2, 1, 2, 1, 2, 1, 2, 0), Spoilt.TOO_MANY),
        ((2, 1, 2, 0, 2, 0, 2, 0), Spoilt.TOO_FEW),
        ((2, 0, 2, 0, 2, 0, 2, 0), Spoilt.TOO_FEW),
        # Too many of one option and too few of another: too many comes first.
        ((1, 1, 1, 0, 1, 0, 2, 0), Spoilt.TOO_MANY),
        ((6, 1, 1, 1, 1, 1, 1, 1), Spoilt.ANSWER_OUT_OF_RANGE),
        ((1, 2, 1, 0, 1, 0, 1, 0), Spoilt.ANSWER_OUT_OF_RANGE),
        # Not one answer: an abstention, whatever is least.
        ((0, 0, 0, 0, 0, 0, 0, 0), None),
        # Blank about all but one of the persons keeps the limits, or does not.
        ((1, 1, 0, 1, 0, 0, 0, 0), None),
        ((1, 0, 0, 0, 0, 0, 0, 0), Spoilt.TOO_FEW),
    ],
)
def test_a_ballot_keeps_the_limits_of_its_form(
    answers: tuple[int, ...], reason: Spoilt | None
) -> None:
    assert fault_of(answers, selection(EXCELLENT, CHOOSE_TWO)) is reason


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [(0, None), (1, Spoilt.TOO_FEW), (2, None), (3, None), (4, Spoilt.TOO_MANY)],
)
def test_how_many_may_be_chosen(chosen: int, reason: Spoilt | None) -> None:
    """Nobody at all is an abstention here: no other question is answered."""
    answers = [number for i in range(4) for number in (0, int(i < chosen))]
    assert fault_of(answers, selection(Limit(1, 0, least=2, most=3))) is reason


def test_a_limit_for_one_kind_leaves_the_others_alone() -> None:
    kinds = (ORGANISATION, PERSON, ORGANISATION, PERSON)
    form = selection(Limit(1, 0, least=1, most=1, kind=PERSON), kinds=kinds)
    assert fault_of((0, 1, 0, 1, 0, 1, 0, 0), form) is None
    assert fault_of((0, 1, 0, 1, 0, 1, 0, 1), form) is Spoilt.TOO_MANY
    assert fault_of((0, 1, 0, 0, 0, 1, 0, 0), form) is Spoilt.TOO_FEW


def test_limits_of_both_kinds_and_of_any_hold_together() -> None:
    """One organisation and one person at most, and exactly one in all."""
    kinds = (ORGANISATION, PERSON)
    form = selection(
        *(Limit(1, 0, least=0, most=1, kind=kind) for kind in (ORGANISATION, PERSON)),
        Limit(1, 0, least=1, most=1),
        kinds=kinds,
    )
    assert fault_of((0, 1, 0, 0), form) is None
    assert fault_of((0, 1, 0, 1), form) is Spoilt.TOO_MANY
    assert fault_of((2, 0, 2, 0), form) is Spoilt.TOO_FEW


@pytest.mark.parametrize(("members", "most"), [(2, 0), (3, 1), (5, 1), (6, 2), (7, 2), (100, 33)])
def test_a_share_of_the_members_is_rounded_down(members: int, most: int) -> None:
    (bounds,) = bounds_of(replace(SELECTION, limits=(EXCELLENT,)), (PERSON,), members=members)
    assert bounds.most == most


# --- empty ballots --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [THREE, KINDS, selection(EXCELLENT, CHOOSE_TWO)])
def test_a_ballot_without_any_answer_is_an_abstention_or_spoilt(form: BallotForm) -> None:
    empty = (0,) * form.size
    assert fault_of(empty, form) is None
    assert fault_of(empty, replace(form, empty_spoils=True)) is Spoilt.EMPTY


def test_one_answer_makes_a_ballot_not_empty() -> None:
    form = replace(KINDS, empty_spoils=True)
    for place in range(form.size):
        answers = [int(i == place) for i in range(form.size)]
        assert fault_of(answers, form) is None
