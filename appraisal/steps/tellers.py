"""The tellers 监票人 of a session: their links, and what they hand in by them (protocol §4.13).

A teller's private key never comes here. What happens at once (two hand-ins, a new link, a changed
draft, the freezing, the opening) takes its turn at the session's row, which each of them holds.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from sqlalchemy.orm import Session

from appraisal import codec
from appraisal.ballots import board, key_check
from appraisal.codec import Range, Size
from appraisal.encoding import b64decode, base32encode, json_parse
from appraisal.errors import (
    AnswerWrong,
    CryptoError,
    Custodian,
    FactorsWrong,
    KeyStanding,
    LinkUnknown,
    Malformed,
    MalformedError,
    NotClosed,
    NotDraft,
    StepError,
    TermsChanged,
    UnknownSession,
)
from appraisal.manifest import KEY_SIZE, MAX_TELLERS, SessionId, Teller
from appraisal.steps.boxes import held
from appraisal.steps.draft import Draft, decode_draft
from appraisal.steps.factors import FACTOR_SIZE, improved, pack, unpack
from appraisal.steps.service import Service
from appraisal.store import tellers as store
from appraisal.store.office import Phase, SessionRow
from appraisal.store.tellers import TellerRow
from appraisal.tally.comments import comments_to_open
from appraisal.tally.opening import bad_factors, ballots_to_open

Body = TypeVar("Body")  # a request's dataclass

KEY_LIMIT: Final = 4096
"""Bytes of a request for or with a key check, at most."""
FACTOR_BYTES: Final = 48
"""Of a request, for one factor in base64, its quotation marks, a comma and a space."""
SECRET_BYTES: Final = 16
MAX_SECRET: Final = 64
MAX_FACTOR_TEXT: Final = 44
_ANSWERS: Final = "key-check"
_LINKS_LIVE: Final = (Phase.DRAFT, Phase.FROZEN, Phase.PRINTED, Phase.VOTING, Phase.CLOSED)


@dataclass(frozen=True)
class TellerStatus:
    """How far a teller is: has a link, has passed the key check, has handed in factors."""

    number: int
    name: str
    invited: bool
    checked: bool
    handed_in: bool


@dataclass(frozen=True)
class _Link:
    """A question whose link this is."""

    secret: Annotated[str, Range(1, MAX_SECRET)]


@dataclass(frozen=True)
class _Asked:
    """A request for a key check."""

    secret: Annotated[str, Range(1, MAX_SECRET)]
    key: Annotated[bytes, Size(KEY_SIZE)]


@dataclass(frozen=True)
class _Answered:
    """A key, what was sealed to it, and what its card says: how many tellers, how many open."""

    secret: Annotated[str, Range(1, MAX_SECRET)]
    key: Annotated[bytes, Size(KEY_SIZE)]
    answer: Annotated[bytes, Size(key_check.ANSWER_SIZE)]
    tellers: Annotated[int, Range(1, MAX_TELLERS)]
    quorum: Annotated[int, Range(1, MAX_TELLERS)]


@dataclass(frozen=True)
class _Factors:
    """A factor a ballot to be opened, in base64, or nothing."""

    secret: Annotated[str, Range(1, MAX_SECRET)]
    factors: tuple[Annotated[str, Range(0, MAX_FACTOR_TEXT)], ...]


def invite(service: Service, session: SessionId, teller: int) -> str:
    """The secret of a teller's new link, 26 symbols; the old link is dead.

    In a draft a key that was handed in by the old link is forgotten.
    """
    service.row(session)
    secret = base32encode(service.rng(SECRET_BYTES))
    with service.office.database.write() as tx:
        row = service.office.hold(tx, session)
        if row is None or row.phase not in _LINKS_LIVE:
            raise StepError("changed-meanwhile", "the session has moved on meanwhile")
        names = decode_draft(row.draft).tellers
        if not names:
            raise StepError("custodian", "the service itself opens this session's boxes")
        if not 0 <= teller < len(names):
            raise StepError("teller-unknown", "there is no such teller", number=teller)
        store.invite(
            tx,
            session,
            number=teller,
            name=names[teller],
            link=_hash(secret),
            forget_key=row.phase is Phase.DRAFT,
        )
    return secret


def statuses(service: Service, session: SessionId) -> tuple[TellerStatus, ...]:
    """How far each teller is, in order; none in a custodian session."""
    names = decode_draft(service.row(session).draft).tellers
    with service.office.database.read() as tx:
        rows = {row.number: row for row in store.of_session(tx, session)}
        handed_in = store.handed_in(tx, session)
    return tuple(
        TellerStatus(
            number=number,
            name=name,
            invited=number in rows and rows[number].link is not None,
            checked=number in rows and rows[number].key is not None,
            handed_in=number in handed_in,
        )
        for number, name in enumerate(names)
    )


def whose_link(service: Service, session: SessionId, data: bytes) -> int:
    """The number of the teller whose link a request body has; raises a `Refusal`."""
    link = _read(_Link, data, limit=KEY_LIMIT)
    with service.office.database.read() as tx:
        _, teller = _find(service, tx, session, link.secret)
        return teller.number


def challenge(service: Service, session: SessionId, data: bytes) -> bytes:
    """What is sealed to the key of a request body (80 bytes); raises a `Refusal`.

    Nothing is kept of it: the answer follows from link and key.
    """
    asked = _read(_Asked, data, limit=KEY_LIMIT)
    with service.office.database.read() as tx:
        row, teller = _find(service, tx, session, asked.secret)
        _check_key(tx, row, teller, asked.key)
        answer = _answer(service, teller, asked.key)
        number = teller.number
    try:
        return key_check.seal_challenge(answer, session=session, teller=number, key=asked.key)
    except CryptoError as error:
        raise Malformed(str(error)) from error


def hand_in_key(service: Service, session: SessionId, data: bytes) -> int:
    """The number of the teller whose key this is from now on; raises a `Refusal`.

    The same request again gets the same answer. What the card says of the quorum is what the draft
    says: a later change forgets the keys, so a registered key's card says what the manifest will.
    """
    answered = _read(_Answered, data, limit=KEY_LIMIT)
    with service.office.database.write() as tx:
        row, teller = _find(service, tx, session, answered.secret)
        _check_key(tx, row, teller, answered.key)
        if not hmac.compare_digest(answered.answer, _answer(service, teller, answered.key)):
            raise AnswerWrong("this is not what was sealed to the key")
        draft = decode_draft(row.draft)
        if (answered.tellers, answered.quorum) != (len(draft.tellers), draft.quorum):
            raise TermsChanged(f"{draft.quorum} of {len(draft.tellers)} open")
        teller.key = answered.key
        return teller.number


def sealed_comments(service: Service, session: SessionId, data: bytes) -> bytes:
    """The comments to be opened, in the form of `board.bin`, by leaf hash; raises a `Refusal`.

    For a teller with a link, once the session is closed (protocol §4.14).
    """
    link = _read(_Link, data, limit=KEY_LIMIT)
    with service.office.database.read() as tx:
        row, teller = _find(service, tx, session, link.secret)
        _closed(row, teller)
    manifest = service.registrar_manifests.get(session)
    if manifest is None:
        raise UnknownSession("no such session")
    comments = comments_to_open(manifest, service.box.ballots(session))
    return board.packed(comment.entry for comment in comments)


def factors_limit(service: Service, session: SessionId) -> int:
    """Of how many bytes a request with factors may be; a `Refusal` if it is not the time for any.

    Anyone may send one: so this is asked before anything is read of it.
    """
    phase, manifest = service.office.phase(session), service.registrar_manifests.get(session)
    if phase is None:
        raise UnknownSession("no such session")
    if phase is not Phase.CLOSED or manifest is None:
        raise _not_closed()
    if manifest.opening.custodian:
        raise Custodian("this session has no tellers")
    return KEY_LIMIT + FACTOR_BYTES * held(service, manifest).to_open


def hand_in_factors(service: Service, session: SessionId, data: bytes) -> tuple[int, int]:
    """How many tellers have handed in, and the quorum; raises a `Refusal`.

    The factors are those of the ballots to be opened, by leaf hash. Handing in again may add what
    was left empty, never take away what was good.
    """
    given = _read(_Factors, data, limit=factors_limit(service, session))
    with service.office.database.read() as tx:
        row, teller = _find(service, tx, session, given.secret)
        number = _closed(row, teller)
    manifest = service.registrar_manifests.get(session)
    if manifest is None:
        raise UnknownSession("no such session")
    # What takes long is done before the row is held; a closed session's ballots stay as they are.
    ballots = service.box.ballots(session)
    factors = _factors(given.factors)
    wanted = len(ballots_to_open(manifest, ballots))
    if len(factors) != wanted:
        raise Malformed(f"{len(factors)} factors for {wanted} ballots")
    wrong = bad_factors(manifest, ballots, teller=number, factors=factors)
    if wrong or (wanted and not any(factors)):
        raise FactorsWrong(str(len(wrong) or wanted))
    with service.office.database.write() as tx:
        row, teller = _find(service, tx, session, given.secret)
        _closed(row, teller)
        standing = teller.factors
        teller.factors = pack(improved(unpack(standing), factors) if standing else factors)
        tx.flush()
        return len(store.handed_in(tx, session)), manifest.opening.quorum


def checked_keys(tx: Session, session: SessionId, draft: Draft) -> tuple[Teller, ...]:
    """The tellers of a draft with their keys; `StepError` names those who gave none."""
    keys = {row.number: row.key for row in store.of_session(tx, session)}
    missing = [name for number, name in enumerate(draft.tellers) if keys.get(number) is None]
    if missing:
        raise StepError(
            "tellers-missing", "not every teller has handed in a key", names="、".join(missing)
        )
    return tuple(
        Teller(name, key)
        for number, name in enumerate(draft.tellers)
        if (key := keys[number]) is not None
    )


def _find(
    service: Service, tx: Session, session: SessionId, secret: str
) -> tuple[SessionRow, TellerRow]:
    """The session, held, and the teller whose link has this secret."""
    row = service.office.hold(tx, session)
    if row is None:
        raise UnknownSession("no such session")
    if not decode_draft(row.draft).tellers:
        raise Custodian("this session has no tellers")
    teller = store.with_link(tx, session, _hash(secret))
    if teller is None:
        raise LinkUnknown("nobody's link, or one that was replaced")
    return row, teller


def _check_key(tx: Session, row: SessionRow, teller: TellerRow, key: bytes) -> None:
    """Refuse a key that cannot become this teller's any more."""
    if row.phase is not Phase.DRAFT:
        raise NotDraft("the session has been frozen")
    if teller.key not in {None, key}:
        raise KeyStanding("another key was handed in by this link")
    for other in store.of_session(tx, SessionId(row.id)):
        if other.number != teller.number and other.key == key:
            raise KeyStanding("another teller handed in this key")


def _answer(service: Service, teller: TellerRow, key: bytes) -> bytes:
    """What a key check asks for, 32 bytes, which nobody else can work out."""
    bound = teller.session.encode() + bytes([teller.number]) + (teller.link or b"") + key
    return hmac.digest(service.keys.secret(_ANSWERS), bound, "sha256")


def _closed(row: SessionRow, teller: TellerRow) -> int:
    """The teller's number, if this is the time for factors."""
    if row.phase is not Phase.CLOSED:
        raise _not_closed()
    return teller.number


def _not_closed() -> NotClosed:
    return NotClosed("factors are handed in between close and opening")


def _factors(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    try:
        return tuple(b64decode(text, size=FACTOR_SIZE) if text else b"" for text in texts)
    except MalformedError as error:
        raise Malformed(str(error)) from error


def _read(kind: type[Body], data: bytes, *, limit: int) -> Body:
    try:
        return codec.from_json(kind, json_parse(data, limit=limit), where="request")
    except MalformedError as error:
        raise Malformed(str(error)) from error


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
