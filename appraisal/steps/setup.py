"""Step 1, set up: a draft is described, then frozen into the manifest that binds everything."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

from appraisal.ballots import board
from appraisal.encoding import base32encode
from appraisal.errors import StepError
from appraisal.manifest import SESSION_SYMBOLS, BoxNumber, Manifest, SessionId, Teller
from appraisal.steps import signers, witnesses
from appraisal.steps.board import sign_head
from appraisal.steps.contests import boxes_of, contests_of
from appraisal.steps.draft import (
    CUSTODIAN,
    SIGNERS,
    Draft,
    decode_draft,
    encode_draft,
)
from appraisal.steps.draft_checks import check
from appraisal.steps.freezing import PublicKeys, to_manifest
from appraisal.steps.library import library_of
from appraisal.steps.service import Service
from appraisal.steps.tellers import checked_keys
from appraisal.store import tellers
from appraisal.store.admission import Admission
from appraisal.store.office import Phase

_SESSION_BYTES: Final = 7


def create(service: Service, draft: Draft, *, organisation_id: int) -> SessionId:
    """A new session in draft; the draft may be incomplete."""
    session = SessionId(base32encode(service.rng(_SESSION_BYTES))[:SESSION_SYMBOLS].lower())
    service.office.create(
        session,
        organisation_id=organisation_id,
        title=draft.title,
        draft=encode_draft(draft),
        demonstration=draft.demonstration,
        at=service.now(),
    )
    return session


def save(service: Service, session: SessionId, draft: Draft) -> int:
    """Keep a changed draft; how many tellers have to hand in a key again.

    A key card says how many tellers there are and how many of them open. Where that changes, cards
    and keys are none any more.
    """
    service.row(session, Phase.DRAFT)
    with service.office.database.write() as tx:
        row = service.office.hold(tx, session)
        earlier = decode_draft(row.draft) if row is not None else draft
        service.office.change(
            tx,
            session,
            phases=[Phase.DRAFT],
            draft=encode_draft(draft),
            title=draft.title,
            demonstration=draft.demonstration,
        )
        if (draft.tellers, draft.quorum) == (earlier.tellers, earlier.quorum):
            return 0
        forgotten = tellers.forget_keys(tx, session)
        # Who is somebody else now, or stands elsewhere, gets a new link.
        tellers.keep_only(tx, session, draft.tellers)
        return forgotten


def freeze(
    service: Service,
    session: SessionId,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Manifest:
    """DRAFT to FROZEN: makes the keys and the manifest, and puts it on the board.

    Not before every teller's key has been checked.
    """
    with service.step(session):
        row = service.row(session, Phase.DRAFT)
        encoded, draft = row.draft, decode_draft(row.draft)
        library = library_of(service, row.organisation_id)
        watching = witnesses.of_draft(service, draft)
        check(draft, library, witnesses=watching)
        with service.office.database.read() as tx:
            opening = checked_keys(tx, session, draft)
        if opening:
            # One that was cut off while the service was still custodian may have left its key.
            service.keys.destroy_opening_key(session)
        planned = contests_of(draft, library)
        boxes = [BoxNumber(n) for n in range(boxes_of(draft, planned))]
        # The others first: if one of them is away, no key was made for nothing.
        further = signers.keys_for_freeze(service, draft, session, len(boxes), progress=progress)
        named = tuple(signer.named for signer in further)
        if named:
            check(draft, library, further=named, witnesses=watching)
        moduli: list[bytes] = []
        for box in boxes:
            progress(len(moduli), len(boxes))
            moduli.append(service.keys.make_token_key(session, box))
        progress(len(boxes), len(boxes))
        manifest = to_manifest(
            draft,
            library,
            session=session,
            frozen=service.now().date().isoformat(),
            origin=f"{service.settings.authority}/b/{session}",
            keys=PublicKeys(
                tokens=tuple(zip(moduli, *(signer.token_keys for signer in further), strict=True)),
                signers=(*SIGNERS, *named),
                witnesses=watching,
                tellers=opening or (Teller(CUSTODIAN, service.keys.make_opening_key(session)),),
                board=service.keys.make_board_key(session),
            ),
        )
        service.box.set_up(session, manifest=manifest.encoded)
        entries = [board.encode(board.ManifestEntry(manifest.hash))]
        with service.office.database.write() as tx:
            standing = service.office.hold(tx, session)
            if standing is None or standing.draft != encoded:
                raise StepError("changed-meanwhile", "the draft has changed meanwhile")
            if checked_keys(tx, session, draft) != opening:
                raise StepError("changed-meanwhile", "a teller's key has changed meanwhile")
            service.office.change(
                tx,
                session,
                phases=[Phase.DRAFT],
                becomes=Phase.FROZEN,
                manifest=manifest.encoded,
                frozen_at=service.now(),
                checkpoint=sign_head(service, manifest, entries),
            )
            service.registry.admit(tx, session, Admission.WAITING)
            service.office.add_entries(tx, session, entries)
    # It is frozen, whoever is away just now: printing binds the signers again.
    with contextlib.suppress(StepError):
        signers.fix_manifest(service, manifest)
    witnesses.ask_witnesses(service, session)
    return manifest


def draft_of(service: Service, session: SessionId) -> Draft:
    """The draft of a session, also after it was frozen."""
    return decode_draft(service.row(session).draft)


def manifest_of(service: Service, session: SessionId) -> Manifest:
    """The manifest of a frozen session."""
    manifest = service.registrar_manifests.get(session)
    if manifest is None:
        phase = service.row(session).phase
        raise StepError(
            "wrong-phase", "the session has not been frozen", phase=phase.value, needed="frozen"
        )
    return manifest
