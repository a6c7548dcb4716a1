"""What a draft still needs before it can be frozen, each want with its code and sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from appraisal.ballot_form import Instrument, SubjectKind, bounds_of
from appraisal.errors import MalformedError, ManifestError, StepError
from appraisal.manifest import (
    KEY_SIZE,
    MAX_BOXES,
    MAX_CLASSES,
    MAX_CONTESTS,
    MAX_SIGNERS,
    MAX_TELLERS,
    MAX_WITNESSES,
    MODULUS_SIZE,
    Manifest,
    SessionId,
    Signer,
    Subject,
    Teller,
    Witness,
)
from appraisal.manifest_rules import MAX_CAST, MAX_PLACES, SECTORS, cast_size, check_date
from appraisal.steps.contests import Planned, asks, boxes_of, contests_of
from appraisal.steps.draft import (
    CUSTODIAN,
    FULL_WEIGHT,
    SIGNERS,
    Draft,
)
from appraisal.steps.freezing import PublicKeys, to_manifest

TRIED_KEY: Final = (9).to_bytes(KEY_SIZE, "little")
"""Stands for the board's key while a draft is tried out."""


def check(
    draft: Draft,
    library: Mapping[str, Instrument],
    *,
    further: Sequence[Signer] = (),
    witnesses: Sequence[Witness] = (),
) -> None:
    """Raise `StepError` with what is to be mended first, if anything is.

    `library` has the forms that the draft may name; `further` signers and `witnesses` are those
    that its manifest will name, as far as is known.
    """
    _check_description(draft)
    _check_subjects(draft.subjects)
    _check_classes(draft)
    _check_forms(draft, library)
    planned = contests_of(draft, library)
    _check_contests(draft, planned)
    _check_positive(draft, planned)
    if draft.comments is not None and not draft.comments.readers:
        raise StepError("comments-unread", "nobody is to read the comments")
    _check_tellers(draft)
    _check_witnesses(draft.witnesses)
    tried(draft, library, further=further, witnesses=witnesses)


def tried(
    draft: Draft,
    library: Mapping[str, Instrument],
    *,
    further: Sequence[Signer] = (),
    witnesses: Sequence[Witness] = (),
) -> Manifest:
    """The manifest that a checked draft would become, with keys that nobody has.

    Raises `StepError` for a rule of the manifest that no other check has.
    """
    planned = contests_of(draft, library)
    _check_cast(draft, planned, signers=len(further) + 1)
    boxes = boxes_of(draft, planned)
    try:
        return to_manifest(
            draft,
            library,
            session=SessionId("0" * 10),
            frozen="2010-04-07",
            origin="example.org/b/0000000000",
            keys=PublicKeys(
                tokens=tuple(
                    tuple(_tried(box * MAX_SIGNERS + number) for number in range(len(further) + 1))
                    for box in range(boxes)
                ),
                tellers=tuple(
                    Teller(name, number.to_bytes(KEY_SIZE, "big"))
                    for number, name in enumerate(draft.tellers or (CUSTODIAN,))
                ),
                board=TRIED_KEY,
                signers=(*SIGNERS, *further),
                witnesses=tuple(witnesses),
            ),
        )
    except MalformedError as error:
        raise StepError("manifest-invalid", str(error), detail=str(error)) from error


def _tried(number: int) -> bytes:
    """An odd number of a modulus's length, another for each number: the other fields are tried."""
    return (1 << 8 * MODULUS_SIZE - 1 | 2 * number + 1).to_bytes(MODULUS_SIZE, "big")


def _check_description(draft: Draft) -> None:
    if not draft.title.strip():
        raise StepError("title-missing", "the session has no title yet")
    if not draft.organisation.strip():
        raise StepError("organisation-missing", "the session has no organisation yet")
    if draft.sector not in SECTORS:
        raise StepError("sector-unknown", "the sector is none of the seven", sector=draft.sector)
    try:
        check_date(draft.period.start, where="period.from")
        if draft.period.end:
            check_date(draft.period.end, where="period.to")
    except ManifestError as error:
        raise StepError("period-wrong", str(error)) from error
    if draft.period.end and draft.period.end < draft.period.start:
        raise StepError("period-wrong", "the period ends before it begins")


def _check_forms(draft: Draft, library: Mapping[str, Instrument]) -> None:
    if not draft.forms:
        raise StepError("forms-missing", "the session has no ballot form yet")
    for form in draft.forms:
        if form.instrument not in library:
            raise StepError(
                "instrument-unknown", "there is no such instrument", instrument=form.instrument
            )
        title = library[form.instrument].title.zh
        if form.limits and len(form.limits) != len(library[form.instrument].limits):
            raise StepError("form-changed", f"{title} has other limits now", form=title)
        if not any(asks(form, library, subject.kind) for subject in draft.subjects):
            raise StepError("form-asks-nobody", f"no subject stands under {title}", form=title)
    for name, times in Counter(form.instrument for form in draft.forms).items():
        if times > 1:
            title = library[name].title.zh
            raise StepError("form-twice", f"{title} is chosen twice", form=title)
    for subject in draft.subjects:
        if not any(asks(form, library, subject.kind) for form in draft.forms):
            raise StepError(
                "subject-without-form", f"no form asks about {subject.name}", name=subject.name
            )


def _check_contests(draft: Draft, planned: Planned) -> None:
    boxes = boxes_of(draft, planned)
    if len(planned.contests) > MAX_CONTESTS or boxes > MAX_BOXES:
        raise StepError(
            "contests-too-many",
            f"{len(planned.contests)} ballots a voter are too many",
            contests=len(planned.contests),
            most=min(MAX_CONTESTS, MAX_BOXES // len(draft.classes)),
        )
    for contest in planned.contests:
        instrument = planned.instruments[contest.instrument]
        title = instrument.title.zh
        answers = instrument.width * len(contest.subjects)
        if answers > MAX_PLACES:
            raise StepError(
                "ballot-too-long",
                f"{title}: {answers} answers on a ballot",
                form=title,
                answers=answers,
                most=MAX_PLACES,
            )
        shares = any(limit.share for limit in instrument.limits)
        if shares and not draft.rules.members:
            raise StepError("members-missing", f"{title} limits a share of nobody", form=title)
        kinds = tuple(planned.subjects[number].kind for number in contest.subjects)
        for bounds in bounds_of(instrument, kinds, members=draft.rules.members):
            if not bounds.most:
                raise StepError("limit-nobody", f"{title}: a limit allows nobody", form=title)
            if bounds.least > min(bounds.most, len(bounds.subjects)):
                raise StepError(
                    "limit-impossible",
                    f"{title}: {bounds.least} at least, of {len(bounds.subjects)}",
                    form=title,
                    least=bounds.least,
                    most=bounds.most,
                    subjects=len(bounds.subjects),
                )


def _check_cast(draft: Draft, planned: Planned, *, signers: int) -> None:
    """Refuse more than one voter's request takes (§4.7)."""
    sizes = (
        planned.instruments[contest.instrument].width * len(contest.subjects)
        for contest in planned.contests
    )
    if cast_size(sizes, signers=signers, tellers=max(1, len(draft.tellers))) > MAX_CAST:
        raise StepError(
            "cast-too-large", "a voter's ballots do not fit in one request", most=MAX_CAST
        )


def _check_positive(draft: Draft, planned: Planned) -> None:
    """Refuse to ask for positive answers where a question has none: nobody could reach it."""
    if draft.rules.positive is None:
        return
    for instrument in planned.instruments:
        for question in instrument.questions:
            if question.scaled and not any(option.positive for option in question.options):
                raise StepError(
                    "positive-nobody",
                    f"{instrument.title.zh}: {question.text.zh} has no positive option",
                    form=instrument.title.zh,
                    question=question.text.zh,
                )


def _check_subjects(subjects: Sequence[Subject]) -> None:
    if not subjects:
        raise StepError("subjects-missing", "the session has no subjects yet")
    if len(subjects) > MAX_CONTESTS:
        raise StepError(
            "subjects-too-many", "too many subjects", subjects=len(subjects), most=MAX_CONTESTS
        )
    plain = Counter(replace(subject, commitment="") for subject in subjects)
    for subject, times in plain.items():
        if times > 1:
            raise StepError("subject-twice", "a subject stands twice", name=subject.name)


def _check_classes(draft: Draft) -> None:
    classes = draft.classes
    if not classes:
        raise StepError("classes-missing", "the session has no classes of voters yet")
    if len(classes) > MAX_CLASSES:
        raise StepError(
            "classes-too-many", "too many classes", classes=len(classes), most=MAX_CLASSES
        )
    for number, voter_class in enumerate(classes, start=1):
        if not voter_class.name_zh.strip():
            raise StepError("class-name-missing", "a class has no name", number=number)
    for name, times in Counter(voter_class.name_zh for voter_class in classes).items():
        if times > 1:
            raise StepError("class-twice", "two classes have one name", name=name)
    for voter_class in classes:
        if voter_class.slips < draft.rules.floor:
            raise StepError(
                "below-floor",
                f"{voter_class.name_zh}: {voter_class.slips} slips are fewer than the floor of "
                f"{draft.rules.floor}; merge the class with another or lower the floor",
                **{"class": voter_class.name_zh},
                slips=voter_class.slips,
                floor=draft.rules.floor,
            )
    total = sum(voter_class.weight for voter_class in classes)
    if total != FULL_WEIGHT:
        raise StepError("weights", f"the weights sum to {total}, not to 100", sum=total)


def appraised_tellers(draft: Draft) -> tuple[str, ...]:
    """The tellers who are called as a person who is appraised: nobody opens ballots on himself.

    A name is all that is known of either. Where two people share one, the teller's is written with
    something that tells them apart, which readers of the board need as well.
    """
    persons = {_bare(s.name) for s in draft.subjects if s.kind is SubjectKind.PERSON}
    return tuple(name for name in draft.tellers if _bare(name) in persons)


def _bare(name: str) -> str:
    """A name without its spaces: 李　明 is 李明."""
    return "".join(name.split())


def _check_tellers(draft: Draft) -> None:
    tellers, quorum = draft.tellers, draft.quorum
    if len(tellers) > MAX_TELLERS:
        raise StepError(
            "tellers-too-many", "too many tellers", tellers=len(tellers), most=MAX_TELLERS
        )
    for number, name in enumerate(tellers, start=1):
        if not name.strip():
            raise StepError("teller-name-missing", "a teller has no name", number=number)
    for name, times in Counter(tellers).items():
        if times > 1:
            raise StepError("teller-twice", "a teller stands twice", name=name)
    for name in appraised_tellers(draft):
        raise StepError("teller-appraised", f"{name} is a subject and a teller", name=name)
    # Without tellers the service is custodian, and no quorum of anybody opens.
    least, most = (1, len(tellers)) if tellers else (0, 0)
    if not least <= quorum <= most:
        raise StepError(
            "quorum-wrong",
            f"{quorum} of {len(tellers)} tellers cannot open",
            quorum=quorum,
            tellers=len(tellers),
        )


def _check_witnesses(witnesses: Sequence[str]) -> None:
    if len(witnesses) > MAX_WITNESSES:
        raise StepError(
            "witnesses-too-many",
            "too many witnesses",
            witnesses=len(witnesses),
            most=MAX_WITNESSES,
        )
    for url, times in Counter(witnesses).items():
        if times > 1:
            raise StepError("witness-twice", "a witness stands twice", name=url)
