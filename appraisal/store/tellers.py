"""The tellers 监票人 of each session: their links, opening keys and decryption factors.

A link is known by the hash of its secret. Factors are 32 bytes a ballot, one after the other, all
zero where a share does not open. No row has a time. Whoever alters them can keep a session from
being opened, or have ballots counted as spoilt; the audit record shows that (protocol §6, 12).

Every function is part of a transaction that holds the session's row (`Office.hold`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from appraisal.manifest import KEY_SIZE, SESSION_SYMBOLS, SessionId
from appraisal.store.registry import HASH_SIZE, RegistryBase

NAME_LENGTH: Final = 100


class TellerRow(RegistryBase):
    """A teller by number; `link`, `key` and `factors` come one after the other."""

    __tablename__ = "teller"
    __table_args__ = (UniqueConstraint("session", "key"), {"sqlite_with_rowid": False})

    session: Mapped[str] = mapped_column(
        String(SESSION_SYMBOLS), ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    link: Mapped[bytes | None] = mapped_column(LargeBinary(HASH_SIZE), unique=True)
    key: Mapped[bytes | None] = mapped_column(LargeBinary(KEY_SIZE))
    factors: Mapped[bytes | None] = mapped_column(LargeBinary)


def of_session(tx: Session, session: SessionId) -> tuple[TellerRow, ...]:
    """Those that were ever invited, by number; their factors are loaded when asked for."""
    query = (
        select(TellerRow)
        .options(defer(TellerRow.factors))
        .where(TellerRow.session == session)
        .order_by(TellerRow.number)
    )
    return tuple(tx.execute(query).scalars())


def with_link(tx: Session, session: SessionId, link: bytes) -> TellerRow | None:
    """The teller of this session whose link has this hash, if it is nobody's old one."""
    query = select(TellerRow).where(TellerRow.session == session, TellerRow.link == link)
    return tx.execute(query).scalar_one_or_none()


def handed_in(tx: Session, session: SessionId) -> tuple[int, ...]:
    """The numbers of the tellers whose factors are there, in order."""
    query = (
        select(TellerRow.number)
        .where(TellerRow.session == session, TellerRow.factors.is_not(None))
        .order_by(TellerRow.number)
    )
    return tuple(tx.execute(query).scalars())


def factors_of(tx: Session, session: SessionId) -> dict[int, bytes]:
    """The factors of each teller who handed them in, by number."""
    query = (
        select(TellerRow.number, TellerRow.factors)
        .where(TellerRow.session == session, TellerRow.factors.is_not(None))
        .order_by(TellerRow.number)
    )
    return {number: factors for number, factors in tx.execute(query) if factors is not None}


def invite(
    tx: Session, session: SessionId, *, number: int, name: str, link: bytes, forget_key: bool
) -> None:
    """Give a teller a new link in place of the old; with `forget_key` the key goes too."""
    row = tx.get(TellerRow, (session, number))
    if row is None:
        tx.add(TellerRow(session=session, number=number, name=name, link=link))
        return
    row.name, row.link = name, link
    if forget_key:
        row.key = None


def keep_only(tx: Session, session: SessionId, names: Sequence[str]) -> None:
    """Forget whoever does not stand under the own number in `names` any more."""
    for row in of_session(tx, session):
        if row.number >= len(names) or names[row.number] != row.name:
            tx.delete(row)


def forget_keys(tx: Session, session: SessionId) -> int:
    """Forget the keys of all, whose links stay good; how many keys there were."""
    kept = [row for row in of_session(tx, session) if row.key is not None]
    for row in kept:
        row.key = None
    return len(kept)


def enter(tx: Session, session: SessionId, *, number: int, name: str) -> None:
    """Know of a teller who was never invited: the custodian."""
    if tx.get(TellerRow, (session, number)) is None:
        tx.add(TellerRow(session=session, number=number, name=name))
        tx.flush()


def set_factors(tx: Session, session: SessionId, *, number: int, factors: bytes) -> None:
    """Keep a teller's factors in place of what was there."""
    tx.execute(
        update(TellerRow)
        .where(TellerRow.session == session, TellerRow.number == number)
        .values(factors=factors)
        .execution_options(synchronize_session=False)
    )


def keep_factors(tx: Session, session: SessionId, factors: Mapping[int, bytes]) -> None:
    """After the opening these stay, by number, and no others; that they were there is known."""
    tx.execute(
        update(TellerRow)
        .where(TellerRow.session == session, TellerRow.factors.is_not(None))
        .values(factors=b"")
        .execution_options(synchronize_session=False)
    )
    for number, kept in factors.items():
        set_factors(tx, session, number=number, factors=kept)
