"""Which ballots a draft comes to: a subject a ballot, or all on one where limits span them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from appraisal.ballot_form import Instrument, SubjectKind
from appraisal.manifest import Contest, Subject
from appraisal.steps.contests import Planned, contests_of, ordered
from appraisal.steps.draft import Draft, FormDraft, LimitDraft
from appraisal.steps.draft_checks import tried
from tests.tally.record_forms import EVERY_KIND, PROBLEMS, SELECTION
from tests.voting_session import draft
from tests.world import THREE_QUESTIONS

PERSON, ORGANISATION = SubjectKind.PERSON, SubjectKind.ORGANISATION
LIBRARY = {i.id: i for i in (THREE_QUESTIONS, EVERY_KIND, PROBLEMS, SELECTION)}

BRANCH = Subject(ORGANISATION, "向阳社区党支部", "")
HALL = Subject(ORGANISATION, "办事大厅", "")
PEOPLE = tuple(Subject(PERSON, name, "") for name in ("王建华", "丁一", "李明"))


def form(instrument: Instrument, kind: SubjectKind | None = None) -> FormDraft:
    return FormDraft(instrument.id, kind)


def planned(
    forms: Sequence[FormDraft],
    subjects: Sequence[Subject] = (BRANCH, *PEOPLE),
    *,
    by_strokes: bool = False,
    members: int = 0,
) -> Planned:
    base = draft()
    given = replace(
        base,
        forms=tuple(forms),
        subjects=tuple(subjects),
        by_strokes=by_strokes,
        rules=replace(base.rules, members=members),
    )
    return contests_of(given, LIBRARY)


def test_every_subject_has_a_ballot_of_its_own_under_each_form() -> None:
    found = planned([form(THREE_QUESTIONS), form(PROBLEMS)], (BRANCH, *PEOPLE[:1]))
    assert found.instruments == (THREE_QUESTIONS, PROBLEMS)
    assert found.contests == (
        Contest((0,), 0),
        Contest((0,), 1),
        Contest((1,), 0),
        Contest((1,), 1),
    )


def test_an_instrument_for_one_kind_asks_about_that_kind_whatever_the_session_chose() -> None:
    library = LIBRARY | {PROBLEMS.id: replace(PROBLEMS, kind=ORGANISATION)}
    forms = (form(THREE_QUESTIONS), form(PROBLEMS), form(EVERY_KIND, PERSON))
    given = replace(draft(), forms=forms, subjects=(BRANCH, *PEOPLE[:1]), by_strokes=False)
    found = contests_of(given, library)
    # The branch under the first two, the person under the first and the third.
    assert found.contests == (
        Contest((0,), 0),
        Contest((0,), 1),
        Contest((1,), 0),
        Contest((1,), 2),
    )
    nobody = contests_of(replace(given, forms=(form(PROBLEMS, PERSON),)), library)
    assert nobody.contests == ()


def test_a_form_for_one_kind_asks_about_that_kind() -> None:
    found = planned([form(EVERY_KIND, ORGANISATION), form(THREE_QUESTIONS, PERSON)])
    assert found.contests == (
        Contest((0,), 0),
        Contest((1,), 1),
        Contest((2,), 1),
        Contest((3,), 1),
    )


def test_a_form_with_limits_puts_its_subjects_on_one_ballot_after_the_others() -> None:
    found = planned([form(SELECTION, PERSON), form(PROBLEMS)], members=9)
    assert found.instruments == (SELECTION, PROBLEMS)
    assert found.contests == (
        *(Contest((n,), 1) for n in range(4)),
        Contest((1, 2, 3), 0),
    )


def test_two_forms_with_limits_are_two_ballots() -> None:
    other = replace(SELECTION, id="another")
    library = LIBRARY | {"another": other}
    given = replace(
        draft(),
        subjects=(BRANCH, *PEOPLE, HALL),
        forms=(form(SELECTION, PERSON), form(other)),
    )
    found = contests_of(given, library)
    assert found.contests == (Contest((1, 2, 3), 0), Contest((0, 1, 2, 3, 4), 1))


def test_a_form_that_asks_nobody_is_left_out() -> None:
    found = planned([form(EVERY_KIND, ORGANISATION), form(THREE_QUESTIONS)], PEOPLE)
    assert found.instruments == (THREE_QUESTIONS,)
    assert {contest.instrument for contest in found.contests} == {0}


# --- order ----------------------------------------------------------------------------------------


def test_subjects_stand_as_given_unless_by_strokes() -> None:
    given = (PEOPLE[2], HALL, PEOPLE[0], BRANCH, PEOPLE[1])
    assert planned([form(THREE_QUESTIONS)], given).subjects == given


def test_by_strokes_organisations_stand_first_as_given_then_persons_by_surname() -> None:
    """丁 has 2 strokes, 王 4, 李 7; a hall before the branch stays there."""
    given = (PEOPLE[2], HALL, PEOPLE[0], BRANCH, PEOPLE[1])
    found = planned([form(THREE_QUESTIONS)], given, by_strokes=True).subjects
    assert found == (HALL, BRANCH, PEOPLE[1], PEOPLE[0], PEOPLE[2])


def test_two_of_one_name_keep_their_given_order() -> None:
    first, second = (Subject(PERSON, "王建华", post) for post in ("电工", "会计"))
    assert ordered((first, second)) == (first, second)
    assert ordered((second, first)) == (second, first)


def test_contests_name_subjects_by_their_new_order() -> None:
    """On the one ballot of all members too."""
    found = planned([form(SELECTION, PERSON)], (PEOPLE[2], BRANCH, PEOPLE[1]), by_strokes=True)
    assert [subject.name for subject in found.subjects] == ["向阳社区党支部", "丁一", "李明"]
    assert found.contests == (Contest((1, 2), 0),)


# --- limits ---------------------------------------------------------------------------------------


def limited(*own: LimitDraft, members: int = 9) -> Planned:
    return planned([FormDraft(SELECTION.id, PERSON, own)], members=members)


def test_without_numbers_of_its_own_a_session_has_those_of_the_form() -> None:
    assert limited().instruments == (SELECTION,)


def test_a_session_s_numbers_take_the_place_of_the_form_s() -> None:
    found = limited(LimitDraft(1, 2), LimitDraft(3, 3))
    (instrument,) = found.instruments
    share, exact = instrument.limits
    assert (share.least, share.most, share.share, share.kind) == (1, 2, None, PERSON)
    assert (exact.least, exact.most, exact.share) == (3, 3, None)
    assert replace(instrument, limits=SELECTION.limits) == SELECTION


def test_without_most_the_form_s_own_limit_stands() -> None:
    (instrument,) = limited(LimitDraft(1), LimitDraft(1)).instruments
    share, exact = instrument.limits
    assert (share.least, share.most, share.share) == (1, None, (1, 3))
    assert (exact.least, exact.most) == (1, 2)


@pytest.mark.parametrize(
    ("own", "members"),
    [((), 9), ((LimitDraft(0, 2), LimitDraft(2, 2)), 0), ((LimitDraft(0), LimitDraft(2)), 9)],
)
def test_the_number_of_members_stands_only_where_a_limit_is_a_share_of_it(
    own: tuple[LimitDraft, ...], members: int
) -> None:
    assert limited(*own, members=9).rules.members == members


def test_the_manifest_has_what_was_planned() -> None:
    given: Draft = replace(
        draft(),
        subjects=(BRANCH, *PEOPLE),
        by_strokes=True,
        forms=(form(EVERY_KIND, ORGANISATION), form(SELECTION, PERSON)),
        rules=replace(draft().rules, members=9),
    )
    manifest = tried(given, LIBRARY)
    found = contests_of(given, LIBRARY)
    assert manifest.instruments == found.instruments
    assert manifest.subjects == found.subjects
    assert manifest.contests == found.contests
    assert manifest.rules == found.rules
    assert [(box.contest, box.voter_class) for box in manifest.boxes] == [
        *((0, 0), (0, 1)),
        *((1, 0), (1, 1)),
    ]
