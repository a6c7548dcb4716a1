"""The box database: what was cast; never who cast it.

A ballot row holds the entry that will stand on the board and its leaf hash: no time, no sequence,
no address. Whoever alters a row is found by its signature, whoever drops one by the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import (
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from appraisal.ballots import tokens
from appraisal.ballots.ballot_box import is_repetition
from appraisal.ballots.cast import SIGNATURE_SIZE, BallotKey, CastBallot
from appraisal.ballots.merkle import LeafHash
from appraisal.ballots.rsa_pss import PREFIX_SIZE
from appraisal.ballots.tokens import Token
from appraisal.errors import KeyUsed, Refusal, UnknownSession
from appraisal.manifest import KEY_SIZE, SESSION_SYMBOLS, BoxNumber, SessionId
from appraisal.store.admission import Admission, refusal_of
from appraisal.store.database import NAMING, Database, values_of
from appraisal.store.writer import Writer

DIGEST_SIZE: Final = 32
KEYS_PER_QUERY: Final = 5000
"""SQLite takes 32,766 parameters in a statement; a ballot's key needs three."""


class BoxBase(DeclarativeBase):
    """The tables of the box database."""

    metadata = MetaData(naming_convention=NAMING)


class BoxSession(BoxBase):
    """A session as the box knows it: its manifest, and whether it admits ballots."""

    __tablename__ = "box_session"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    session: Mapped[str] = mapped_column(String(SESSION_SYMBOLS), primary_key=True)
    manifest: Mapped[bytes] = mapped_column(LargeBinary)
    admission: Mapped[Admission] = mapped_column(values_of(Admission))


class Ballot(BoxBase):
    """A ballot in a box: the parts of its entry (protocol §4.7) under its leaf hash."""

    __tablename__ = "ballot"
    # WITHOUT ROWID: rows stand in order of digest, and no row number tells when one was written.
    __table_args__ = (
        UniqueConstraint("session", "box", "ballot_key", name="uq_ballot_key"),
        {"sqlite_with_rowid": False},
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_SIZE), primary_key=True)
    session: Mapped[str] = mapped_column(String(SESSION_SYMBOLS))
    box: Mapped[int] = mapped_column(Integer)
    ballot_key: Mapped[bytes] = mapped_column(LargeBinary(KEY_SIZE))
    tokens: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary(SIGNATURE_SIZE))


_SESSION: Final = cast("Table", BoxSession.__table__)
_BALLOT: Final = cast("Table", Ballot.__table__)
# FOR SHARE against `admit`'s FOR UPDATE: a ballot is either in before close, or refused.
_ADMISSIONS: Final = (
    select(_SESSION.c.session, _SESSION.c.admission)
    .where(_SESSION.c.session.in_(bindparam("sessions", expanding=True)))
    .order_by(_SESSION.c.session)
    .with_for_update(read=True)
)
_STANDING: Final = select(
    _BALLOT.c.session, _BALLOT.c.box, _BALLOT.c.ballot_key, _BALLOT.c.digest
).where(
    tuple_(_BALLOT.c.session, _BALLOT.c.box, _BALLOT.c.ballot_key).in_(
        bindparam("keys", expanding=True)
    )
)

Standing: TypeAlias = dict[tuple[BoxNumber, BallotKey], LeafHash]
"""The ballots of a session, by box and ballot key."""


class _Repeated(Enum):
    """Not a refusal: the same ballots stand already."""

    REPEATED = "repeated"


@dataclass(frozen=True)
class Cast:
    """The verified ballots of one voter, all or none."""

    session: SessionId
    ballots: tuple[CastBallot, ...]


class BallotBox:
    """The ballots of all sessions. Methods that take a `Session` are part of its transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._casts: Writer[Cast, None] = Writer(self._apply, name="box")

    def set_up(self, session: SessionId, *, manifest: bytes) -> None:
        """A frozen session, before voting; the same manifest again changes nothing."""
        with self.database.write() as tx:
            tx.merge(BoxSession(session=session, manifest=manifest, admission=Admission.WAITING))

    def admit(self, session: SessionId, admission: Admission) -> None:
        """Let ballots of a session in, or no more; waits for those being written."""
        with self.database.write() as tx:
            row = tx.get(BoxSession, session, with_for_update=True)
            if row is None:
                raise UnknownSession("no such session in the box")
            row.admission = admission

    def admission(self, session: SessionId) -> Admission | None:
        """Whether the box admits ballots of a session; None if it knows none of this name."""
        query = select(BoxSession.admission).where(BoxSession.session == session)
        with self.database.read() as tx:
            return tx.execute(query).scalar_one_or_none()

    def manifest(self, session: SessionId) -> bytes | None:
        """The manifest's canonical bytes, final once voting has begun; None before.

        A freeze that was cut off leaves one here that the next freeze replaces.
        """
        query = select(BoxSession.manifest).where(
            BoxSession.session == session, BoxSession.admission != Admission.WAITING
        )
        with self.database.read() as tx:
            return tx.execute(query).scalar_one_or_none()

    def cast(self, cast: Cast) -> None:
        """Keep a voter's ballots, durably, or find them kept already; raises a `Refusal`."""
        self._casts.submit(cast)

    def counts(self, session: SessionId) -> dict[int, int]:
        """How many ballots lie in each box that has any."""
        query = (
            select(Ballot.box, func.count()).where(Ballot.session == session).group_by(Ballot.box)
        )
        with self.database.read() as tx:
            return {row[0]: row[1] for row in tx.execute(query)}

    def ballots(self, session: SessionId) -> tuple[CastBallot, ...]:
        """Every ballot of a session, by leaf hash."""
        with self.database.read() as tx:
            return self._ballots(tx, session)

    def rewrite(self, session: SessionId) -> None:
        """Write a closed session's ballots anew in order of leaf hash, in one transaction.

        After it neither pages, free list, WAL nor PostgreSQL's `ctid` and `xmin` tell an order.
        """
        with self.database.write() as tx:
            rows = self._ballots(tx, session)
            tx.execute(delete(Ballot).where(Ballot.session == session))
            _insert(tx.connection(), [(session, row) for row in rows])
        self.database.compact("ballot")

    def destroy(self, session: SessionId) -> None:
        """Remove a session's ballots, and every page that held them; nothing if there are none."""
        with self.database.write() as tx:
            tx.execute(delete(Ballot).where(Ballot.session == session))
        self.database.compact("ballot")

    def close(self) -> None:
        """Finish the casts under way and let the database go."""
        self._casts.close()
        self.database.dispose()

    def _ballots(self, tx: Session, session: SessionId) -> tuple[CastBallot, ...]:
        query = (
            select(
                Ballot.box,
                Ballot.ballot_key,
                Ballot.tokens,
                Ballot.sealed,
                Ballot.signature,
            )
            .where(Ballot.session == session)
            .order_by(Ballot.digest)
        )
        return tuple(
            CastBallot(BoxNumber(box), BallotKey(key), _tokens(data), sealed, signature)
            for box, key, data, sealed, signature in tx.execute(query)
        )

    def _apply(self, casts: Sequence[Cast]) -> list[Refusal | None]:
        with self.database.write_rows() as tx:
            admissions = self._admissions(tx, {cast.session for cast in casts})
            kept = self._kept(tx, casts)
            answers: list[Refusal | None] = []
            new: list[tuple[SessionId, CastBallot]] = []
            for cast in casts:
                standing = kept.setdefault(cast.session, {})
                refusal = _judge(cast, admissions.get(cast.session), standing)
                if isinstance(refusal, _Repeated):
                    answers.append(None)
                    continue
                answers.append(refusal)
                if refusal is None:
                    standing.update(((b.box, b.key), b.leaf_hash) for b in cast.ballots)
                    new.extend((cast.session, ballot) for ballot in cast.ballots)
            # In order of digest: two processes that write the same ballots wait in one order.
            _insert(tx, sorted(new, key=lambda row: row[1].leaf_hash))
        return answers

    def _admissions(self, tx: Connection, sessions: set[SessionId]) -> dict[str, Admission]:
        return {
            row.session: row.admission
            for row in tx.execute(_ADMISSIONS, {"sessions": sorted(sessions)})
        }

    def _kept(self, tx: Connection, casts: Sequence[Cast]) -> dict[SessionId, Standing]:
        """What already stands under the ballot keys of these casts."""
        keys = [(cast.session, b.box, b.key) for cast in casts for b in cast.ballots]
        kept: dict[SessionId, Standing] = {}
        for start in range(0, len(keys), KEYS_PER_QUERY):
            found = tx.execute(_STANDING, {"keys": keys[start : start + KEYS_PER_QUERY]})
            for session, box, key, digest in found:
                place = (BoxNumber(box), BallotKey(key))
                kept.setdefault(SessionId(session), {})[place] = LeafHash(digest)
        return kept


def _judge(
    cast: Cast, admission: Admission | None, standing: Standing
) -> Refusal | _Repeated | None:
    """The refusal that these ballots meet, in the order of protocol §3 step 6.

    A repetition is answered after close too: the voter may have lost the first answer.
    """
    try:
        if is_repetition(cast.ballots, standing):
            return _Repeated.REPEATED
        used = None
    except KeyUsed as refusal:
        used = refusal
    return refusal_of(admission) or used


def _insert(tx: Connection, rows: Iterable[tuple[SessionId, CastBallot]]) -> None:
    values: list[dict[str, Any]] = [
        {
            "digest": ballot.leaf_hash,
            "session": session,
            "box": ballot.box,
            "ballot_key": ballot.key,
            "tokens": b"".join(map(bytes, ballot.tokens)),
            "sealed": ballot.sealed,
            "signature": ballot.signature,
        }
        for session, ballot in rows
    ]
    if values:
        tx.execute(_BALLOT.insert(), values)


def _tokens(data: bytes) -> tuple[Token, ...]:
    return tuple(
        Token(data[at : at + PREFIX_SIZE], data[at + PREFIX_SIZE : at + tokens.SIZE])
        for at in range(0, len(data), tokens.SIZE)
    )
