"""A draft: a session while the secretary describes it, before freezing makes it a manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from appraisal import codec, instruments
from appraisal.codec import Range
from appraisal.errors import MalformedError, ManifestError, StepError
from appraisal.manifest import (
    KEY_SIZE,
    MAX_CLASSES,
    MAX_CONTESTS,
    MAX_SIGNERS,
    MAX_SLIPS,
    MAX_TELLERS,
    MAX_WITNESSES,
    MODULUS_SIZE,
    BelowFloor,
    BoardKey,
    Box,
    Contest,
    EmptyClass,
    Manifest,
    Opening,
    Period,
    Rules,
    SessionId,
    Signer,
    Subject,
    SubjectKind,
    Teller,
    Text,
    VoterClass,
    Witness,
)
from appraisal.manifest_rules import FORMAT, SECTORS, check_date

LIMIT: Final = 4 * 2**20
FULL_WEIGHT: Final = 100
TRIED_KEY: Final = (9).to_bytes(KEY_SIZE, "little")
"""Stands for the board's key while a draft is tried out."""
SIGNERS: Final = (Signer("registrar"),)
CUSTODIAN: Final = "custodian"
RETENTION_MONTHS: Final = 12
"""For how long the sealed ballots are kept after the opening, unless a session says otherwise."""
USUAL_RULES: Final = Rules(
    floor=5,
    below_floor=BelowFloor.WITHHOLD,
    empty_class=EmptyClass.RENORMALISE,
    decimals=2,
    turnout=(1, 2),
    positive=(2, 3),
    quota=0,
    award="",
)
"""What a new session starts from; quota and award are each session's own."""


@dataclass(frozen=True)
class ClassDraft:
    """A class of voters: its names, how many slips are printed, its weight in per cent."""

    name_zh: Annotated[str, Range(0, 100)]
    name_en: Annotated[str, Range(0, 100)]
    slips: Annotated[int, Range(0, MAX_SLIPS)]
    weight: Annotated[int, Range(0, FULL_WEIGHT)]


@dataclass(frozen=True)
class Draft:
    """What the secretary decides; it may be incomplete until it is frozen.

    `instrument` is an id of `appraisal.instruments`; every subject stands under it. `tellers` are
    names, none of them if the service is custodian, and then `quorum` is 0. `signer` is the address
    of an enrolled second signer, or empty; `witnesses` are addresses too. Ballots are kept for
    `retention_months` after the opening.
    """

    title: Annotated[str, Range(0, 200)]
    organisation: Annotated[str, Range(0, 200)]
    sector: Annotated[str, Range(0, 40)]
    period: Period
    instrument: Annotated[str, Range(0, 60)]
    subjects: Annotated[tuple[Subject, ...], Range(0, MAX_CONTESTS)]
    classes: Annotated[tuple[ClassDraft, ...], Range(0, MAX_CLASSES)]
    rules: Rules
    publish_factors: bool
    demonstration: bool
    tellers: Annotated[tuple[Annotated[str, Range(0, 100)], ...], Range(0, MAX_TELLERS)] = ()
    quorum: Annotated[int, Range(0, MAX_TELLERS)] = 0
    signer: Annotated[str, Range(0, 200)] = ""
    witnesses: Annotated[tuple[Annotated[str, Range(1, 200)], ...], Range(0, MAX_WITNESSES)] = ()
    retention_months: Annotated[int, Range(1, 120)] = RETENTION_MONTHS


@dataclass(frozen=True)
class PublicKeys:
    """What freezing adds to a draft: who takes part, with their public keys.

    `tokens` has a tuple a box, of one modulus a signer.
    """

    tokens: tuple[tuple[bytes, ...], ...]
    tellers: tuple[Teller, ...]
    board: bytes
    signers: tuple[Signer, ...] = SIGNERS
    witnesses: tuple[Witness, ...] = ()


def encode_draft(draft: Draft) -> bytes:
    """Canonical JSON."""
    return codec.encode(draft)


def decode_draft(data: bytes) -> Draft:
    """The draft of canonical JSON."""
    return codec.decode(Draft, data, limit=LIMIT)


def check(
    draft: Draft, *, further: Sequence[Signer] = (), witnesses: Sequence[Witness] = ()
) -> None:
    """Raise `StepError` with what is to be mended first, if anything is.

    `further` signers and `witnesses` are those that its manifest will name, as far as is known.
    """
    _check_description(draft)
    _check_subjects(draft.subjects)
    _check_classes(draft)
    _check_tellers(draft)
    _check_witnesses(draft.witnesses)
    try:
        to_manifest(
            draft,
            session=SessionId("0" * 10),
            frozen="2010-04-07",
            origin="example.org/b/0000000000",
            keys=PublicKeys(
                tokens=tuple(
                    tuple(_tried(box * MAX_SIGNERS + number) for number in range(len(further) + 1))
                    for box in range(len(draft.subjects) * len(draft.classes))
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


def to_manifest(
    draft: Draft, *, session: SessionId, frozen: str, origin: str, keys: PublicKeys
) -> Manifest:
    """The manifest of a complete draft; `frozen` is an ISO date."""
    classes = range(len(draft.classes))
    pairs = [(contest, number) for contest in range(len(draft.subjects)) for number in classes]
    manifest = Manifest(
        format=FORMAT,
        session=session,
        title=draft.title,
        organisation=draft.organisation,
        sector=draft.sector,
        period=draft.period,
        frozen=frozen,
        demonstration=draft.demonstration,
        instruments=(instruments.load(draft.instrument),),
        subjects=draft.subjects,
        contests=tuple(Contest(subject, 0) for subject in range(len(draft.subjects))),
        classes=tuple(
            VoterClass(Text(c.name_zh, c.name_en or c.name_zh), c.slips, c.weight)
            for c in draft.classes
        ),
        boxes=tuple(
            Box(contest, number, moduli)
            for (contest, number), moduli in zip(pairs, keys.tokens, strict=True)
        ),
        signers=keys.signers,
        opening=Opening(
            custodian=not draft.tellers,
            quorum=draft.quorum if draft.tellers else 1,
            publish_factors=draft.publish_factors,
            tellers=keys.tellers,
        ),
        witnesses=keys.witnesses,
        rules=draft.rules,
        board=BoardKey(origin, keys.board),
    )
    # Ranges are the codec's to check: what is frozen must be readable by everyone.
    return codec.decode(Manifest, manifest.encoded, limit=LIMIT)


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
    if draft.instrument not in {known.id for known in instruments.available()}:
        raise StepError(
            "instrument-unknown", "there is no such instrument", instrument=draft.instrument
        )


def _check_subjects(subjects: Sequence[Subject]) -> None:
    if not subjects:
        raise StepError("subjects-missing", "the session has no subjects yet")
    if len(subjects) > MAX_CONTESTS:
        raise StepError(
            "subjects-too-many", "too many subjects", subjects=len(subjects), most=MAX_CONTESTS
        )
    for subject, times in Counter(subjects).items():
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
