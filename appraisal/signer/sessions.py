"""What a further signer does for a session, step by step; each may be repeated, and is durable.

keys → manifest → printed, a class at a time → begin → draws → close

It takes nobody's word for anything that it can see itself: one manifest a session, which holds
exactly its keys; as many slips of a class as that says; no slip once voting has begun, no draw
before or after.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from sqlalchemy.exc import IntegrityError, OperationalError

from appraisal.ballots import board
from appraisal.ballots.slips import SlipHash
from appraisal.ballots.statements import sign_statement
from appraisal.encoding import hex_decode
from appraisal.errors import Busy, CryptoError, MalformedError
from appraisal.manifest import BoxNumber, Manifest, SessionId, decode_manifest
from appraisal.peers.messages import (
    KEYS_AT_ONCE,
    PeerRefusal,
    Printing,
    SignerKeys,
    Turnouts,
)
from appraisal.signer.signer import FurtherSigner, number_at
from appraisal.store.admission import Admission
from appraisal.store.registry import HASH_SIZE, SlipState

_STANDING: Final = 409
_WRONG: Final = 422


def make_keys(signer: FurtherSigner, session: SessionId, *, invited: str, boxes: int) -> SignerKeys:
    """The public keys of the first so many boxes, made if there are none; the same ones again.

    The session is this service's from now on. Once its manifest is fixed no key is made any more.
    They are made in order, `KEYS_AT_ONCE` a request: who wants more asks again.
    """
    with signer.step(session):
        row = signer.sessions.get(session)
        if row is not None and row.invited != invited:
            raise _nobodys_business()
        if row is not None and row.manifest is not None:
            raise PeerRefusal(_STANDING, "manifest-standing", "the manifest is fixed already")
        before = boxes - KEYS_AT_ONCE
        if before > 0 and not signer.keys.has_token_key(session, BoxNumber(before - 1)):
            raise PeerRefusal(_WRONG, "too-many-keys", f"{KEYS_AT_ONCE} new keys at a time")
        if row is None:
            with signer.sessions.database.write() as tx:
                signer.sessions.keep(tx, session, invited=invited)
        return SignerKeys(
            name=signer.name,
            key=signer.statement_key.public_key().public_bytes_raw(),
            token_keys=tuple(
                signer.keys.make_token_key(session, BoxNumber(box)) for box in range(boxes)
            ),
        )


def fix_manifest(signer: FurtherSigner, session: SessionId, data: bytes, *, invited: str) -> None:
    """Take the one manifest of a session; the same bytes again change nothing."""
    with signer.step(session):
        row = signer.sessions.get(session)
        if row is None or row.invited != invited:
            raise _nobodys_business()
        if row.manifest is not None:
            if row.manifest == data:
                return
            raise PeerRefusal(_STANDING, "manifest-standing", "another manifest is fixed already")
        try:
            manifest = decode_manifest(data)
            _check(signer, session, manifest)
        except (MalformedError, CryptoError) as error:
            raise PeerRefusal(_WRONG, "manifest-wrong", str(error)) from error
        with signer.sessions.database.write() as tx:
            signer.sessions.keep(tx, session, invited=invited, manifest=data)
            signer.registry.admit(tx, session, Admission.WAITING)


def take_printing(
    signer: FurtherSigner, session: SessionId, printing: Printing, *, invited: str
) -> bytes:
    """The statement that these slips of a class are here, all that it has.

    Before voting begins a printing takes the place of the one before it, which a service that was
    cut off could not use: it has the codes of the last one only.
    """
    with signer.step(session):
        manifest = manifest_of(signer, session, invited=invited)
        if signer.registry.admission(session) is not Admission.WAITING:
            raise PeerRefusal(_STANDING, "printing-over", "voting has begun: no slip is added")
        try:
            hashes = _hashes(printing, manifest)
            with signer.sessions.database.write() as tx:
                signer.sessions.print(tx, session, voter_class=printing.voter_class, hashes=hashes)
        except MalformedError as error:
            raise PeerRefusal(_WRONG, "printing-wrong", str(error)) from error
        except IntegrityError as error:
            raise PeerRefusal(
                _WRONG, "printing-wrong", "a slip that is here already, elsewhere"
            ) from error
        entry = board.Printed(signer.number_in(manifest), printing.voter_class, hashes)
        return sign_statement(
            entry, manifest_hash=manifest.hash, key=signer.statement_key
        ).statement


def begin(signer: FurtherSigner, session: SessionId, *, invited: str) -> None:
    """Sign from now on, once every class has its slips; never again after close."""
    with signer.step(session):
        manifest = manifest_of(signer, session, invited=invited)
        match signer.registry.admission(session):
            case Admission.OPEN:
                return
            case Admission.CLOSED | None:
                raise PeerRefusal(_STANDING, "closed", "voting is over")
            case Admission.WAITING:
                printed = signer.sessions.printed(session)
                if len(printed) != len(manifest.classes):
                    raise PeerRefusal(_STANDING, "not-printed", "a class has no slips yet")
                with signer.sessions.database.write() as tx:
                    signer.registry.admit(tx, session, Admission.OPEN)


def close(signer: FurtherSigner, session: SessionId, *, invited: str) -> Turnouts:
    """Sign nothing any more, destroy the token keys, then state how many slips were drawn."""
    with signer.step(session):
        manifest = manifest_of(signer, session, invited=invited)
        if signer.registry.admission(session) is Admission.WAITING:
            raise PeerRefusal(_STANDING, "not-open", "voting has not begun")
        with signer.sessions.database.write() as tx:
            signer.registry.admit(tx, session, Admission.CLOSED)
        signer.keys.destroy_tokens(session)
        try:
            signer.registry.forget_requests(session)
        except OperationalError as error:
            # Somebody reads the file (a backup, a copy): the order must not survive in it.
            raise Busy("the database is in use elsewhere") from error
        with signer.sessions.database.read() as tx:
            drawn = [
                signer.registry.hashes(tx, session, voter_class=number, state=SlipState.DRAWN)
                for number in range(len(manifest.classes))
            ]
        return Turnouts(
            tuple(
                board.encode(
                    sign_statement(
                        board.Turnout(
                            signer.number_in(manifest), number, tuple(map(SlipHash, hashes)), ()
                        ),
                        manifest_hash=manifest.hash,
                        key=signer.statement_key,
                    )
                )
                for number, hashes in enumerate(drawn)
            )
        )


def _nobodys_business() -> PeerRefusal:
    return PeerRefusal(404, "unknown-session", "this service has brought no such session")


def manifest_of(signer: FurtherSigner, session: SessionId, *, invited: str) -> Manifest:
    """The fixed manifest of a session of this service."""
    row = signer.sessions.get(session)
    if row is None or row.invited != invited:
        raise _nobodys_business()
    if row.manifest is None:
        raise PeerRefusal(_STANDING, "manifest-missing", "no manifest is fixed yet")
    return decode_manifest(row.manifest)


def _check(signer: FurtherSigner, session: SessionId, manifest: Manifest) -> None:
    """Refuse a manifest that is another session's, or does not hold exactly this signer's keys."""
    if manifest.session != session:
        raise MalformedError("the manifest is another session's")
    number = number_at(signer.settings.base_url, manifest)
    named = manifest.signers[number]
    if (named.name, named.key) != (
        signer.name,
        signer.statement_key.public_key().public_bytes_raw(),
    ):
        raise MalformedError("the manifest gives this signer another name or key")
    boxes = [BoxNumber(box) for box in range(len(manifest.boxes))]
    for box, key in zip(boxes, signer.keys.token_keys(session, boxes), strict=True):
        if manifest.boxes[box].token_keys[number] != key.public.to_bytes():
            raise MalformedError(f"boxes[{box}]: another key than this signer's")


def _hashes(printing: Printing, manifest: Manifest) -> tuple[SlipHash, ...]:
    if printing.voter_class >= len(manifest.classes):
        raise MalformedError("the session has no such class")
    slips = manifest.classes[printing.voter_class].slips
    hashes = [SlipHash(hex_decode(slip, size=HASH_SIZE)) for slip in printing.slips]
    if len(hashes) != slips:
        raise MalformedError(f"{len(hashes)} slips of a class that has {slips}")
    if any(a >= b for a, b in pairwise(hashes)):
        raise MalformedError("slip hashes that are not in order")
    return tuple(hashes)
