"""The contests of a draft: who is appraised under which form, and on which ballot (§4.1).

Each subject has a ballot of its own under each form for its kind; under a form with limits all of
them stand on one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from appraisal.ballot_form import Instrument, SubjectKind
from appraisal.counting_rules import Rules
from appraisal.documents.strokes import stroke_key
from appraisal.manifest import Contest, Subject
from appraisal.steps.draft import Draft, FormDraft


@dataclass(frozen=True)
class Planned:
    """What a draft's subjects and forms come to in its manifest."""

    instruments: tuple[Instrument, ...]
    subjects: tuple[Subject, ...]
    contests: tuple[Contest, ...]
    rules: Rules


def contests_of(draft: Draft, library: Mapping[str, Instrument]) -> Planned:
    """The contests; `library` has every form of the draft. Forms that ask nobody are left out."""
    subjects = ordered(draft.subjects) if draft.by_strokes else draft.subjects
    forms = [
        (form, of_kind)
        for form in draft.forms
        if (of_kind := [n for n, s in enumerate(subjects) if asks(form, library, s.kind)])
    ]
    instruments = tuple(instrument_of(form, library) for form, _ in forms)
    apart = [
        Contest((subject,), number)
        for subject in range(len(subjects))
        for number, (form, _) in enumerate(forms)
        if asks(form, library, subjects[subject].kind) and not instruments[number].whole
    ]
    whole = [
        Contest(tuple(of_kind), number)
        for number, (_, of_kind) in enumerate(forms)
        if instruments[number].whole
    ]
    shares = any(limit.share for instrument in instruments for limit in instrument.limits)
    rules = replace(draft.rules, members=draft.rules.members if shares else 0)
    return Planned(instruments, subjects, (*apart, *whole), rules)


def asks(form: FormDraft, library: Mapping[str, Instrument], kind: SubjectKind) -> bool:
    """Whether a draft's form asks about subjects of a kind, by itself and in this session."""
    return {form.kind, library[form.instrument].kind} <= {None, kind}


def boxes_of(draft: Draft, planned: Planned) -> int:
    """How many boxes its manifest has: one a contest and class, and the comment boxes."""
    return (len(planned.contests) + (draft.comments is not None)) * len(draft.classes)


def instrument_of(form: FormDraft, library: Mapping[str, Instrument]) -> Instrument:
    """A form's instrument with this session's numbers in its limits."""
    instrument = library[form.instrument]
    if not form.limits:
        return instrument
    limits = (
        replace(limit, least=own.least)
        if own.most is None
        else replace(limit, least=own.least, most=own.most, share=None)
        for limit, own in zip(instrument.limits, form.limits, strict=True)
    )
    return replace(instrument, limits=tuple(limits))


def ordered(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Organisations as given, then persons by surname strokes 姓氏笔画."""
    persons = (s for s in subjects if s.kind is SubjectKind.PERSON)
    by_strokes = sorted(persons, key=lambda subject: stroke_key(subject.name))
    return (*(s for s in subjects if s.kind is SubjectKind.ORGANISATION), *by_strokes)
