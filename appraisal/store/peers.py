"""The peers 对等机构 that an office has enrolled: where each is, and what to show it.

A secret is encrypted under a key of the key folder: whoever reads the database alone can ask no
peer for anything. Whoever alters a row sends the service to another peer; a frozen session names
the keys of its own and takes no other's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import Boolean, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.errors import CryptoError
from appraisal.manifest import KEY_SIZE
from appraisal.store.database import Database
from appraisal.store.registry import RegistryBase

URL_LENGTH: Final = 200
NAME_LENGTH: Final = 100
_NONCE_SIZE: Final = 12


class PeerRow(RegistryBase):
    """An enrolled peer: address, name, secret (encrypted), whether it signs, its witness key."""

    __tablename__ = "peer"

    url: Mapped[str] = mapped_column(String(URL_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    signs: Mapped[bool] = mapped_column(Boolean)
    witness_name: Mapped[str] = mapped_column(String(URL_LENGTH))
    witness_key: Mapped[bytes] = mapped_column(LargeBinary(KEY_SIZE))


@dataclass(frozen=True)
class Peer:
    """A peer: address, name, secret, whether it signs; its witness name and key (32 bytes)."""

    url: str
    name: str
    secret: str
    signs: bool
    witness_name: str
    witness_key: bytes


class Peers:
    """The enrolled peers by address; `key` (32 bytes) opens their secrets."""

    def __init__(self, database: Database, *, key: bytes, rng: Callable[[int], bytes]) -> None:
        self._database = database
        self._cipher = ChaCha20Poly1305(key)
        self._rng = rng

    def keep(self, peer: Peer) -> None:
        """Keep a peer, in place of an earlier one at its address."""
        nonce = self._rng(_NONCE_SIZE)
        # The address is bound in: no secret can be moved to where another peer would see it.
        sealed = self._cipher.encrypt(nonce, peer.secret.encode(), peer.url.encode())
        with self._database.write() as tx:
            tx.merge(
                PeerRow(
                    url=peer.url,
                    name=peer.name,
                    secret=nonce + sealed,
                    signs=peer.signs,
                    witness_name=peer.witness_name,
                    witness_key=peer.witness_key,
                )
            )

    def get(self, url: str) -> Peer | None:
        """The peer at an address; None if none was enrolled."""
        with self._database.read() as tx:
            row = tx.get(PeerRow, url)
        return None if row is None else self._opened(row)

    def all(self) -> tuple[Peer, ...]:
        """Every peer, by name."""
        with self._database.read() as tx:
            rows = tx.execute(select(PeerRow).order_by(PeerRow.name, PeerRow.url)).scalars().all()
        return tuple(self._opened(row) for row in rows)

    def witness_names(self) -> dict[tuple[str, bytes], str]:
        """What every peer is called, by the name and the key of its cosignatures; no secrets."""
        asked = select(PeerRow.witness_name, PeerRow.witness_key, PeerRow.name)
        with self._database.read() as tx:
            return {(name, key): known for name, key, known in tx.execute(asked)}

    def remove(self, url: str) -> None:
        """Forget a peer."""
        with self._database.write() as tx:
            tx.execute(delete(PeerRow).where(PeerRow.url == url))

    def _opened(self, row: PeerRow) -> Peer:
        nonce, sealed = row.secret[:_NONCE_SIZE], row.secret[_NONCE_SIZE:]
        try:
            secret = self._cipher.decrypt(nonce, sealed, row.url.encode()).decode()
        except InvalidTag:
            raise CryptoError(f"the secret of {row.url} does not open with this key") from None
        return Peer(
            url=row.url,
            name=row.name,
            secret=secret,
            signs=row.signs,
            witness_name=row.witness_name,
            witness_key=row.witness_key,
        )
