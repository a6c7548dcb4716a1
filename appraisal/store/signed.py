"""The sessions that this installation signs for as a further signer.

A slip has fewer states with it than with the registrar: it is active from its printing on, since
which slips are handed out is the registrar's business, and nothing becomes void.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import LargeBinary, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from appraisal.manifest import SESSION_SYMBOLS, SessionId
from appraisal.store.database import Database
from appraisal.store.registry import RegistryBase, Slip, SlipState

NAME_LENGTH: Final = 100


class SignedSessionRow(RegistryBase):
    """A session that an invited service brought, and its manifest once that is fixed."""

    __tablename__ = "signed_session"

    session: Mapped[str] = mapped_column(String(SESSION_SYMBOLS), primary_key=True)
    invited: Mapped[str] = mapped_column(String(NAME_LENGTH))
    manifest: Mapped[bytes | None] = mapped_column(LargeBinary)


class SignedSessions:
    """The signed sessions. Methods that take a `Session` are part of its transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, session: SessionId) -> SignedSessionRow | None:
        """A session, apart from any transaction; None if no service brought it."""
        with self.database.read() as tx:
            return tx.get(SignedSessionRow, session)

    def manifest(self, session: SessionId) -> bytes | None:
        """The manifest's canonical bytes; None before it is fixed."""
        row = self.get(session)
        return None if row is None else row.manifest

    def keep(
        self, tx: Session, session: SessionId, *, invited: str, manifest: bytes | None = None
    ) -> None:
        """Whose session this is, and its manifest if it is fixed now."""
        tx.merge(SignedSessionRow(session=session, invited=invited, manifest=manifest))

    def print(
        self, tx: Session, session: SessionId, *, voter_class: int, hashes: Sequence[bytes]
    ) -> None:
        """The slips of a class, in place of those it had; serials in order of hash tell nothing."""
        tx.execute(delete(Slip).where(Slip.session == session, Slip.voter_class == voter_class))
        rows: list[dict[str, Any]] = [
            {
                "hash": slip,
                "session": session,
                "voter_class": voter_class,
                "serial": serial,
                "state": SlipState.ACTIVE,
                "request_hash": None,
            }
            for serial, slip in enumerate(sorted(hashes), start=1)
        ]
        tx.execute(insert(Slip), rows)

    def printed(self, session: SessionId) -> dict[int, int]:
        """How many slips each class has; a class without any is not in it."""
        query = (
            select(Slip.voter_class, func.count())
            .where(Slip.session == session)
            .group_by(Slip.voter_class)
        )
        with self.database.read() as tx:
            return {row[0]: row[1] for row in tx.execute(query)}
