"""What a draft still needs is named: the first want, with its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from appraisal.ballot_form import Instrument, Limit, Option, SubjectKind
from appraisal.counting_rules import Denominator, Threshold
from appraisal.errors import StepError
from appraisal.manifest import LIMIT, MAX_CLASSES, MAX_TELLERS, Period, Signer, Subject
from appraisal.manifest_rules import MAX_CAST, MAX_PLACES
from appraisal.steps.draft import ClassDraft, CommentsDraft, Draft, FormDraft, LimitDraft
from appraisal.steps.draft_checks import appraised_tellers, check
from tests.tally.record_forms import EVERY_KIND, GRADES, PROBLEMS, SELECTION
from tests.voting_session import draft
from tests.world import THREE_QUESTIONS, text

LIBRARY = {i.id: i for i in (THREE_QUESTIONS, EVERY_KIND, PROBLEMS, SELECTION)}
PERSON = Subject(SubjectKind.PERSON, "王一", "委员")
PEOPLE = tuple(Subject(SubjectKind.PERSON, f"党员{n}", "") for n in range(5))


def refusal(given: Draft, library: dict[str, Instrument] | None = None) -> StepError:
    with pytest.raises(StepError) as caught:
        check(given, library or LIBRARY)
    assert str(caught.value)
    return caught.value


def test_a_complete_draft_is_let_through() -> None:
    check(draft(), LIBRARY)
    check(draft(subjects=3, tellers=3, quorum=2), LIBRARY)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"organisation": ""}, "organisation-missing"),
        ({"sector": "海洋"}, "sector-unknown"),
        ({"period": Period("7 April", "", "")}, "period-wrong"),
        ({"period": Period("2010-04-07", "2010-13-01", "")}, "period-wrong"),
        ({"period": Period("2010-04-07", "2010-04-06", "")}, "period-wrong"),
        ({"forms": ()}, "forms-missing"),
        ({"forms": (FormDraft("four-questions"),)}, "instrument-unknown"),
        ({"forms": (FormDraft("three-key-questions"),) * 2}, "form-twice"),
        ({"subjects": ()}, "subjects-missing"),
        ({"subjects": (PERSON,) * 2001}, "subjects-too-many"),
        ({"subjects": (PERSON, PERSON)}, "subject-twice"),
        ({"subjects": (PERSON, replace(PERSON, commitment="办三件实事"))}, "subject-twice"),
        ({"classes": ()}, "classes-missing"),
        ({"classes": (ClassDraft("党员", "", 8, 100),) * (MAX_CLASSES + 1)}, "classes-too-many"),
        ({"classes": (ClassDraft("", "", 8, 100),)}, "class-name-missing"),
        ({"classes": (ClassDraft("党员", "", 8, 50),) * 2}, "class-twice"),
        ({"classes": (ClassDraft("党员", "", 1, 100),)}, "below-floor"),
        ({"classes": (ClassDraft("党员", "", 8, 99),)}, "weights"),
        ({"comments": CommentsDraft("意见", "", ())}, "comments-unread"),
        ({"tellers": ("赵一",) * (MAX_TELLERS + 1), "quorum": 1}, "tellers-too-many"),
        ({"tellers": ("赵一", " "), "quorum": 1}, "teller-name-missing"),
        ({"tellers": ("赵一", "赵一"), "quorum": 1}, "teller-twice"),
        ({"tellers": ("赵一", "王 一"), "quorum": 1, "subjects": (PERSON,)}, "teller-appraised"),
        ({"tellers": ("赵一", "钱二")}, "quorum-wrong"),
        ({"tellers": ("赵一", "钱二"), "quorum": 3}, "quorum-wrong"),
        ({"quorum": 1}, "quorum-wrong"),
        ({"witnesses": tuple(f"https://w{n}.example" for n in range(5))}, "witnesses-too-many"),
        ({"witnesses": ("https://w.example",) * 2}, "witness-twice"),
    ],
)
def test_what_is_to_be_mended_is_named(change: dict[str, Any], code: str) -> None:
    assert refusal(replace(draft(), **change)).code == code


@pytest.mark.parametrize(
    ("rules", "detail"),
    [
        ({"decimals": 9}, "manifest.rules.decimals: 9 is not from 0 to 6"),
        (
            {"turnout": Threshold((3, 2), over=False)},
            "rules.turnout: not a share above 0 and up to 1",
        ),
        (
            {"turnout": Threshold((1, 1), over=True)},
            "rules.turnout: more than all is nobody's",
        ),
        (
            {"denominator": Denominator.VALID, "trim": 1},
            "rules.trim: extremes are left out of answers only",
        ),
    ],
)
def test_a_rule_that_no_manifest_may_have_is_named_as_there(
    rules: dict[str, Any], detail: str
) -> None:
    found = refusal(replace(draft(), rules=replace(draft().rules, **rules)))
    assert (found.code, str(found)) == ("manifest-invalid", detail)


# --- forms ----------------------------------------------------------------------------------------


def with_forms(
    *forms: FormDraft, members: int = 9, subjects: tuple[Subject, ...] = PEOPLE
) -> Draft:
    base = draft()
    rules = replace(base.rules, members=members)
    return replace(base, forms=forms, subjects=subjects, rules=rules)


def selecting(*limits: LimitDraft, **given: Any) -> Draft:
    return with_forms(FormDraft(SELECTION.id, None, limits), **given)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (
            lambda: with_forms(FormDraft(EVERY_KIND.id, SubjectKind.ORGANISATION)),
            "form-asks-nobody",
        ),
        (
            lambda: with_forms(
                FormDraft(EVERY_KIND.id, SubjectKind.PERSON),
                subjects=(*PEOPLE, draft().subjects[0]),
            ),
            "subject-without-form",
        ),
        (lambda: selecting(LimitDraft(1, 1)), "form-changed"),
        (lambda: selecting(members=0), "members-missing"),
        # A third of two members is nobody.
        (lambda: selecting(members=2), "limit-nobody"),
        (lambda: selecting(LimitDraft(0, 2), LimitDraft(0, 0)), "limit-nobody"),
        # Six to be chosen of five; three to be excellent of the two that a share allows.
        (lambda: selecting(LimitDraft(0), LimitDraft(6, 6)), "limit-impossible"),
        (lambda: selecting(LimitDraft(3), LimitDraft(2, 2), members=6), "limit-impossible"),
        (lambda: selecting(LimitDraft(0), LimitDraft(2, 1)), "limit-impossible"),
    ],
)
def test_forms_and_their_limits(made: Callable[[], Draft], code: str) -> None:
    found = refusal(made())
    assert found.code == code
    assert all(value is not None for value in found.values.values())


def test_an_instrument_that_is_for_organisations_only() -> None:
    library = LIBRARY | {PROBLEMS.id: replace(PROBLEMS, kind=SubjectKind.ORGANISATION)}
    own, branch = FormDraft(PROBLEMS.id), draft().subjects[0]
    assert refusal(with_forms(own), library).code == "form-asks-nobody"
    mixed = with_forms(own, subjects=(*PEOPLE, branch))
    assert refusal(mixed, library).code == "subject-without-form"
    check(replace(mixed, forms=(own, FormDraft(EVERY_KIND.id))), library)


def test_a_limit_that_cannot_be_met_is_told_with_its_numbers() -> None:
    found = refusal(selecting(LimitDraft(0), LimitDraft(6, 7)))
    assert found.values == {
        "form": "民主评议推选票",
        "least": 6,
        "most": 7,
        "subjects": 5,
    }


def test_limits_that_can_be_kept_are_let_through() -> None:
    check(selecting(), LIBRARY)
    check(selecting(LimitDraft(0, 1), LimitDraft(5, 5), members=0), LIBRARY)
    check(
        with_forms(
            FormDraft(EVERY_KIND.id, SubjectKind.ORGANISATION),
            FormDraft(SELECTION.id, SubjectKind.PERSON),
            subjects=(*PEOPLE, draft().subjects[0]),
        ),
        LIBRARY,
    )


def test_a_question_without_a_positive_grade_cannot_be_held_against_a_positive_share() -> None:
    """Nobody could reach it; where the rule does not apply the form may be used."""
    neutral = tuple(replace(option, positive=False) for option in GRADES.options)
    instrument = replace(EVERY_KIND, id="neutral", questions=(replace(GRADES, options=neutral),))
    library = LIBRARY | {"neutral": instrument}
    given = with_forms(FormDraft("neutral"))
    found = refusal(given, library)
    assert (found.code, found.values["question"]) == ("positive-nobody", GRADES.text.zh)
    check(replace(given, rules=replace(given.rules, positive=None)), library)
    check(with_forms(FormDraft(PROBLEMS.id)), library)


def test_more_ballots_than_a_voter_can_have() -> None:
    """2,000 subjects under two forms; under one with limits they are one ballot."""
    many = tuple(Subject(SubjectKind.PERSON, f"{n}", "") for n in range(1001))
    found = refusal(
        with_forms(FormDraft(THREE_QUESTIONS.id), FormDraft(PROBLEMS.id), subjects=many)
    )
    assert found.code == "contests-too-many"
    assert found.values == {"contests": 2002, "most": 2000}


def test_more_answers_on_one_ballot_than_it_may_have() -> None:
    many = tuple(Subject(SubjectKind.PERSON, f"{n}", "") for n in range(2000))
    wide = replace(
        SELECTION,
        questions=(*SELECTION.questions, *(replace(PROBLEMS.questions[0]),) * 3),
        limits=(Limit(1, 0, least=0, most=9),),
    )
    found = refusal(with_forms(FormDraft(wide.id), subjects=many), LIBRARY | {wide.id: wide})
    assert found.code == "ballot-too-long"
    assert found.values == {
        "form": wide.title.zh,
        "answers": wide.width * 2000,
        "most": MAX_PLACES,
    }


def test_more_bytes_than_a_voter_can_send() -> None:
    """Nine tellers open 2,000 ballots with a list of 250 items, and one of as many again."""
    many = tuple(Subject(SubjectKind.PERSON, f"{n}", "") for n in range(2000))
    items = tuple(Option(text(f"{n}"), positive=False, negative=False) for n in range(250))
    asked = replace(PROBLEMS.questions[0], options=items, most=None)
    long = replace(PROBLEMS, id="long", questions=(asked, asked))
    tellers = tuple(f"监票人{n}" for n in range(9))
    given = replace(with_forms(FormDraft("long"), subjects=many), tellers=tellers, quorum=5)
    library = LIBRARY | {"long": long}
    found = refusal(given, library)
    assert (found.code, found.values) == ("cast-too-large", {"most": MAX_CAST})
    few = replace(given, subjects=many[:1000])
    check(few, library)


def test_a_longer_manifest_than_there_may_be() -> None:
    """2,000 subjects, each with a box and a key a class."""
    many = tuple(Subject(SubjectKind.PERSON, f"{n}", "") for n in range(2000))
    classes = tuple(
        ClassDraft(f"票种{n}", f"Class {n}", 8, weight)
        for n, weight in enumerate((20, 20, 20, 20, 10, 10))
    )
    given = replace(with_forms(FormDraft(THREE_QUESTIONS.id), subjects=many), classes=classes)
    found = refusal(given)
    assert (found.code, found.values) == ("manifest-too-large", {"most": LIMIT})
    check(replace(given, subjects=many[:1500]), LIBRARY)


# --- who takes part -------------------------------------------------------------------------------


def test_a_teller_who_is_appraised_is_known_by_name_whatever_its_spaces() -> None:
    given = replace(
        draft(),
        subjects=(
            replace(PERSON, name="李　明"),
            replace(PERSON, name="王一"),
            draft().subjects[0],
        ),
        tellers=("李明", "王 一", "赵三", "向阳社区党支部"),
        quorum=2,
    )
    # A branch is no person: a teller may be called like it.
    assert appraised_tellers(given) == ("李明", "王 一")


def test_signers_that_the_manifest_would_refuse_are_named() -> None:
    twice = (Signer("区委", b"\1" * 32, "https://a.cn"), Signer("区委", b"\2" * 32, "https://b.cn"))
    with pytest.raises(StepError) as caught:
        check(draft(), LIBRARY, further=twice)
    assert str(caught.value) == "signers: a name stands twice"
