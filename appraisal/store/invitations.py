"""Which services a signer or witness has invited, each known by the hash of its secret."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.store.database import Database
from appraisal.store.registry import RegistryBase

NAME_LENGTH: Final = 100
_HASH_SIZE: Final = 32


class InvitationRow(RegistryBase):
    """An invited service, and SHA-256 of what it shows; whoever alters it invites another."""

    __tablename__ = "invitation"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(_HASH_SIZE), unique=True)


class Invitations:
    """The services invited so far. Safe to use from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def invite(self, name: str, *, secret: str) -> None:
        """Invite a service; a secret that it had before is good no more."""
        with self._database.write() as tx:
            tx.merge(InvitationRow(name=name, secret_hash=_hash(secret)))

    def invited(self, secret: str) -> str | None:
        """The name of the service that this secret was made for; None if it is nobody's.

        Every invitation is compared, each in constant time.
        """
        shown, found = _hash(secret), None
        with self._database.read() as tx:
            rows = tx.execute(select(InvitationRow)).scalars().all()
        for row in rows:
            if hmac.compare_digest(row.secret_hash, shown):
                found = row.name
        return found


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
