"""A draft becomes a manifest: what the secretary decided, with everybody's public keys (§4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal import codec
from appraisal.ballot_form import Instrument, Text
from appraisal.errors import StepError
from appraisal.manifest import (
    LIMIT,
    BoardKey,
    Box,
    Comments,
    Manifest,
    Opening,
    SessionId,
    Signer,
    Teller,
    VoterClass,
    Witness,
)
from appraisal.manifest_rules import FORMAT
from appraisal.steps.contests import boxes_of, contests_of
from appraisal.steps.draft import SIGNERS, CommentsDraft, Draft


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


def to_manifest(
    draft: Draft,
    library: Mapping[str, Instrument],
    *,
    session: SessionId,
    frozen: str,
    origin: str,
    keys: PublicKeys,
) -> Manifest:
    """The manifest of a complete draft; `library` has its forms, `frozen` is an ISO date.

    `ManifestError` if it contradicts itself, `StepError` if it is longer than one may be.
    """
    planned = contests_of(draft, library)
    boxes = range(boxes_of(draft, planned))
    pairs = [divmod(box, len(draft.classes)) for box in boxes]
    manifest = Manifest(
        format=FORMAT,
        session=session,
        title=draft.title,
        organisation=draft.organisation,
        sector=draft.sector,
        period=draft.period,
        frozen=frozen,
        demonstration=draft.demonstration,
        instruments=planned.instruments,
        subjects=planned.subjects,
        contests=planned.contests,
        classes=tuple(
            VoterClass(
                Text(c.name_zh, c.name_en or c.name_zh), c.entitled or c.slips, c.slips, c.weight
            )
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
        rules=planned.rules,
        board=BoardKey(origin, keys.board),
        comments=_comments(draft.comments),
    )
    if len(manifest.encoded) > LIMIT:
        raise StepError("manifest-too-large", f"{len(manifest.encoded)} bytes", most=LIMIT)
    # Ranges are the codec's to check: what is frozen must be readable by everyone.
    return codec.decode(Manifest, manifest.encoded, limit=LIMIT)


def _comments(draft: CommentsDraft | None) -> Comments | None:
    if draft is None:
        return None
    text = Text(draft.text_zh, draft.text_en or draft.text_zh)
    return Comments(text, draft.length, draft.readers)
