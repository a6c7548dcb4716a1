"""The library of ballot forms: those shipped, an organisation's own, and what uses them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appraisal import codec, instruments
from appraisal.errors import ManifestError, StepError
from appraisal.steps import library, setup
from appraisal.steps.draft import FormDraft
from appraisal.steps.draft_checks import check, tried
from appraisal.steps.service import Service
from tests.voting_session import draft


def test_copies_have_ids_and_titles_of_their_own(service: Service) -> None:
    here = service.office.organisation("一支部")
    first = library.copy(service, here, "approve")
    second = library.copy(service, here, "approve")
    third = library.copy(service, here, first.id)
    assert [f.id for f in (first, second, third)] == [f"approve-own-{n}" for n in (1, 2, 3)]
    titles = [form.title.zh for form in library.library_of(service, here).values()]
    assert len(set(titles)) == len(titles) == len(instruments.SHIPPED) + 3
    assert library.own_of(service, service.office.organisation("二支部")) == {}


def test_a_long_id_leaves_room_for_its_number(service: Service) -> None:
    here = service.office.organisation("一支部")
    long = "a" * 60
    library.keep(service, here, replace(instruments.load("approve"), id=long))
    assert library.copy(service, here, long).id == "a" * 54 + "-own-1"


def test_what_cannot_be_kept_is_refused(service: Service) -> None:
    here = service.office.organisation("一支部")
    shipped = instruments.load("approve")
    with pytest.raises(StepError) as caught:
        library.keep(service, here, shipped)
    assert caught.value.code == "instrument-shipped"
    (question,) = shipped.questions
    twice = replace(question, options=question.options[:1] * 2)
    with pytest.raises(ManifestError):
        library.keep(service, here, replace(shipped, id="ours", questions=(twice,)))
    assert library.own_of(service, here) == {}


def test_no_more_than_so_many_are_kept(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "MAX_OWN", 1)
    here = service.office.organisation("一支部")
    made = library.copy(service, here, "approve")
    library.keep(service, here, made)
    with pytest.raises(StepError) as caught:
        library.copy(service, here, "approve")
    assert caught.value.code == "instruments-too-many"


def test_all_together_are_not_larger_than_a_page_can_read(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = service.office.organisation("一支部")
    made = library.copy(service, here, "approve")
    monkeypatch.setattr(library, "MAX_OWN_BYTES", 2 * len(codec.encode(made)))
    library.keep(service, here, replace(made, id="ours"))
    library.keep(service, here, made)
    with pytest.raises(StepError) as caught:
        library.keep(service, here, replace(made, id="one-more"))
    assert caught.value.code == "instruments-too-large"
    assert set(library.own_of(service, here)) == {"ours", made.id}


def test_a_form_stays_while_a_draft_names_it(service: Service) -> None:
    given = draft()
    here = service.office.organisation(given.organisation)
    made = library.copy(service, here, "approve")
    session = setup.create(
        service, replace(given, forms=(FormDraft(made.id),)), organisation_id=here
    )
    with pytest.raises(StepError) as caught:
        library.remove(service, here, made.id)
    assert (caught.value.code, caught.value.values["names"]) == ("instrument-used", given.title)
    setup.freeze(service, session)
    library.remove(service, here, made.id)
    assert library.own_of(service, here) == {}
    assert setup.manifest_of(service, session).instruments == (made,)


def test_positive_answers_need_a_positive_option() -> None:
    plain = draft()
    form = instruments.load("three-key-questions")
    check(plain, {form.id: form})
    third = form.questions[2]
    none = tuple(replace(option, positive=False) for option in third.options)
    dull = replace(form, questions=(*form.questions[:2], replace(third, options=none)))
    with pytest.raises(StepError) as caught:
        check(plain, {form.id: dull})
    assert caught.value.code == "positive-nobody"
    assert caught.value.values["question"] == third.text.zh
    check(replace(plain, rules=replace(plain.rules, positive=None)), {form.id: dull})


def test_a_subject_stands_once_whatever_it_has_promised() -> None:
    form = instruments.load("three-key-questions")
    given = draft(subjects=2)
    person = given.subjects[1]
    again = replace(person, commitment="多走访")
    with pytest.raises(StepError) as caught:
        check(replace(given, subjects=(*given.subjects, again)), {form.id: form})
    assert (caught.value.code, caught.value.values["name"]) == ("subject-twice", person.name)


def test_a_manifest_is_tried_without_keys() -> None:
    form = instruments.load("three-key-questions")
    given = draft(subjects=3)
    made = tried(given, {form.id: form})
    assert made.rules == given.rules
    assert len(made.boxes) == 3 * 2
