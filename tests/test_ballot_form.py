"""Ballot forms: what one may say, each contradiction with its place and its sentence.

The same rules in a manifest, field by field, are in `tests/vectors/manifests.json`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from appraisal.ballot_form import (
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    bounds_of,
    most_of,
    place_starts,
)
from appraisal.ballot_form_rules import check_instrument
from appraisal.errors import ManifestError
from tests.tally.record_forms import CHOICE, EVERY_KIND, GRADES, PROBLEMS, SCORE, SELECTION, TICKS
from tests.world import THREE_QUESTIONS, text

PERSON, ORGANISATION = SubjectKind.PERSON, SubjectKind.ORGANISATION


def option_changed(question: Question, number: int, **changes: Any) -> Question:
    options = list(question.options)
    options[number] = replace(options[number], **changes)
    return replace(question, options=tuple(options))


def asking(*questions: Question) -> Instrument:
    return Instrument("form", text("测评表"), questions, limits=())


@pytest.mark.parametrize(
    "instrument",
    [THREE_QUESTIONS, EVERY_KIND, SELECTION, PROBLEMS, asking(CHOICE), asking(SCORE)],
    ids=lambda instrument: instrument.id,
)
def test_a_sound_form_is_left_alone(instrument: Instrument) -> None:
    check_instrument(instrument)


@pytest.mark.parametrize("identifier", ["Form", "form_1", "-form", "form-", "a--b", "表", "a b"])
def test_an_id_is_of_small_letters_digits_and_hyphens(identifier: str) -> None:
    with pytest.raises(ManifestError) as refused:
        check_instrument(replace(EVERY_KIND, id=identifier))
    assert str(refused.value) == f"id: {identifier!r} is no id (a-z, 0-9, hyphens)"


Changed = Callable[[], Question]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            lambda: option_changed(GRADES, 1, text=text("明显")),
            "options[1].text: 明显 stands twice",
        ),
        (
            lambda: option_changed(GRADES, 0, negative=True),
            "options[0].negative: an option is positive or negative, not both",
        ),
        (
            lambda: option_changed(GRADES, 4, negative=True),
            "options[4].points: a grade outside the scale is neither good nor bad",
        ),
        (
            lambda: option_changed(GRADES, 0, at_least=0),
            "options[0].at_least: only a band of a score has it",
        ),
        (
            lambda: replace(GRADES, options=GRADES.options[4:]),
            "options: no grade carries points",
        ),
        (
            lambda: replace(GRADES, options=GRADES.options[::-1]),
            "options: grades do not stand best first",
        ),
        (lambda: replace(GRADES, most=1), "most: only a list to tick has it"),
        (lambda: replace(GRADES, highest=9), "highest: only a score has it"),
        (lambda: replace(SCORE, most=1), "most: only a list to tick has it"),
        (lambda: replace(TICKS, highest=9), "highest: only a score has it"),
        (
            lambda: option_changed(TICKS, 2, points=0),
            "options[2].points: only a grade or a choice has them",
        ),
        (
            lambda: option_changed(TICKS, 2, positive=True),
            "options[2].positive: an item to tick is neither positive nor negative",
        ),
        (
            lambda: replace(TICKS, most=3),
            "most: as many as there are options; leave it out",
        ),
        (lambda: replace(SCORE, highest=None), "highest is missing"),
        (lambda: option_changed(SCORE, 1, at_least=None), "options[1].at_least is missing"),
        (
            lambda: option_changed(SCORE, 1, at_least=9),
            "options: bands do not stand best first",
        ),
        (
            lambda: option_changed(SCORE, 0, at_least=11),
            "options[0].at_least: more than the highest score",
        ),
        (
            lambda: option_changed(SCORE, 2, at_least=1),
            "options[2].at_least: the last band is from 0",
        ),
        (
            lambda: option_changed(SCORE, 0, points=1),
            "options[0].points: only a grade or a choice has them",
        ),
        (
            lambda: replace(
                CHOICE, options=(*CHOICE.options, replace(CHOICE.options[0], text=text("否")))
            ),
            "options: a choice has one option",
        ),
        (
            lambda: option_changed(CHOICE, 0, points=None, positive=False),
            "options[0].points: a choice is positive and has 100",
        ),
        (
            lambda: replace(CHOICE, required=True),
            "required: not to choose is an answer too",
        ),
    ],
)
def test_a_question_that_contradicts_itself(changed: Changed, sentence: str) -> None:
    """The place names the question too: it is the second here."""
    with pytest.raises(ManifestError) as refused:
        check_instrument(asking(replace(GRADES, text=text("第一题")), changed()))
    assert str(refused.value) == f"questions[1].{sentence}"


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (Limit(2, 0, least=0, most=1), "question: there is no question 2"),
        (Limit(0, 5, least=0, most=1), "option: there is no option 5"),
        (Limit(1, 1, least=0, most=1), "option: there is no option 1"),
        (Limit(1, 0, least=0), "most: either `most` or `share` belongs here"),
        (Limit(1, 0, least=0, most=1, share=(1, 3)), "most: either `most` or `share` belongs here"),
        (Limit(1, 0, least=0, share=(0, 3)), "share: not a share above 0 and up to 1"),
        (Limit(1, 0, least=0, share=(4, 3)), "share: not a share above 0 and up to 1"),
        (Limit(1, 0, least=0, share=(1, 0)), "share: not a share above 0 and up to 1"),
        (Limit(1, 0, least=0, share=(-1, -3)), "share: not a share above 0 and up to 1"),
        (Limit(1, 0, least=0, share=(1, 1_000_001)), "share: not a share above 0 and up to 1"),
        (Limit(1, 0, least=2, most=1), "least: more than `most`, nobody could keep it"),
    ],
)
def test_a_limit_that_contradicts_itself(limit: Limit, sentence: str) -> None:
    first = Limit(0, 0, least=0, most=1)
    with pytest.raises(ManifestError) as refused:
        check_instrument(replace(SELECTION, limits=(first, limit)))
    assert str(refused.value) == f"limits[1].{sentence}"


@pytest.mark.parametrize("question", [TICKS, SCORE], ids=["ticks", "score"])
def test_only_grades_and_choices_can_be_limited(question: Question) -> None:
    instrument = replace(asking(question), limits=(Limit(0, 0, least=0, most=1),))
    with pytest.raises(ManifestError) as refused:
        check_instrument(instrument)
    assert str(refused.value) == "limits[0].question: only grades and choices can be limited"


def test_one_option_is_limited_once_for_a_kind() -> None:
    one, other = Limit(0, 0, least=0, most=1), Limit(0, 0, least=0, most=2)
    with pytest.raises(ManifestError, match=r"^limits: one option is limited twice$"):
        check_instrument(replace(SELECTION, limits=(one, other)))
    check_instrument(replace(SELECTION, limits=(one, replace(other, kind=PERSON))))
    check_instrument(replace(SELECTION, limits=(one, replace(other, option=1))))


def test_an_instrument_with_limits_is_whole_and_scaled_unless_it_only_has_lists() -> None:
    assert [i.whole for i in (EVERY_KIND, PROBLEMS, SELECTION)] == [False, False, True]
    assert [i.scaled for i in (EVERY_KIND, PROBLEMS, SELECTION)] == [True, False, True]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        (GRADES, (5,)),
        (CHOICE, (1,)),
        (TICKS, (1, 1, 1)),
        (SCORE, (11,)),
    ],
)
def test_the_places_of_a_question(question: Question, places: tuple[int, ...]) -> None:
    assert question.places == places


def test_questions_stand_one_after_the_other() -> None:
    assert place_starts(EVERY_KIND) == (0, 1, 4)
    assert EVERY_KIND.width == 5


def test_limits_in_numbers_name_the_places_of_their_subjects() -> None:
    kinds = (ORGANISATION, PERSON, PERSON)
    one, other = bounds_of(SELECTION, kinds, members=7)
    assert (one.place, one.value, one.subjects, one.least, one.most) == (0, 1, (1, 2), 0, 2)
    assert (other.place, other.value, other.subjects) == (1, 1, (0, 1, 2))
    assert (other.least, other.most) == (2, 2)


def test_a_share_of_many_members_stays_exact() -> None:
    limit = Limit(0, 0, least=0, share=(999_999, 1_000_000))
    assert most_of(limit, members=1_000_000) == 999_999
    assert most_of(replace(limit, share=(1, 3)), members=1_000_000) == 333_333


def test_options_of_a_kind_that_there_is_not_cannot_be_made() -> None:
    assert {kind.value for kind in QuestionKind} == {"grades", "choice", "ticks", "score"}
    assert Option(text("好"), positive=True, negative=False) == Option(
        text("好"), positive=True, negative=False, points=None, at_least=None
    )
